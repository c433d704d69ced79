"""Whether the time is known well enough to judge passes."""

from collections.abc import Callable

from kiosk.errors import JournalFault
from kiosk.health.finding import Finding
from kiosk.instants import Interval
from sync.wire.batch import State

# A rotating pass counts as a static one where the time is known worse than this.
GOOD_MS = 120_000
_ADVICE = "give the kiosk a network once, or fit a real-time clock with a battery"


class ClockCheck:
    def __init__(self, now: Callable[[], Interval]) -> None:
        self._now = now

    def find(self) -> Finding:
        try:
            width_ms = self._now().width_ms
        except JournalFault as fault:
            return Finding("clock_width_ms", State.UNKNOWN, str(fault), fault.hint)
        if width_ms is None:
            return Finding("clock_width_ms", State.BAD, "the time is not known", _ADVICE)
        said = f"the time is known to ±{width_ms / 2000:.1f} s"
        if width_ms > GOOD_MS:
            return Finding("clock_width_ms", State.BAD, said, _ADVICE, width_ms)
        return Finding("clock_width_ms", State.OK, said, value=width_ms)
