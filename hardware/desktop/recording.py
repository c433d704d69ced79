"""A video file played in real time: what comes too fast for the door is dropped."""

import math
from collections.abc import Callable
from pathlib import Path

import cv2

from hardware.desktop.grey import to_grey
from hardware.errors import CameraExhausted, CameraFault
from hardware.interfaces import Frame

_USUAL_FPS = 25.0


class RecordingCamera:
    """The recording starts with the first frame that is asked for."""

    def __init__(
        self, path: Path, *, boot_ms: Callable[[], int], sleep: Callable[[float], None]
    ) -> None:
        self._path = path
        self._boot_ms = boot_ms
        self._sleep = sleep
        self._closed = False
        self._started_ms: int | None = None
        self._grabbed = 0
        self._capture = cv2.VideoCapture(str(path))
        if not self._capture.isOpened():
            raise CameraFault(
                f"{path} is not a video that OpenCV can play", hint="convert it to MJPEG or H.264"
            )
        self._fps = _frame_rate(self._capture.get(cv2.CAP_PROP_FPS))

    def frame(self, timeout_s: float) -> Frame:
        self._check_open()
        if self._started_ms is None:
            self._started_ms = self._boot_ms()
        self._wait_for_next(self._started_ms, timeout_s)
        now_ms = self._boot_ms()
        due = int((now_ms - self._started_ms) * self._fps / 1000) + 1
        while self._grabbed < due:
            self._grab()
        good, image = self._capture.retrieve()
        if not good:
            raise CameraFault(
                f"a frame of {self._path} cannot be decoded", hint="convert the recording"
            )
        return Frame(grey=to_grey(image), boot_ms=now_ms)

    def describe(self) -> str:
        self._check_open()
        return f"recording {self._path}, {self._fps:g} frames/s"

    def close(self) -> None:
        self._closed = True
        self._capture.release()

    def _wait_for_next(self, started_ms: int, timeout_s: float) -> None:
        # Rounded up: a whole millisecond early would be the frame before.
        next_ms = started_ms + math.ceil(self._grabbed * 1000 / self._fps)
        wait_s = (next_ms - self._boot_ms()) / 1000
        if wait_s > timeout_s:
            self._sleep(timeout_s)
            raise CameraFault(
                f"no frame came within {timeout_s:g} s",
                hint=f"the recording has {self._fps:g} frames/s: allow more time",
            )
        if wait_s > 0:
            self._sleep(wait_s)

    def _grab(self) -> None:
        if not self._capture.grab():
            raise CameraExhausted(
                f"{self._path} has been played to its end", hint="start again to play it again"
            )
        self._grabbed += 1

    def _check_open(self) -> None:
        if self._closed:
            raise CameraFault("the camera is closed", hint="restart the kiosk")


def _frame_rate(told: float) -> float:
    return told if math.isfinite(told) and 0 < told <= 240 else _USUAL_FPS
