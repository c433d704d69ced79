"""A camera that gives frames at its own pace: a thread reads them all and keeps the newest."""

import logging
import threading
from collections.abc import Callable

import cv2

from hardware.desktop.capture import Capture
from hardware.desktop.grey import to_grey
from hardware.errors import CameraFault
from hardware.interfaces import Frame

_FIRST_RETRY_S = 0.5
_LAST_RETRY_S = 10.0

_log = logging.getLogger(__name__)


class LiveCamera:
    def __init__(
        self,
        name: str,
        *,
        open_capture: Callable[[], Capture],
        boot_ms: Callable[[], int],
        first_retry_s: float = _FIRST_RETRY_S,
    ) -> None:
        self._name = name
        self._open_capture = open_capture
        self._boot_ms = boot_ms
        self._first_retry_s = first_retry_s
        self._newest: Frame | None = None
        self._arrived = threading.Condition()
        self._stop = threading.Event()
        # A daemon, for a read from a dead host may outlive the process's wish to end.
        self._reader = threading.Thread(target=self._read_for_ever, name="camera", daemon=True)
        self._reader.start()

    def frame(self, timeout_s: float) -> Frame:
        self._check_open()
        with self._arrived:
            self._arrived.wait_for(lambda: self._newest is not None, timeout_s)
            frame, self._newest = self._newest, None
        if frame is None:
            raise CameraFault(
                f"{self._name} gave no frame within {timeout_s:g} s",
                hint="check the cable or the address, and that no other program uses the camera",
            )
        return frame

    def describe(self) -> str:
        self._check_open()
        return self._name

    def close(self) -> None:
        self._stop.set()
        self._reader.join(timeout=2)

    def _read_for_ever(self) -> None:
        retry_s = self._first_retry_s
        while not self._stop.is_set():
            if self._read_until_lost():
                retry_s = self._first_retry_s
            self._stop.wait(retry_s)
            retry_s = min(2 * retry_s, _LAST_RETRY_S)

    def _read_until_lost(self) -> bool:
        """Return whether any frame came."""
        seen = False
        capture = self._open_capture()
        try:
            while not self._stop.is_set() and self._read_one(capture):
                if not seen:
                    _log.info("camera %s gives frames", self._name)
                seen = True
        finally:
            capture.release()
        if seen and not self._stop.is_set():
            _log.warning("camera %s lost; trying again", self._name)
        return seen

    def _read_one(self, capture: Capture) -> bool:
        try:
            if not capture.isOpened():
                return False
            good, image = capture.read()
            frame = Frame(grey=to_grey(image), boot_ms=self._boot_ms()) if good else None
        except cv2.error:
            return False
        if frame is None:
            return False
        with self._arrived:
            self._newest = frame
            self._arrived.notify()
        return True

    def _check_open(self) -> None:
        if self._stop.is_set():
            raise CameraFault("the camera is closed", hint="restart the kiosk")
