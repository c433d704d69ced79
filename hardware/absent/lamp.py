"""No lamp fitted."""

from hardware.errors import LampFault


class AbsentLamp:
    def __init__(self) -> None:
        self._closed = False

    def show(self, *, red: bool, green: bool, caption: str) -> None:
        del red, green, caption
        self._check_open()

    def describe(self) -> str:
        self._check_open()
        return "absent"

    def close(self) -> None:
        self._closed = True

    def _check_open(self) -> None:
        if self._closed:
            raise LampFault("the lamp is closed", hint="restart the kiosk")
