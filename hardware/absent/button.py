"""No button fitted: nobody ever presses it."""

from collections.abc import Callable

from hardware.errors import ButtonFault


class AbsentButton:
    def __init__(self) -> None:
        self._closed = False

    def when_pressed(self, callback: Callable[[int], None]) -> None:
        del callback
        self._check_open()

    def describe(self) -> str:
        self._check_open()
        return "absent"

    def close(self) -> None:
        self._closed = True

    def _check_open(self) -> None:
        if self._closed:
            raise ButtonFault("the button is closed", hint="restart the kiosk")
