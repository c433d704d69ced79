"""What attendance says of days and times, in words."""

from django.utils.translation import gettext_lazy as _

from sync.hub.attendance.overview import State
from sync.hub.attendance.reckoning import Doubt, Flag, Interval
from sync.hub.attendance.sightings import MINUTE_MS
from sync.hub.web.instants import When, when
from sync.hub.web.words import Word

STATES: dict[State, Word] = {
    State.PRESENT: _("Present"),
    State.UNCERTAIN: _("Uncertain"),
    State.INCOMPLETE: _("Incomplete"),
    State.ABSENT: _("Absent"),
    State.OFF: _("Day off"),
    State.OPEN: _("Not seen yet"),
}
STATE_CLASSES = {
    State.PRESENT: "admit",
    State.UNCERTAIN: "refer",
    State.INCOMPLETE: "refer",
    State.ABSENT: "deny",
    State.OFF: "",
    State.OPEN: "",
}
FLAGS: dict[Flag, Word] = {
    Flag.MISSING_EXIT: _("Nobody saw the person leave"),
    Flag.MISSING_ENTRY: _("Nobody saw the person come"),
    Flag.ONLY_SIGHTINGS: _("Seen at a door in both directions: first and last sighting"),
}
DOUBTS: dict[Doubt, Word] = {
    Doubt.WIDE: _("A time is not known well enough"),
    Doubt.DAY: _("It may belong to another day"),
    Doubt.ORDER: _("What came first is not known"),
    Doubt.LENGTH: _("It may be one long stay or two"),
    Doubt.TOO_MANY: _("Too many times are unknown"),
}


def told(interval: Interval | None, timezone: str, widest_ms: int) -> When | None:
    """A time with its error, or from when to when where that is too wide to be one time."""
    if interval is None:
        return None
    lower_ms, upper_ms = interval.lower_ms, interval.upper_ms
    if upper_ms - lower_ms > widest_ms:
        return when(None, None, lower_ms, upper_ms, timezone)
    return when((lower_ms + upper_ms) // 2, (upper_ms - lower_ms + 1) // 2, 0, 0, timezone)


def hours_text(least_ms: int, most_ms: int) -> str:
    """Return hours and minutes, or between which they lie where that is more than a minute."""
    if most_ms - least_ms <= MINUTE_MS:
        return _clock(round((least_ms + most_ms) / 2 / MINUTE_MS))
    return f"{_clock(least_ms // MINUTE_MS)}–{_clock(-(-most_ms // MINUTE_MS))}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"
