"""A button that a test or a demonstration presses."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from hardware.errors import ButtonFault

_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class PressRecord:
    boot_ms: int
    answered: bool


class SimulatedButton:
    def __init__(self, *, boot_ms: Callable[[], int]) -> None:
        self._boot_ms = boot_ms
        self._closed = False
        self._callback: Callable[[int], None] | None = None
        self._records: deque[PressRecord] = deque(maxlen=_REMEMBERED)

    @property
    def records(self) -> list[PressRecord]:
        """Every press, oldest first, and whether anybody was listening."""
        return list(self._records)

    def press(self) -> None:
        """Press and let go; the callback is called in this thread before this returns."""
        self._check_open()
        now_ms = self._boot_ms()
        self._records.append(PressRecord(now_ms, answered=self._callback is not None))
        if self._callback is not None:
            self._callback(now_ms)

    def when_pressed(self, callback: Callable[[int], None]) -> None:
        self._check_open()
        self._callback = callback

    def describe(self) -> str:
        self._check_open()
        return "simulated"

    def close(self) -> None:
        self._closed = True

    def _check_open(self) -> None:
        if self._closed:
            raise ButtonFault("the button is closed", hint="restart the kiosk")
