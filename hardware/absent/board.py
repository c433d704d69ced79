"""A board that has no identity and no sensors."""

from hardware.errors import BoardFault
from hardware.interfaces import BoardReading


class AbsentBoard:
    def __init__(self) -> None:
        self._closed = False

    def serial(self) -> str:
        self._check_open()
        return ""

    def read(self) -> BoardReading:
        self._check_open()
        return BoardReading(temperature_c=None, under_voltage=None)

    def describe(self) -> str:
        self._check_open()
        return "absent"

    def close(self) -> None:
        self._closed = True

    def _check_open(self) -> None:
        if self._closed:
            raise BoardFault("the board is closed", hint="restart the kiosk")
