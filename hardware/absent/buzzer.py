"""No buzzer fitted. A tone that no buzzer could play is still refused."""

from hardware.errors import BuzzerFault
from hardware.interfaces import HIGHEST_TONE_HZ, LOWEST_TONE_HZ


class AbsentBuzzer:
    def __init__(self) -> None:
        self._closed = False

    def sound(self, frequency_hz: int | None) -> None:
        self._check_open()
        if frequency_hz is not None and not LOWEST_TONE_HZ <= frequency_hz <= HIGHEST_TONE_HZ:
            raise BuzzerFault(
                f"{frequency_hz} Hz is out of range",
                hint=f"use {LOWEST_TONE_HZ} to {HIGHEST_TONE_HZ} Hz",
            )

    def describe(self) -> str:
        self._check_open()
        return "absent"

    def close(self) -> None:
        self._closed = True

    def _check_open(self) -> None:
        if self._closed:
            raise BuzzerFault("the buzzer is closed", hint="restart the kiosk")
