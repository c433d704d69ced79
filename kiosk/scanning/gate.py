"""The motion gate: a still scene is not decoded."""

import cv2
import numpy as np

from hardware.interfaces import Frame, GreyImage

# ../shared/data/qr/README.md: between frames made small with INTER_AREA, a still scene changes
# 0.000 % of its pixels by more than 12, a phone coming in 3.5 % or more. INTER_LINEAR is too
# noisy in the dark.
SMALL_SIZE = (160, 120)
CHANGED_BY = 12
CHANGED_SHARE = 0.005

LINGER_MS = 3_000
"""How long after the last movement or code the door goes on reading: a phone is held still."""

PATROL_MS = 2_000
"""One frame is read so often even in a still scene: a code may lie before the camera already."""


class MotionGate:
    def __init__(
        self,
        *,
        changed_share: float = CHANGED_SHARE,
        linger_ms: int = LINGER_MS,
        patrol_ms: int = PATROL_MS,
    ) -> None:
        self._changed_share = changed_share
        self._linger_ms = linger_ms
        self._patrol_ms = patrol_ms
        self._before: GreyImage | None = None
        self._before_ms = 0
        self._awake_until_ms = 0
        self._looked_ms = 0
        self.motion = 1.0
        """Share of the last frame's pixels that had changed, 0 to 1."""

    def opens(self, frame: Frame) -> bool:
        """Say whether this frame is worth decoding."""
        self.motion = self._changed(frame)
        if self.motion >= self._changed_share:
            self.keep_open(frame.boot_ms)
        patrol = frame.boot_ms - self._looked_ms >= self._patrol_ms
        if frame.boot_ms > self._awake_until_ms and not patrol:
            return False
        self._looked_ms = frame.boot_ms
        return True

    def keep_open(self, boot_ms: int) -> None:
        """Go on decoding for a while: something moved, or a code is in view."""
        self._awake_until_ms = boot_ms + self._linger_ms

    def _changed(self, frame: Frame) -> float:
        if not frame.grey.size:
            return 0.0
        small = cv2.resize(frame.grey, SMALL_SIZE, interpolation=cv2.INTER_AREA)
        before = self._before
        if before is None:
            self._remember(small, frame.boot_ms)
            return 1.0
        far = cv2.threshold(cv2.absdiff(small, before), CHANGED_BY, 1, cv2.THRESH_BINARY)[1]
        share = cv2.countNonZero(far) / small.size
        # Against a picture up to a second old, so that a hand cannot creep in unseen.
        if share >= self._changed_share or frame.boot_ms - self._before_ms >= 1_000:
            self._remember(small, frame.boot_ms)
        return share

    def _remember(self, small: object, boot_ms: int) -> None:
        self._before = np.asarray(small, dtype=np.uint8)
        self._before_ms = boot_ms
