"""A buzzer that remembers what it was asked to play."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from hardware.errors import BuzzerFault
from hardware.interfaces import HIGHEST_TONE_HZ, LOWEST_TONE_HZ

_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class BuzzerRecord:
    boot_ms: int
    frequency_hz: int | None


class SimulatedBuzzer:
    """Set `fault` to have every call to `sound` fail with it."""

    def __init__(self, *, boot_ms: Callable[[], int]) -> None:
        self.fault: BuzzerFault | None = None
        self._boot_ms = boot_ms
        self._closed = False
        self._records: deque[BuzzerRecord] = deque(maxlen=_REMEMBERED)

    @property
    def records(self) -> list[BuzzerRecord]:
        """Every call to `sound`, oldest first, silence too."""
        return list(self._records)

    def sound(self, frequency_hz: int | None) -> None:
        self._check_open()
        if self.fault is not None:
            raise self.fault
        if frequency_hz is not None and not LOWEST_TONE_HZ <= frequency_hz <= HIGHEST_TONE_HZ:
            raise BuzzerFault(
                f"{frequency_hz} Hz is out of range",
                hint=f"use {LOWEST_TONE_HZ} to {HIGHEST_TONE_HZ} Hz",
            )
        self._records.append(BuzzerRecord(self._boot_ms(), frequency_hz))

    def describe(self) -> str:
        self._check_open()
        return "simulated"

    def close(self) -> None:
        self._closed = True

    def _check_open(self) -> None:
        if self._closed:
            raise BuzzerFault("the buzzer is closed", hint="restart the kiosk")
