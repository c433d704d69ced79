"""A lamp that remembers what it showed."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from hardware.errors import LampFault

# A demonstration runs for days: the oldest are forgotten.
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class LampRecord:
    boot_ms: int
    red: bool
    green: bool
    caption: str


class SimulatedLamp:
    """Set `fault` to have every call to `show` fail with it."""

    def __init__(self, *, boot_ms: Callable[[], int]) -> None:
        self.fault: LampFault | None = None
        self._boot_ms = boot_ms
        self._closed = False
        self._records: deque[LampRecord] = deque(maxlen=_REMEMBERED)

    @property
    def records(self) -> list[LampRecord]:
        """Every call to `show`, oldest first, also when nothing changed."""
        return list(self._records)

    def show(self, *, red: bool, green: bool, caption: str) -> None:
        self._check_open()
        if self.fault is not None:
            raise self.fault
        self._records.append(LampRecord(self._boot_ms(), red, green, caption))

    def describe(self) -> str:
        self._check_open()
        return "simulated"

    def close(self) -> None:
        self._closed = True

    def _check_open(self) -> None:
        if self._closed:
            raise LampFault("the lamp is closed", hint="restart the kiosk")
