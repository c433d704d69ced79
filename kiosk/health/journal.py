"""Whether visits are kept, and how many wait to be sent."""

from collections.abc import Callable

from kiosk.errors import JournalFault
from kiosk.health.finding import Finding
from sync.wire.batch import State


class JournalCheck:
    def __init__(self, backlog: Callable[[], int]) -> None:
        self._backlog = backlog

    def find(self) -> Finding:
        try:
            waiting = self._backlog()
        except JournalFault as fault:
            return Finding("backlog_entries", State.BAD, str(fault), fault.hint)
        said = f"the journal answers; {waiting} entries wait to be sent"
        return Finding("backlog_entries", State.OK, said, value=waiting)
