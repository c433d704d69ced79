"""Whether lamp and buzzer can be switched."""

from collections.abc import Callable

from kiosk.health.finding import Finding
from sync.wire.batch import State

_ADVICE = "check the lamp's and the buzzer's plugs against the wiring drawing"


class LampCheck:
    def __init__(self, is_faulty: Callable[[], bool]) -> None:
        self._is_faulty = is_faulty

    def find(self) -> Finding:
        if self._is_faulty():
            return Finding("lamp", State.BAD, "the lamp or the buzzer fails", _ADVICE)
        return Finding("lamp", State.OK, "lamp and buzzer answer")
