"""What somebody with exact times would reckon, written as plainly as can be, and worlds to try it
on: each sighting's true time drawn from its interval.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sync.hub.attendance.sightings import Calendar, Sighting
from sync.wire.visit import Direction

Pair = tuple[int | None, int | None]


@dataclass(frozen=True)
class Seen:
    time_ms: int
    direction: Direction
    rank: tuple[int, int]


@dataclass
class Day:
    """The stays of a working day; None for what is missing."""

    seen: list[tuple[Seen | None, Seen | None]] = field(default_factory=list)

    @property
    def stays(self) -> list[Pair]:
        return [(_time(came), _time(left)) for came, left in self.seen]

    @property
    def shape(self) -> tuple[object, ...]:
        """Which sightings they are, whenever they were."""
        return tuple((came and came.rank, left and left.rank) for came, left in self.seen)

    @property
    def first_in(self) -> int | None:
        return next((came for came, _ in self.stays if came is not None), None)

    @property
    def last_out(self) -> int | None:
        return next((left for _, left in reversed(self.stays) if left is not None), None)

    @property
    def present_ms(self) -> int:
        return sum(
            left - came for came, left in self.stays if came is not None and left is not None
        )

    @property
    def flags(self) -> set[str]:
        ends = [one for stay in self.seen for one in stay if one is not None]
        unknown = any(one.direction is Direction.UNKNOWN for one in ends)
        found = {"only_sightings"} if unknown else set()
        if any(left is None for _, left in self.stays):
            found.add("missing_exit")
        if any(came is None for came, _ in self.stays):
            found.add("missing_entry")
        return found


def _time(one: Seen | None) -> int | None:
    return None if one is None else one.time_ms


def reckon_plainly(seen: Sequence[Seen], calendar: Calendar) -> dict[date, Day]:
    days: dict[date, Day] = defaultdict(Day)
    open_by: Seen | None = None
    for one, way in _read(sorted(seen, key=lambda one: (one.time_ms, one.rank)), calendar):
        day = days[working_day((open_by or one).time_ms, calendar)]
        fits = open_by and one.time_ms - open_by.time_ms < calendar.longest_shift_ms
        if way is Direction.OUT and fits:
            day.seen.append((open_by, one))
            open_by = None
            continue
        if open_by:
            day.seen.append((open_by, None))
            open_by = None
        if way is Direction.IN:
            open_by = one
        else:
            days[working_day(one.time_ms, calendar)].seen.append((None, one))
    if open_by:
        days[working_day(open_by.time_ms, calendar)].seen.append((open_by, None))
    return {day: found for day, found in days.items() if found.seen}


def _read(ordered: Sequence[Seen], calendar: Calendar) -> list[tuple[Seen, Direction]]:
    """Of doors in both directions the day's first stands for in, the last one for out."""
    by_day: dict[date, list[Seen]] = defaultdict(list)
    for one in ordered:
        by_day[working_day(one.time_ms, calendar)].append(one)
    read: list[tuple[Seen, Direction]] = []
    for one in ordered:
        day = by_day[working_day(one.time_ms, calendar)]
        if one.direction is not Direction.UNKNOWN:
            read.append((one, one.direction))
        elif one is day[0]:
            read.append((one, Direction.IN))
        elif one is day[-1]:
            read.append((one, Direction.OUT))
    return read


def working_day(time_ms: int, calendar: Calendar) -> date:
    """By the wall clock; the zones of these tests never change theirs."""
    at = datetime.fromtimestamp(time_ms // 1000, ZoneInfo(calendar.timezone))
    begins = timedelta(hours=calendar.day_begins.hour, minutes=calendar.day_begins.minute)
    return (at - begins).date()


def a_world(sightings: Sequence[Sighting], random: Random) -> list[Seen]:
    """Draw one, often at the ends of intervals; journals keep their order."""
    journals: dict[int, list[Sighting]] = defaultdict(list)
    for one in sightings:
        journals[one.journal].append(one)
    world = []
    for of_one in journals.values():
        ordered = sorted(of_one, key=lambda one: one.seq)
        before = 0
        for place, one in enumerate(ordered):
            upper = min(later.upper_ms for later in ordered[place:])
            lower = max(before, one.lower_ms)
            before = random.choice([lower, upper, random.randint(lower, upper)])
            world.append(Seen(before, one.direction, one.rank))
    return world
