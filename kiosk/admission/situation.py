"""All that a verdict depends on besides the code itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from kiosk.admission.rulebook import Rulebook, Way
from kiosk.instants import Interval

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Place:
    """The door, as far as it matters to a verdict."""

    way: Way
    site_kind: str
    timezone: tzinfo
    unit: int
    door_bit: int

    def day_of(self, now: Interval, begins_ms: int) -> int | None:
        """Return the number of the local day, which begins so long after midnight; None where it
        is not certain which day it is.
        """
        if now.latest_ms is None:
            return None
        first, last = (
            (_EPOCH + (ms - begins_ms) * _MILLISECOND).astimezone(self.timezone).toordinal()
            for ms in (now.earliest_ms, now.latest_ms)
        )
        return first if first == last else None


@dataclass(frozen=True, slots=True)
class Presence:
    """What this kiosk knows of a pass's whereabouts, and of who is inside.

    `is_inside` is what was last seen since the night; it changes a verdict only where
    `sees_both_ways`. `last_slot` is the highest slot of a turning pass that was accepted, 0 for
    none. `inside` counts people, None where this kiosk cannot know.
    """

    is_inside: bool = False
    sees_both_ways: bool = False
    last_slot: int = 0
    inside: int | None = None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """`confirmed_ms` is when the hub last confirmed what is known here (Unix)."""

    place: Place
    rulebooks: Sequence[Rulebook]
    now: Interval
    is_revoked: bool
    presence: Presence
    confirmed_ms: int = 0
