"""Days and hours are those of the place, and over an interval they are asked at every instant."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.admission.certainty import Certainty
from kiosk.admission.schedule import ALL_DAYS, Schedule, Span
from kiosk.instants import Interval

ALWAYS, MAYBE, NEVER = Certainty.ALWAYS, Certainty.MAYBE, Certainty.NEVER
WIB, WITA, WIT = (ZoneInfo(f"Asia/{city}") for city in ("Jakarta", "Makassar", "Jayapura"))
MONDAY = date(2026, 6, 1)
MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000
OFFICE = Schedule(frozenset(range(5)), (Span(time(7, 30), time(16)),))
NIGHT = Schedule(frozenset({4}), (Span(time(22), time(6)),))


def _ms(day: int, clock: str, timezone: tzinfo = WIB) -> int:
    """Return Unix milliseconds; day 0 is Monday."""
    instant = datetime.combine(
        MONDAY + timedelta(days=day), time.fromisoformat(clock), tzinfo=timezone
    )
    return int(instant.timestamp() * 1000)


def _at(
    schedule: Schedule,
    earliest_ms: int,
    latest_ms: int | None,
    timezone: tzinfo = WIB,
    holidays: frozenset[date] = frozenset(),
) -> Certainty:
    return schedule.holds(Interval(earliest_ms, latest_ms), timezone, holidays)


@pytest.mark.parametrize("timezone", [WIB, WITA, WIT, UTC])
def test_hours_begin_when_they_say_and_end_just_before(timezone: tzinfo) -> None:
    opens, closes = _ms(0, "07:30", timezone), _ms(0, "16:00", timezone)
    for at_ms, holds in (
        (opens - 1, NEVER),
        (opens, ALWAYS),
        (closes - 1, ALWAYS),
        (closes, NEVER),
    ):
        assert _at(OFFICE, at_ms, at_ms, timezone) is holds
    assert _at(OFFICE, opens, closes - 1, timezone) is ALWAYS
    assert _at(OFFICE, opens - 1, closes - 1, timezone) is MAYBE
    assert _at(OFFICE, opens, closes, timezone) is MAYBE
    assert _at(OFFICE, closes, opens + DAY_MS - 1, timezone) is NEVER


def test_one_instant_is_another_hour_in_each_zone() -> None:
    """Half past seven in Jakarta is half past eight in Makassar and half past nine in Jayapura."""
    at_ms = _ms(0, "07:30", WIB)
    for timezone, clock in ((WIB, "07:30"), (WITA, "08:30"), (WIT, "09:30")):
        hour = time.fromisoformat(clock)
        starts_now = Schedule(ALL_DAYS, (Span(hour, time(12)),))
        assert _at(starts_now, at_ms, at_ms, timezone) is ALWAYS
        assert _at(starts_now, at_ms - 1, at_ms - 1, timezone) is NEVER


def test_days_are_those_on_which_the_hours_begin() -> None:
    assert _at(OFFICE, _ms(5, "10:00"), _ms(5, "10:00")) is NEVER
    assert _at(OFFICE, _ms(4, "10:00"), _ms(4, "10:00")) is ALWAYS
    assert _at(OFFICE, _ms(4, "16:00"), _ms(7, "07:29")) is NEVER


def test_hours_past_midnight_belong_to_the_day_before() -> None:
    friday = _ms(4, "22:00")
    assert _at(NIGHT, friday, friday + 8 * HOUR_MS - 1) is ALWAYS
    assert _at(NIGHT, friday - 1, friday - 1) is NEVER
    assert _at(NIGHT, friday + 8 * HOUR_MS, friday + 8 * HOUR_MS) is NEVER
    assert _at(NIGHT, _ms(4, "00:00"), _ms(4, "05:59")) is NEVER
    assert _at(NIGHT, _ms(6, "01:00"), _ms(6, "01:00")) is NEVER


def test_hours_that_meet_are_one() -> None:
    both = Schedule(ALL_DAYS, (Span(time(12), time(16)), Span(time(8), time(12))))
    assert _at(both, _ms(0, "08:00"), _ms(0, "15:59")) is ALWAYS
    apart = Schedule(ALL_DAYS, (Span(time(8), time(12)), Span(time(12, 1), time(16))))
    assert _at(apart, _ms(0, "08:00"), _ms(0, "15:59")) is MAYBE
    within = Schedule(ALL_DAYS, (Span(time(8), time(16)), Span(time(9), time(10))))
    assert _at(within, _ms(0, "08:00"), _ms(0, "15:59")) is ALWAYS


def test_whole_days_meet_at_midnight() -> None:
    weekend = Schedule(frozenset({5, 6}))
    assert _at(weekend, _ms(5, "00:00"), _ms(7, "00:00") - 1) is ALWAYS
    assert _at(weekend, _ms(5, "00:00"), _ms(7, "00:00")) is MAYBE
    assert _at(weekend, _ms(5, "00:00") - 1, _ms(5, "00:00")) is MAYBE
    round_the_clock = Schedule(ALL_DAYS, (Span(time(7), time(7)),))
    assert _at(round_the_clock, _ms(0, "06:59"), _ms(3, "07:01")) is ALWAYS


def test_a_holiday_is_a_day_of_the_place() -> None:
    holiday = frozenset({MONDAY})
    closed = Schedule(ALL_DAYS, (), open_on_holidays=False)
    begins, ends = _ms(0, "00:00"), _ms(1, "00:00")
    for at_ms, holds in ((begins - 1, ALWAYS), (begins, NEVER), (ends - 1, NEVER), (ends, ALWAYS)):
        assert _at(closed, at_ms, at_ms, WIB, holiday) is holds
    assert _at(closed, begins, ends - 1, WIB, holiday) is NEVER
    assert _at(closed, begins - 1, begins, WIB, holiday) is MAYBE
    assert _at(Schedule(), begins, ends - 1, WIB, holiday) is ALWAYS
    assert _at(OFFICE, _ms(0, "08:00"), _ms(0, "08:00"), WIB, holiday) is ALWAYS


def test_the_night_before_a_holiday_lasts_into_it() -> None:
    night = Schedule(ALL_DAYS, (Span(time(22), time(6)),), open_on_holidays=False)
    tuesday = frozenset({MONDAY + timedelta(days=1)})
    assert _at(night, _ms(1, "05:59"), _ms(1, "05:59"), WIB, tuesday) is ALWAYS
    assert _at(night, _ms(1, "22:00"), _ms(1, "22:00"), WIB, tuesday) is NEVER
    assert _at(night, _ms(2, "05:59"), _ms(2, "05:59"), WIB, tuesday) is NEVER


def test_a_time_without_an_end_is_never_certain() -> None:
    assert _at(OFFICE, _ms(0, "08:00"), None) is MAYBE
    assert _at(OFFICE, _ms(0, "08:00"), _ms(0, "08:00") + 8 * DAY_MS + 1) is MAYBE


def test_over_eight_days_and_no_more_every_day_is_asked() -> None:
    working = Schedule(open_on_holidays=False)
    begins_ms = _ms(0, "08:00")
    assert _at(working, begins_ms, begins_ms + 8 * DAY_MS) is ALWAYS
    assert _at(working, begins_ms, begins_ms + 8 * DAY_MS + 1) is MAYBE


def test_the_day_before_is_that_of_the_place_too() -> None:
    """Where it is still Wednesday, whatever day it is in Greenwich or for the machine."""
    far_west = ZoneInfo("Pacific/Pago_Pago")
    all_around = Schedule(frozenset({1}), (Span(time(22, 30), time(22, 30)),))
    late_ms = _ms(2, "22:00", far_west)
    assert _at(all_around, late_ms, late_ms, far_west) is ALWAYS
    assert _at(OFFICE, 0, 2**42) is MAYBE
    assert _at(Schedule(), 0, None) is ALWAYS


hours = st.builds(time, st.integers(0, 23), st.sampled_from([0, 1, 30, 59]))
schedules = st.builds(
    Schedule,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.lists(st.builds(Span, hours, hours), max_size=3).map(tuple),
    st.booleans(),
)
holidays = st.frozensets(st.integers(-1, 9).map(lambda day: MONDAY + timedelta(days=day)))
zones = st.sampled_from([WIB, WITA, WIT, UTC, ZoneInfo("America/New_York")])


def _is_open_at(schedule: Schedule, at_ms: int, timezone: tzinfo, closed: frozenset[date]) -> bool:
    """Say it as a person would: look at the clock, and at the clock of the night before."""
    local = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(timezone)
    now = local.time().replace(microsecond=0)

    def counts(day: date) -> bool:
        return day.weekday() in schedule.days and (schedule.open_on_holidays or day not in closed)

    today, yesterday = local.date(), local.date() - timedelta(days=1)
    if not schedule.spans:
        return counts(today)
    for span in schedule.spans:
        if span.begins < span.ends:
            if counts(today) and span.begins <= now < span.ends:
                return True
        elif (counts(today) and now >= span.begins) or (counts(yesterday) and now < span.ends):
            return True
    return False


@settings(deadline=None)
@given(schedules, st.integers(0, 8 * 1440), st.integers(0, 8 * 1440), zones, holidays)
def test_it_says_what_a_person_would_say_at_every_minute_of_it(
    schedule: Schedule, start: int, length: int, timezone: tzinfo, closed: frozenset[date]
) -> None:
    begins = _ms(0, "00:00", timezone) + start * MINUTE_MS
    ends = begins + length * MINUTE_MS
    whole = _at(schedule, begins, ends, timezone, closed)
    step = max(1, length // 97)
    instants = [*range(begins, ends + 1, step * MINUTE_MS), ends]
    answers = {_is_open_at(schedule, at_ms, timezone, closed) for at_ms in instants}
    if whole is not MAYBE:
        assert answers == {whole is ALWAYS}
    if length == 0:
        assert whole is not MAYBE


@settings(deadline=None)
@given(schedules, st.integers(0, 400), zones, holidays)
def test_what_is_uncertain_is_open_at_some_minute_and_closed_at_another(
    schedule: Schedule, start: int, timezone: tzinfo, closed: frozenset[date]
) -> None:
    begins = _ms(0, "00:00", timezone) + start * 7 * MINUTE_MS
    if _at(schedule, begins, begins + 6 * HOUR_MS, timezone, closed) is MAYBE:
        instants = range(begins, begins + 6 * HOUR_MS + 1, MINUTE_MS)
        answers = {_is_open_at(schedule, at_ms, timezone, closed) for at_ms in instants}
        assert answers == {True, False}
