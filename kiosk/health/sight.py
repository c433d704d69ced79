"""What is wrong with what the camera sees: judged twice a second, on a small copy of the frame."""

import cv2
import numpy as np

from hardware.errors import CameraFault
from hardware.interfaces import Frame, GreyImage
from kiosk.health.background import Background
from kiosk.health.focus import Focus
from kiosk.health.picture import Picture, measure
from kiosk.health.sharpness import halved, sharpness
from kiosk.health.view import ADVICE, BLIND, SAID, View

LOOK_EVERY_MS = 500
FOCUS_EVERY_MS = 1_500
FROZEN_AFTER_MS = 5_000
REOPEN_EVERY_MS = 30_000
"""A driver that is stuck is often mended by opening the camera anew."""

HOLD_MS = {
    View.CLEAR: 1_000,
    View.FROZEN: 0,
    View.DARK: 4_000,
    View.OVEREXPOSED: 4_000,
    View.BLOCKED: 6_000,
    View.BLURRED: 4_000,
    View.MOVED: 6_000,
}
"""How long it must last before it is believed; a sleeve before the lens is nobody's fault."""

# Between looks further apart nothing is known: what was about to be believed begins anew.
_GAP_MS = 3_000
# As the motion gate has it: what changes less is noise.
_CHANGED_BY, _CHANGED_SHARE = 12, 0.005
# Each is believed past the first figure and given up past the second.
_DARK_BRIGHTEST = (24, 32)
_WHITE_SHARE = (0.7, 0.6)
# Walls and tape measured 0 to 0.012 for light of any kind, 539 photographs 0.03 at least.
_TEXTURE_SHARE = (0.015, 0.025)
_OTHER_LIKENESS = (0.4, 0.55)
# Blurring leaves 0.9 and more of the likeness; a phone at the edge of the picture does not.
_SAME_LIKENESS = 0.7


class Sight:
    """`view` is None until enough has been seen; `is_blind` says that nobody can be read."""

    def __init__(self) -> None:
        self.view: View | None = None
        self.is_blind = False
        self.looked_boot_ms: int | None = None
        self._background = Background()
        self._focus = Focus()
        self._before: Picture | None = None
        self._still_since_ms = 0
        self._frame_before: GreyImage | None = None
        self._same_since_ms = 0
        self._pending: View | None = None
        self._pending_since_ms = 0
        self._focus_due_ms = 0
        self._is_blurred: bool | None = None
        self._reopened_ms: int | None = None

    def judge(self, frame: Frame) -> str:
        """Return what keeps everybody from being read; empty where nothing does.

        Raises:
            CameraFault: the camera should be opened anew.
        """
        now_ms = frame.boot_ms
        if frame.grey.size and self._is_due(now_ms):
            picture = measure(frame.grey)
            self._note_changes(frame, picture)
            self._settle(self._symptom(frame, picture), now_ms)
            self._before, self.looked_boot_ms = picture, now_ms
            self.is_blind = self.view in BLIND or self._is_blinded(picture)
            self._reopen_if_frozen(now_ms)
        return self._why_blind()

    def _is_due(self, now_ms: int) -> bool:
        if self.looked_boot_ms is None:
            return True
        since_ms = now_ms - self.looked_boot_ms
        if since_ms > _GAP_MS:
            self._pending, self._before = None, None
        return since_ms >= LOOK_EVERY_MS

    def _note_changes(self, frame: Frame, picture: Picture) -> None:
        if self._frame_before is None or not np.array_equal(frame.grey, self._frame_before):
            self._same_since_ms = frame.boot_ms
        self._frame_before = frame.grey
        if not self._is_still(picture):
            self._still_since_ms = frame.boot_ms

    def _is_still(self, picture: Picture) -> bool:
        if self._before is None:
            return False
        far = cv2.threshold(
            cv2.absdiff(picture.small, self._before.small), _CHANGED_BY, 1, cv2.THRESH_BINARY
        )[1]
        return cv2.countNonZero(far) < _CHANGED_SHARE * picture.small.size

    def _symptom(self, frame: Frame, picture: Picture) -> View | None:
        """Return what this picture looks like; None where it tells nothing."""
        # A sensor in the dark or in the sun gives the same picture again though it works.
        if picture.brightest < self._limit(View.DARK, _DARK_BRIGHTEST):
            return View.DARK
        if picture.white_share > self._limit(View.OVEREXPOSED, _WHITE_SHARE):
            return View.OVEREXPOSED
        if frame.boot_ms - self._same_since_ms > FROZEN_AFTER_MS:
            return View.FROZEN
        if picture.texture_share < self._limit(View.BLOCKED, _TEXTURE_SHARE):
            return View.BLOCKED
        return self._symptom_of_the_scene(frame, picture)

    def _symptom_of_the_scene(self, frame: Frame, picture: Picture) -> View | None:
        """Compare with the background, which only a still picture shows."""
        if self._still_since_ms == frame.boot_ms:
            return None if self.view in {View.MOVED, View.BLURRED} else View.CLEAR
        like = self._background.likeness(picture)
        if like is not None and like < self._limit(View.MOVED, _OTHER_LIKENESS):
            return self._symptom_of_another_place(picture, frame.boot_ms)
        if like is not None and like >= _SAME_LIKENESS and self._looks_blurred(frame):
            return View.BLURRED
        self._background.learn(picture, self._still_since_ms, frame.boot_ms)
        return View.CLEAR

    def _symptom_of_another_place(self, picture: Picture, now_ms: int) -> View:
        if self.view is View.MOVED and self._background.is_accepted(picture, now_ms):
            self._focus.forget()
            return View.CLEAR
        return View.MOVED

    def _looks_blurred(self, frame: Frame) -> bool:
        if frame.boot_ms >= self._focus_due_ms:
            self._focus_due_ms = frame.boot_ms + FOCUS_EVERY_MS
            seen = sharpness(halved(frame.grey))
            self._is_blurred = self._focus.is_lost(seen, frame.boot_ms)
        return bool(self._is_blurred)

    def _limit(self, view: View, limits: tuple[float, float]) -> float:
        return limits[1] if self.view is view else limits[0]

    def _settle(self, symptom: View | None, now_ms: int) -> None:
        if symptom is None or symptom is self.view:
            self._pending = None
            return
        if symptom is not self._pending:
            self._pending, self._pending_since_ms = symptom, now_ms
        if now_ms - self._pending_since_ms >= HOLD_MS[symptom]:
            self.view, self._pending = symptom, None

    def _is_blinded(self, picture: Picture) -> bool:
        is_empty = picture.texture_share < _TEXTURE_SHARE[0]
        return self.view is View.OVEREXPOSED and is_empty

    def _why_blind(self) -> str:
        return SAID[self.view] if self.is_blind and self.view is not None else ""

    def _reopen_if_frozen(self, now_ms: int) -> None:
        if self.view is not View.FROZEN:
            self._reopened_ms = None
        elif self._reopened_ms is None or now_ms - self._reopened_ms >= REOPEN_EVERY_MS:
            self._reopened_ms = now_ms
            raise CameraFault(SAID[View.FROZEN], hint=ADVICE[View.FROZEN])
