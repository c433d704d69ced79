"""What is reckoned with: sightings of one person, and the calendar of the office. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from sync.wire.visit import Direction

HOUR_MS = 3_600_000
MINUTE_MS = 60_000
LONGEST_SHIFT_MS = 24 * HOUR_MS
_ONE_DAY = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sighting:
    """Somebody was seen at some time from `lower_ms` to `upper_ms` (Unix time, both included).

    Of one `journal` each is seen after those of a lower `seq`. Of two at the very same time the
    one of the lower `journal` counts as the first.
    """

    lower_ms: int
    upper_ms: int
    direction: Direction
    journal: int = 0
    seq: int = 0

    @property
    def rank(self) -> tuple[int, int]:
        return (self.journal, self.seq)

    @property
    def width_ms(self) -> int:
        return self.upper_ms - self.lower_ms


@dataclass(frozen=True, slots=True)
class Calendar:
    """How an office counts: its time zone, when its working day begins, how long a shift may be
    (at most 24 h), and how wide a time may be before the day is called uncertain.
    """

    timezone: str
    day_begins: time = time(4)
    longest_shift_ms: int = 16 * HOUR_MS
    widest_ms: int = 10 * MINUTE_MS

    def __post_init__(self) -> None:
        if not 0 < self.longest_shift_ms <= LONGEST_SHIFT_MS:
            raise ValueError("a shift lasts at most 24 hours")

    def begin_ms(self, day: date) -> int:
        """Return when the working day begins."""
        return _begin_ms(day, self.day_begins, self.timezone)

    def day_of(self, time_ms: int) -> date:
        """Return the working day that the time lies in."""
        at = _EPOCH + timedelta(milliseconds=time_ms)
        day = at.astimezone(ZoneInfo(self.timezone)).date()
        return day if time_ms >= self.begin_ms(day) else day - _ONE_DAY


@lru_cache(maxsize=4096)
def _begin_ms(day: date, begins: time, timezone: str) -> int:
    at = datetime.combine(day, begins, ZoneInfo(timezone))
    return int(at.timestamp()) * 1000


def in_agreement(sightings: Iterable[Sighting]) -> list[Sighting]:
    """Narrow each by the order of its journal.

    Where times contradict that order, one of the two is wrong, and the order of that journal is
    no longer held to be known.
    """
    journals: dict[int, list[Sighting]] = {}
    for one in sightings:
        journals.setdefault(one.journal, []).append(one)
    lone = min(journals, default=0)
    kept: list[Sighting] = []
    for of_one in journals.values():
        ordered = sorted(of_one, key=lambda one: one.seq)
        narrowed = _narrowed(ordered)
        if all(one.lower_ms <= one.upper_ms for one in narrowed):
            kept += narrowed
        else:
            kept += [
                replace(one, journal=lone - place) for place, one in enumerate(ordered, start=1)
            ]
            lone -= len(ordered)
    return kept


def _narrowed(ordered: Sequence[Sighting]) -> list[Sighting]:
    lowers = accumulate((one.lower_ms for one in ordered), max)
    uppers = list(accumulate((one.upper_ms for one in reversed(ordered)), min))[::-1]
    return [
        one
        if (lower, upper) == (one.lower_ms, one.upper_ms)
        else replace(one, lower_ms=lower, upper_ms=upper)
        for one, lower, upper in zip(ordered, lowers, uppers, strict=True)
    ]
