"""No camera fitted: a door without eyes is a fault, never an empty picture."""

from typing import NoReturn

from hardware.errors import CameraFault


class AbsentCamera:
    def __init__(self) -> None:
        self._closed = False

    def frame(self, timeout_s: float) -> NoReturn:
        del timeout_s  # waiting would not bring a camera
        raise CameraFault(
            "no camera is fitted",
            hint="connect a camera and name its driver in the configuration",
        )

    def describe(self) -> str:
        if self._closed:
            raise CameraFault("the camera is closed", hint="restart the kiosk")
        return "absent"

    def close(self) -> None:
        self._closed = True
