"""The camera as the door sees it: it may be missing, and come back."""

import logging
from collections.abc import Callable

from hardware.errors import CameraExhausted, CameraFault
from hardware.interfaces import Camera, Frame

logger = logging.getLogger(__name__)

FRAME_TIMEOUT_S = 2.0
_RETRY_MS = 3_000


class Eye:
    """Opens the camera when it can, and says of what it sees only: a frame, or none.

    `nap` waits a little (seconds) where there is no camera to wait for. `judge` says why nobody
    can be read in a frame, empty where somebody can; it raises CameraFault to have the camera
    opened anew.
    """

    def __init__(
        self,
        open_camera: Callable[[], Camera],
        boot_ms: Callable[[], int],
        nap: Callable[[float], object],
        judge: Callable[[Frame], str] = lambda _frame: "",
    ) -> None:
        self._open_camera = open_camera
        self._boot_ms = boot_ms
        self._nap = nap
        self._judge = judge
        self._camera: Camera | None = None
        self._retry_at_ms = 0
        self._last_fault = ""
        self.has_ended = False
        self.last_frame_boot_ms: int | None = None

    @property
    def fault(self) -> str:
        """What is wrong now; empty where good pictures come, or a recording has ended."""
        return self._last_fault

    def look(self) -> Frame | None:
        """Return the newest frame; None after a while where none comes."""
        if self.has_ended or not self._is_open():
            self._nap(0.2)
            return None
        assert self._camera is not None  # noqa: S101 (_is_open said so)
        try:
            frame = self._camera.frame(FRAME_TIMEOUT_S)
            self._last_fault = self._judge(frame)
        except CameraExhausted:
            logger.info("the recording has ended")
            self.has_ended = True
            return None
        except CameraFault as fault:
            self._fail(fault)
            return None
        self.last_frame_boot_ms = frame.boot_ms
        return frame

    def describe(self) -> str:
        return "-" if self._camera is None else self._camera.describe()

    def close(self) -> None:
        if self._camera is not None:
            self._camera.close()
            self._camera = None

    def _is_open(self) -> bool:
        if self._camera is None and self._boot_ms() >= self._retry_at_ms:
            try:
                self._camera = self._open_camera()
            except CameraFault as fault:
                self._fail(fault)
        return self._camera is not None

    def _fail(self, fault: CameraFault) -> None:
        if str(fault) != self._last_fault:
            logger.error("the camera fails: %s; %s", fault, fault.hint)
        self._last_fault = str(fault)
        self._retry_at_ms = self._boot_ms() + _RETRY_MS
        self.close()
