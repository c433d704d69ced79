"""A folder of pictures shown one after the other, as if each was held up for a second."""

import logging
from collections import deque
from collections.abc import Callable
from pathlib import Path

import cv2

from hardware.desktop.grey import to_grey
from hardware.errors import CameraExhausted, CameraFault
from hardware.interfaces import Frame, GreyImage

PICTURE_SUFFIXES = frozenset({".bmp", ".jpeg", ".jpg", ".pgm", ".png", ".tif", ".tiff", ".webp"})
SHOWN_MS = 1000
_FRAME_MS = 66
# No door camera gives more than full HD; a phone's photograph has six times as many.
_MOST_PIXELS = 1920 * 1080

_log = logging.getLogger(__name__)


class PictureCamera:
    """Shows every readable picture at least once, however slowly frames are asked for."""

    def __init__(
        self, path: Path, *, boot_ms: Callable[[], int], sleep: Callable[[float], None]
    ) -> None:
        self._path = path
        self._boot_ms = boot_ms
        self._sleep = sleep
        self._closed = False
        self._waiting = deque(_pictures(path))
        self._shown: GreyImage | None = None
        self._shown_since_ms = 0
        self._last_ms: int | None = None

    def frame(self, timeout_s: float) -> Frame:
        self._check_open()
        self._keep_pace(timeout_s)
        now_ms = self._boot_ms()
        if self._shown is None or now_ms - self._shown_since_ms >= SHOWN_MS:
            self._shown, self._shown_since_ms = self._next_picture(), now_ms
        self._last_ms = now_ms
        return Frame(grey=self._shown, boot_ms=now_ms)

    def describe(self) -> str:
        self._check_open()
        return f"pictures in {self._path}" if self._path.is_dir() else f"picture {self._path}"

    def close(self) -> None:
        self._closed = True

    def _keep_pace(self, timeout_s: float) -> None:
        if self._last_ms is None:
            return
        wait_s = (self._last_ms + _FRAME_MS - self._boot_ms()) / 1000
        if wait_s > timeout_s:
            self._sleep(timeout_s)
            raise CameraFault(
                f"no frame came within {timeout_s:g} s", hint="allow at least 0.1 s for a frame"
            )
        if wait_s > 0:
            self._sleep(wait_s)

    def _next_picture(self) -> GreyImage:
        while self._waiting:
            picture = self._waiting.popleft()
            image = cv2.imread(str(picture), cv2.IMREAD_UNCHANGED)
            if image is not None and image.size:
                return _at_most_full_hd(to_grey(image))
            _log.warning("picture %s cannot be read; skipped", picture.name)
        raise CameraExhausted(
            f"every picture of {self._path} has been shown", hint="start again to show them again"
        )

    def _check_open(self) -> None:
        if self._closed:
            raise CameraFault("the camera is closed", hint="restart the kiosk")


def _pictures(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(item for item in path.iterdir() if item.suffix.lower() in PICTURE_SUFFIXES)
    if not found:
        raise CameraFault(
            f"{path} holds no picture", hint=f"put files {' '.join(sorted(PICTURE_SUFFIXES))} in it"
        )
    return found


def _at_most_full_hd(grey: GreyImage) -> GreyImage:
    if grey.size <= _MOST_PIXELS:
        return grey
    scale = (_MOST_PIXELS / grey.size) ** 0.5
    return to_grey(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
