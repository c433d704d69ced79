"""First in and last out of one person, by working day: true in every possible world. Pure.

Each sighting's true time lies anywhere in its interval, and of one journal in the order of that.
Where the stays of a day are the same in every such world, and their times narrow enough, the day
is certain. Otherwise it says why not, and between which times first in and last out lie.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sync.hub.attendance import pairing
from sync.hub.attendance.sightings import Calendar, Sighting, in_agreement
from sync.hub.attendance.worlds import Window, outcomes, window_of
from sync.wire.visit import Direction

# A sighting of which less is known makes other days uncertain, and no day of its own.
WIDEST_DAYS = timedelta(days=7)
_WIDEST_MS = WIDEST_DAYS // timedelta(milliseconds=1)
_ONE_DAY = timedelta(days=1)
Outcome = tuple[pairing.Stay, ...]


class Flag(StrEnum):
    MISSING_EXIT = "missing_exit"
    MISSING_ENTRY = "missing_entry"
    ONLY_SIGHTINGS = "only_sightings"


class Doubt(StrEnum):
    """Why a day is uncertain."""

    WIDE = "wide"
    DAY = "day"
    ORDER = "order"
    LENGTH = "length"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Interval:
    lower_ms: int
    upper_ms: int


@dataclass(frozen=True, slots=True)
class Stay:
    """None where nobody was seen to come in, or to go out."""

    came: Interval | None
    left: Interval | None


@dataclass(frozen=True, slots=True)
class WorkingDay:
    """What is known of it. `stays` are empty where they differ between worlds.

    `first_in` and `last_out` hold in every world in which there is one; `least_ms` and `most_ms`
    is the time between coming and going, of stays of which both are known.
    """

    day: date
    first_in: Interval | None
    last_out: Interval | None
    stays: tuple[Stay, ...]
    least_ms: int
    most_ms: int
    flags: frozenset[Flag] = frozenset()
    doubts: frozenset[Doubt] = frozenset()

    @property
    def is_certain(self) -> bool:
        return not self.doubts


def reckon(
    sightings: Iterable[Sighting], calendar: Calendar, first: date, last: date
) -> list[WorkingDay]:
    """Reckon the working days from `first` to `last` on which somebody was seen, or may have been.

    `sightings` are all of one person that may lie between the day before `first` and the day after
    `last`.
    """
    agreed = in_agreement(sightings)
    found = (
        _reckon_day(day, window_of(day, agreed, calendar), calendar)
        for day in _days(agreed, calendar, first, last)
    )
    return [one for one in found if one is not None]


def days_between(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=step) for step in range((last - first).days + 1))


def _days(sightings: Iterable[Sighting], calendar: Calendar, first: date, last: date) -> list[date]:
    found: set[date] = set()
    for one in sightings:
        if one.width_ms <= _WIDEST_MS:
            begin, end = calendar.day_of(one.lower_ms), calendar.day_of(one.upper_ms)
            found.update(days_between(max(begin, first), min(end, last)))
    return sorted(found)


def _reckon_day(day: date, window: Window, calendar: Calendar) -> WorkingDay | None:
    found = outcomes(window)
    if found is None:
        return _beyond_telling(day, window, calendar)
    if found == {()}:
        return None
    told = [_told(window, one) for one in found]
    least_ms = min(sum(_shortest(stay) for stay in stays) for stays in told)
    most_ms = max(sum(_longest(stay, window.longest_ms) for stay in stays) for stays in told)
    doubts = _doubts(window, found)
    if any(_width(stay) > calendar.widest_ms for stays in told for stay in stays):
        doubts |= {Doubt.WIDE}
    return WorkingDay(
        day=day,
        first_in=_first_in(window, found),
        last_out=_last_out(window, found),
        stays=told[0] if len(told) == 1 else (),
        least_ms=least_ms,
        most_ms=most_ms,
        flags=frozenset.intersection(*(_flags(window, one) for one in found)),
        doubts=doubts,
    )


def _told(window: Window, outcome: Outcome) -> tuple[Stay, ...]:
    return tuple(Stay(_time(window, came), _time(window, left)) for came, left in outcome)


def _time(window: Window, number: int | None) -> Interval | None:
    if number is None:
        return None
    one = window.sightings[number]
    return Interval(one.lower_ms, one.upper_ms)


def _shortest(stay: Stay) -> int:
    if stay.came is None or stay.left is None:
        return 0
    return max(0, stay.left.lower_ms - stay.came.upper_ms)


def _longest(stay: Stay, longest_ms: int) -> int:
    if stay.came is None or stay.left is None:
        return 0
    return min(longest_ms - 1, stay.left.upper_ms - stay.came.lower_ms)


def _width(stay: Stay) -> int:
    ends = (one for one in (stay.came, stay.left) if one is not None)
    return max(one.upper_ms - one.lower_ms for one in ends)


def _first_in(window: Window, found: Iterable[Outcome]) -> Interval | None:
    """Whoever surely came in by then makes the first time no later than that."""
    _before, begin_ms, end_ms, _after = window.begins_ms
    firsts = {next((came for came, _ in one if came is not None), None) for one in found}
    given = [window.sightings[number] for number in firsts if number is not None]
    if not given:
        return None
    sure = [
        one.upper_ms
        for one in window.sightings
        if one.direction is Direction.IN and one.lower_ms >= begin_ms and one.upper_ms < end_ms
    ]
    return Interval(
        max(begin_ms, min(one.lower_ms for one in given)),
        min([end_ms - 1, max(one.upper_ms for one in given), *sure]),
    )


def _last_out(window: Window, found: Iterable[Outcome]) -> Interval | None:
    _before, begin_ms, end_ms, _after = window.begins_ms
    lasts = {next((left for _, left in one[::-1] if left is not None), None) for one in found}
    given = [window.sightings[number] for number in lasts if number is not None]
    if not given:
        return None
    return Interval(
        max(begin_ms, min(one.lower_ms for one in given)),
        min(end_ms - 1 + window.longest_ms, max(one.upper_ms for one in given)),
    )


def _flags(window: Window, outcome: Outcome) -> frozenset[Flag]:
    ends = [number for stay in outcome for number in stay if number is not None]
    held = {
        Flag.MISSING_EXIT: any(left is None for _, left in outcome),
        Flag.MISSING_ENTRY: any(came is None for came, _ in outcome),
        Flag.ONLY_SIGHTINGS: any(
            window.sightings[number].direction is Direction.UNKNOWN for number in ends
        ),
    }
    return frozenset(flag for flag, holds in held.items() if holds)


def _doubts(window: Window, found: frozenset[Outcome]) -> frozenset[Doubt]:
    if len(found) == 1:
        return frozenset()
    _before, begin_ms, end_ms, _after = window.begins_ms
    if any(
        one.lower_ms < at <= one.upper_ms for one in window.sightings for at in (begin_ms, end_ms)
    ):
        return frozenset({Doubt.DAY})
    if any(window.may_be_too_long(one) for one in window.sightings):
        return frozenset({Doubt.LENGTH})
    return frozenset({Doubt.ORDER})


def _beyond_telling(day: date, window: Window, calendar: Calendar) -> WorkingDay:
    """Whatever happened, it was in these bounds."""
    _before, begin_ms, end_ms, _after = window.begins_ms
    came = _hull(
        [one for one in window.sightings if one.direction is not Direction.OUT],
        begin_ms,
        end_ms - 1,
    )
    left = _hull(
        [one for one in window.sightings if one.direction is not Direction.IN],
        begin_ms,
        end_ms - 1 + calendar.longest_shift_ms,
    )
    longest_ms = end_ms - begin_ms + calendar.longest_shift_ms
    return WorkingDay(day, came, left, (), 0, longest_ms, doubts=frozenset({Doubt.TOO_MANY}))


def _hull(sightings: Sequence[Sighting], begin_ms: int, end_ms: int) -> Interval | None:
    within = [one for one in sightings if one.upper_ms >= begin_ms and one.lower_ms <= end_ms]
    if not within:
        return None
    return Interval(
        max(begin_ms, min(one.lower_ms for one in within)),
        min(end_ms, max(one.upper_ms for one in within)),
    )
