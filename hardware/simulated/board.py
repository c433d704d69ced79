"""A board whose identity and sensors are set by whoever holds it."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from hardware.errors import BoardFault
from hardware.interfaces import BoardReading

_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class BoardRecord:
    boot_ms: int
    reading: BoardReading


class SimulatedBoard:
    """Set `identity` and `reading` to what it shall say, `fault` to have every reading fail."""

    def __init__(self, *, boot_ms: Callable[[], int], identity: str = "simulated") -> None:
        self.identity = identity
        self.reading = BoardReading(temperature_c=45.0, under_voltage=False)
        self.fault: BoardFault | None = None
        self._boot_ms = boot_ms
        self._closed = False
        self._records: deque[BoardRecord] = deque(maxlen=_REMEMBERED)

    @property
    def records(self) -> list[BoardRecord]:
        """Every reading given, oldest first."""
        return list(self._records)

    def serial(self) -> str:
        self._check_open()
        return self.identity

    def read(self) -> BoardReading:
        self._check_open()
        if self.fault is not None:
            raise self.fault
        self._records.append(BoardRecord(self._boot_ms(), self.reading))
        return self.reading

    def describe(self) -> str:
        self._check_open()
        return "simulated"

    def close(self) -> None:
        self._closed = True

    def _check_open(self) -> None:
        if self._closed:
            raise BoardFault("the board is closed", hint="restart the kiosk")
