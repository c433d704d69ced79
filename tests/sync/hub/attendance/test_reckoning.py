from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise, product
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.hub.attendance.reckoning import (
    Doubt,
    Flag,
    Interval,
    WorkingDay,
    days_between,
    reckon,
)
from sync.hub.attendance.sightings import HOUR_MS, MINUTE_MS, Calendar, Sighting, in_agreement
from sync.wire.visit import Direction
from tests.sync.hub.attendance.possible_worlds import (
    Day,
    Seen,
    a_world,
    reckon_plainly,
    working_day,
)

_IN, _OUT, _BOTH = Direction.IN, Direction.OUT, Direction.UNKNOWN
_ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
_MONDAY = date(2026, 11, 2)
_WIB = Calendar("Asia/Jakarta")


def at(clock: str, day: date = _MONDAY, zone: str = "Asia/Jakarta") -> int:
    return int(datetime.combine(day, time.fromisoformat(clock), ZoneInfo(zone)).timestamp()) * 1000


def seen(direction: Direction, clock: str, until: str = "", **more: int) -> Sighting:
    """On Monday; times after "24:00" are those of Tuesday."""
    lower, upper = _ms(clock), _ms(until or clock)
    return Sighting(lower, upper, direction, **{"seq": lower // MINUTE_MS, **more})


def _ms(clock: str) -> int:
    hours, minutes = clock.split(":")
    return at("00:00") + int(hours) * HOUR_MS + int(minutes) * MINUTE_MS


def the_day(
    *sightings: Sighting, calendar: Calendar = _WIB, day: date = _MONDAY
) -> WorkingDay | None:
    found = {one.day: one for one in reckon(sightings, calendar, day, day)}
    return found.get(day)


def a_day(*sightings: Sighting, calendar: Calendar = _WIB, day: date = _MONDAY) -> WorkingDay:
    found = the_day(*sightings, calendar=calendar, day=day)
    assert found is not None
    return found


def exactly(clock: str) -> Interval:
    return Interval(_ms(clock), _ms(clock))


def test_an_ordinary_day() -> None:
    """In, out for lunch, in, out."""
    day = a_day(seen(_IN, "8:00"), seen(_OUT, "12:00"), seen(_IN, "13:00"), seen(_OUT, "17:00"))
    assert (day.first_in, day.last_out) == (exactly("8:00"), exactly("17:00"))
    assert len(day.stays) == 2
    assert day.least_ms == day.most_ms == 8 * HOUR_MS
    assert not day.flags
    assert day.is_certain


def test_a_shift_past_midnight_is_one_days() -> None:
    """Also past the hour at which the next working day begins, which has nothing of it."""
    sightings = (seen(_IN, "20:00"), seen(_OUT, "30:00"))
    assert a_day(*sightings).last_out == exactly("30:00")
    assert the_day(*sightings, day=_MONDAY + timedelta(days=1)) is None


def test_a_stay_that_is_too_long_is_two_halves() -> None:
    """Somebody forgot to leave by the door, and the next day came by another way."""
    sightings = (seen(_IN, "13:00"), seen(_OUT, "29:00"))
    assert a_day(*sightings).flags == {Flag.MISSING_EXIT}
    tuesday = a_day(*sightings, day=_MONDAY + timedelta(days=1))
    assert (tuesday.first_in, tuesday.last_out) == (None, exactly("29:00"))
    assert tuesday.flags == {Flag.MISSING_ENTRY}
    just = a_day(seen(_IN, "13:00"), seen(_OUT, "28:59"))
    assert just.last_out == exactly("28:59")


def test_doors_in_both_directions() -> None:
    """The first and the last of the day stand for in and out; one alone is no day's end."""
    day = a_day(seen(_BOTH, "7:30"), seen(_BOTH, "12:00"), seen(_BOTH, "16:00"))
    assert (day.first_in, day.last_out) == (exactly("7:30"), exactly("16:00"))
    assert day.flags == {Flag.ONLY_SIGHTINGS}
    alone = a_day(seen(_BOTH, "7:30"))
    assert (alone.first_in, alone.last_out) == (exactly("7:30"), None)
    assert alone.flags == {Flag.ONLY_SIGHTINGS, Flag.MISSING_EXIT}
    mixed = a_day(seen(_IN, "8:00"), seen(_BOTH, "12:00"), seen(_OUT, "16:00"))
    assert mixed.flags == frozenset()
    assert a_day(seen(_IN, "8:00"), seen(_BOTH, "16:00")).last_out == exactly("16:00")


def test_narrow_times_are_told_with_their_width() -> None:
    day = a_day(seen(_IN, "8:00", "8:05"), seen(_OUT, "16:00", "16:10"))
    assert day.first_in == Interval(_ms("8:00"), _ms("8:05"))
    assert (day.least_ms, day.most_ms) == (
        7 * HOUR_MS + 55 * MINUTE_MS,
        8 * HOUR_MS + 10 * MINUTE_MS,
    )
    assert day.is_certain


@pytest.mark.parametrize(
    ("sightings", "doubt"),
    [
        ((seen(_IN, "8:00", "8:11"), seen(_OUT, "16:00")), Doubt.WIDE),
        ((seen(_IN, "3:55", "4:05"), seen(_OUT, "12:00")), Doubt.DAY),
        ((seen(_IN, "8:00", "8:05"), seen(_OUT, "8:03", "8:06", journal=1)), Doubt.ORDER),
        ((seen(_IN, "10:00"), seen(_OUT, "25:58", "26:03")), Doubt.LENGTH),
    ],
)
def test_what_is_not_the_same_in_every_world_is_uncertain(
    sightings: Sequence[Sighting], doubt: Doubt
) -> None:
    """And says why."""
    assert a_day(*sightings).doubts == {doubt}


def test_the_order_of_a_journal_settles_what_times_leave_open() -> None:
    """The same two times, seen at one door."""
    day = a_day(seen(_IN, "8:00", "8:05", seq=1), seen(_OUT, "8:03", "8:06", seq=2))
    assert day.is_certain
    assert day.last_out == Interval(_ms("8:03"), _ms("8:06"))


def test_an_uncertain_day_is_told_between_its_bounds() -> None:
    """An entry of which only the morning is known: an exact one sets the latest first in."""
    wide = seen(_IN, "7:00", "11:00", journal=1)
    day = a_day(seen(_IN, "8:00"), seen(_OUT, "16:00"), wide)
    assert day.first_in == Interval(_ms("7:00"), _ms("8:00"))
    assert day.last_out == exactly("16:00")
    assert day.doubts == {Doubt.ORDER, Doubt.WIDE}
    assert not day.stays


def test_neighbours_in_doubt_leave_a_day_alone() -> None:
    """What happened on Tuesday in whatever order says nothing of Monday."""
    crowd = [seen(_IN, "32:00", "40:00", journal=number) for number in range(1, 10)]
    day = a_day(seen(_IN, "8:00"), seen(_OUT, "16:00"), *crowd)
    assert day.is_certain
    assert a_day(*crowd, day=_MONDAY + timedelta(days=1)).doubts


def test_a_day_that_nobody_can_go_through_keeps_its_bounds() -> None:
    """Twenty doors without a clock; the answer still comes."""
    ways = [(_IN, _OUT, _BOTH)[number % 3] for number in range(24)]
    crowd = [seen(way, "8:00", "16:00", journal=number) for number, way in enumerate(ways)]
    day = a_day(*crowd)
    assert day.doubts == {Doubt.TOO_MANY}
    assert day.first_in == day.last_out == Interval(_ms("8:00"), _ms("16:00"))


def test_what_is_hardly_known_spoils_days_and_makes_none() -> None:
    """A kiosk that never had a clock saw somebody some time that month."""
    vague = Sighting(at("08:00"), at("08:00", _MONDAY + timedelta(days=20)), _IN, journal=1)
    found = reckon(
        [vague, seen(_IN, "9:00"), seen(_OUT, "17:00")], _WIB, _MONDAY, date(2026, 12, 1)
    )
    assert [one.day for one in found] == [_MONDAY]
    assert found[0].doubts


def test_the_offices_own_zone_counts() -> None:
    """04:30 in Jakarta is a new day; the same moment in Jayapura is well into it."""
    early = Sighting(at("03:30"), at("03:30"), _IN)
    for zone, day in zip(_ZONES, (-1, 0, 0), strict=True):
        (found,) = reckon([early], Calendar(zone), date(2026, 10, 25), date(2026, 11, 9))
        assert found.day == _MONDAY + timedelta(days=day)


def test_a_journal_that_contradicts_itself_is_not_believed_in_its_order() -> None:
    """One of two times is wrong: both keep their own."""
    later, sooner = seen(_IN, "9:00", seq=1), seen(_OUT, "8:00", seq=2)
    assert {one.lower_ms for one in in_agreement([later, sooner])} == {_ms("9:00"), _ms("8:00")}
    assert a_day(later, sooner).flags == {Flag.MISSING_ENTRY, Flag.MISSING_EXIT}


def test_no_shift_is_longer_than_a_day() -> None:
    with pytest.raises(ValueError, match="24 hours"):
        Calendar("Asia/Jakarta", longest_shift_ms=25 * HOUR_MS)


_BEGIN = at("00:00", date(2026, 11, 1))
_DAYS = 30


def _minutes(most: int) -> st.SearchStrategy[int]:
    return st.integers(0, most).map(lambda minutes: minutes * MINUTE_MS)


@st.composite
def months(draw: st.DrawFn) -> list[Sighting]:
    """Some days of somebody's month, now and then with doors that know little of the time.

    Times gather around what is near a border: the beginning of the working day in each zone,
    midnight, and the length of a shift.
    """
    found = []
    for seq in range(draw(st.integers(1, 14))):
        day = draw(st.sampled_from((0, 0, 1, 1, 2, 3, 29)))
        hour = draw(st.sampled_from((2, 3, 4, 5, 8, 8, 12, 17, 18, 20, 23)))
        lower = _BEGIN + day * 24 * HOUR_MS + hour * HOUR_MS + draw(_minutes(120)) - HOUR_MS
        width = draw(st.one_of(st.just(0), st.just(0), _minutes(15), _minutes(48 * 60)))
        direction = draw(st.sampled_from(Direction))
        found.append(Sighting(lower, lower + width, direction, draw(st.integers(0, 3)), seq))
    return _in_order(found)


def _in_order(sightings: Sequence[Sighting]) -> list[Sighting]:
    """Number each journal's in the order of their times, so that there is a world."""
    ordered = sorted(sightings, key=lambda one: (one.lower_ms, one.upper_ms))
    return [
        Sighting(one.lower_ms, one.upper_ms, one.direction, one.journal, seq)
        for seq, one in enumerate(ordered)
    ]


calendars = st.builds(
    Calendar,
    timezone=st.sampled_from(_ZONES),
    day_begins=st.sampled_from((time(4), time(0), time(6, 30))),
    longest_shift_ms=st.sampled_from((8 * HOUR_MS, 16 * HOUR_MS, 24 * HOUR_MS)),
)
_ALL = (date(2026, 10, 28), date(2026, 12, 5))


@settings(max_examples=150, deadline=None)
@given(months(), calendars, st.integers(0, 2**32))
def test_it_is_true_in_every_world(
    sightings: list[Sighting], calendar: Calendar, seed: int
) -> None:
    """Whatever the true times were, somebody who knew them would say the same."""
    told = {one.day: one for one in reckon(sightings, calendar, *_ALL)}
    random = Random(seed)
    for _ in range(12):
        world = reckon_plainly(a_world(sightings, random), calendar)
        for day in {*world, *told}:
            assert day in told, "a day that is not told of at all"
            _holds(told[day], world.get(day, Day()))


def _holds(told: WorkingDay, true: Day) -> None:
    assert _within(true.first_in, told.first_in)
    assert _within(true.last_out, told.last_out)
    assert told.least_ms <= true.present_ms <= told.most_ms
    assert set(told.flags) <= true.flags
    if told.doubts <= {Doubt.WIDE}:
        assert set(told.flags) == true.flags
        assert (told.first_in is None) == (true.first_in is None)
        assert (told.last_out is None) == (true.last_out is None)
        assert len(told.stays) == len(true.stays)
        for stay, (came, left) in zip(told.stays, true.stays, strict=True):
            assert (stay.came is None, stay.left is None) == (came is None, left is None)
            assert _within(came, stay.came)
            assert _within(left, stay.left)


def _within(true_ms: int | None, told: Interval | None) -> bool:
    return true_ms is None or (told is not None and told.lower_ms <= true_ms <= told.upper_ms)


@settings(max_examples=150, deadline=None)
@given(months(), calendars)
def test_what_is_exact_is_told_exactly(sightings: list[Sighting], calendar: Calendar) -> None:
    """Nothing exact is called uncertain, in whatever order it came."""
    exact = [
        Sighting(one.lower_ms, one.lower_ms, one.direction, one.journal, one.seq)
        for one in sightings
    ]
    told = reckon(exact[::-1], calendar, *_ALL)
    world = reckon_plainly(a_world(exact, Random(1)), calendar)
    assert {one.day for one in told} == set(world)
    for one in told:
        assert one.is_certain
        _holds(one, world[one.day])
        assert one.least_ms == one.most_ms == world[one.day].present_ms


@settings(max_examples=150, deadline=None)
@given(months(), calendars)
def test_an_exact_day_between_exact_days_is_certain(
    sightings: list[Sighting], calendar: Calendar
) -> None:
    """Whatever is in doubt elsewhere in the month."""
    vague = [one for one in sightings if one.width_ms]
    for one in reckon(sightings, calendar, *_ALL):
        near = set(days_between(one.day - timedelta(days=1), one.day + timedelta(days=1)))
        touched = any(
            near
            & set(
                days_between(working_day(v.lower_ms, calendar), working_day(v.upper_ms, calendar))
            )
            for v in vague
        )
        assert touched or one.is_certain


_TICK_MS = 1_000


@st.composite
def crowds(draw: st.DrawFn) -> list[Sighting]:
    """A few within seconds, around the beginning of a working day; no two at the very same time,
    where the lower journal would count as the first.
    """
    found = []
    for journal in range(draw(st.integers(1, 3))):
        lower = at("04:00") + draw(st.integers(-3, 2)) * 4 * _TICK_MS + 3 + 7 * journal
        width = draw(st.sampled_from((0, 4, 8))) * _TICK_MS
        found.append(Sighting(lower, lower + width, draw(st.sampled_from(Direction)), journal))
    return found


def _telling(one: Sighting, sightings: Sequence[Sighting]) -> list[int]:
    """Between two ends of intervals three may stand in any order: that takes three times."""
    edges = {edge for each in sightings for edge in (each.lower_ms, each.upper_ms)}
    ends = sorted({*edges, at("04:00")})
    within = [
        begin + (end - begin) * part // 4 for begin, end in pairwise(ends) for part in (1, 2, 3)
    ]
    return [found for found in (*ends, *within) if one.lower_ms <= found <= one.upper_ms]


@settings(max_examples=100, deadline=None)
@given(crowds())
def test_no_doubt_without_two_worlds_that_differ(sightings: list[Sighting]) -> None:
    """All worlds are gone through: a day is in doubt where two differ, and nowhere else."""
    times = [_telling(one, sightings) for one in sightings]
    shapes: dict[date, set[tuple[object, ...]]] = {}
    worlds = [
        reckon_plainly(
            [
                Seen(time_ms, one.direction, one.rank)
                for time_ms, one in zip(drawn, sightings, strict=True)
            ],
            _WIB,
        )
        for drawn in product(*times)
    ]
    for day in {day for world in worlds for day in world}:
        shapes[day] = {world.get(day, Day()).shape for world in worlds}
    told = {one.day: one for one in reckon(sightings, _WIB, *_ALL)}
    assert set(told) == set(shapes)
    for day, found in shapes.items():
        assert told[day].is_certain == (len(found) == 1), (told[day], found)
