"""The counts are those of the visits, whenever they arrive and whatever their time turns out."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sync.hub.ingest.models import Visit
from sync.hub.tracing.counting import count_all, count_new
from sync.hub.tracing.figures import Asked, Figures, figures
from sync.hub.tracing.models import HourCount
from tests.sync.hub.conftest import NOW
from tests.sync.hub.tracing.regency import (
    DAY_MS,
    DENY,
    HOUR_MS,
    MIDNIGHT_MS,
    OUT,
    REFER,
    a_door,
    see,
)

pytestmark = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)

_KEY = b"a key of this test"
_THURSDAY = date(2026, 10, 29)


def counted() -> dict[tuple[int, int, int], int]:
    """Return by hour from MIDNIGHT_MS, outcome and reason."""
    rows = HourCount.objects.values_list("hour", "outcome", "reason", "count")
    first = MIDNIGHT_MS // HOUR_MS
    return {(hour - first, outcome, reason): count for hour, outcome, reason, count in rows}


def asked(days: int = 7, last: date = _THURSDAY, **of: int) -> Figures:
    return figures(Asked(last, days, **of))


def test_who_came_is_counted_by_hour_outcome_and_reason() -> None:
    """Whoever leaves came before, and a press belongs to the code that it was for."""
    door = a_door()
    for hour in (9, 9.5, 10):
        see(door, b"somebody", hour)
    see(door, b"somebody", 11, OUT)
    see(door, b"somebody", 9, shown=DENY, reason=21)
    question = see(door, b"somebody", 9, shown=REFER, reason=31)
    see(door, None, 9, assisted=1, of_seq=question.entry.seq)
    see(door, None, 9, assisted=2)
    count_new(NOW, _KEY)
    assert counted() == {(9, 1, 0): 3, (10, 1, 0): 1, (9, 2, 21): 1, (9, 3, 31): 1}


def test_late_visits_are_counted_in_their_own_day() -> None:
    """A stick that comes after weeks; what was counted is not counted twice."""
    door = a_door()
    see(door, b"somebody", 9)
    count_new(NOW, _KEY)
    see(door, b"somebody", 9)
    see(door, b"somebody", -50 * 24)
    count_new(NOW + timedelta(minutes=1), _KEY)
    assert counted() == {(9, 1, 0): 2, (-50 * 24, 1, 0): 1}


def test_visits_of_another_time_move_by_the_next_night() -> None:
    """Also out of days of which nothing is left."""
    visit = see(a_door(), b"somebody", 9)
    count_new(NOW, _KEY)
    Visit.objects.update(lower_ms=visit.lower_ms - DAY_MS, upper_ms=visit.upper_ms - DAY_MS)
    count_new(NOW + timedelta(hours=1), _KEY)
    assert counted() == {(9, 1, 0): 1}
    count_new(NOW + timedelta(days=1), _KEY)
    assert counted() == {(9 - 24, 1, 0): 1}


def test_all_days_are_counted_anew_at_an_order() -> None:
    """Visits that moved from one time long ago to another."""
    visit = see(a_door(), b"somebody", -50 * 24)
    count_new(NOW, _KEY)
    Visit.objects.update(lower_ms=visit.lower_ms - DAY_MS, upper_ms=visit.upper_ms - DAY_MS)
    count_new(NOW + timedelta(days=1), _KEY)
    assert counted() == {(-50 * 24, 1, 0): 1}
    assert count_all(_KEY) == 2
    assert counted() == {(-51 * 24, 1, 0): 1}


def test_where_nothing_came_hardly_anything_is_asked() -> None:
    see(a_door(), b"somebody", 9)
    count_new(NOW, _KEY)
    with CaptureQueriesContext(connection) as queries:
        count_new(NOW + timedelta(minutes=1), _KEY)
    assert len(queries) == 2


def test_figures_are_sums_of_what_was_rounded() -> None:
    """By day, hour, week, site and outcome alike: they all have the same total."""
    doors = [a_door(f"Gedung {number}") for number in range(3)]
    for number, door in enumerate(doors):
        for count in range(7 + 3 * number):
            see(door, b"somebody", 8 + count % 4 - 24 * (count % 2), shown=1 + count % 3, reason=7)
    count_new(NOW, _KEY)
    assert {shown % 5 for shown in HourCount.objects.values_list("shown", flat=True)} == {0}
    found = asked()
    total = sum(HourCount.objects.values_list("shown", flat=True))
    assert total == found.total > 0
    for part in (found.days, found.hours, found.weeks, found.sites, found.outcomes):
        assert sum(part.values()) == total
    assert sum(found.refusals.values()) == found.outcomes[DENY]
    assert sum(found.questions.values()) == found.outcomes[REFER]
    assert asked(site=doors[2].site_id).total == found.sites[doors[2].site_id]
    assert asked(office=doors[0].office_id).total == total
    assert asked(office=doors[0].office_id + 1).total == 0


def test_days_and_hours_are_those_of_the_site() -> None:
    """23:30 in Jakarta, an hour and a half past midnight in Jayapura."""
    west, east = a_door("Barat"), a_door("Timur", timezone="Asia/Jayapura")
    for door in (west, east):
        for _ in range(5):
            see(door, b"somebody", 23.5)
    count_new(NOW, _KEY)
    here = asked(site=west.site_id, last=_THURSDAY + timedelta(days=1))
    there = asked(site=east.site_id, last=_THURSDAY + timedelta(days=1))
    assert (here.days[_THURSDAY], here.hours) == (5, {23: 5})
    assert (there.days[_THURSDAY + timedelta(days=1)], there.hours) == (5, {1: 5})
    assert asked(site=east.site_id).total == 0


def test_whose_hour_is_not_known_is_in_no_hour() -> None:
    door = a_door()
    for _ in range(10):
        see(door, b"somebody", 9, error_min=45, is_known=0)
    count_new(NOW, _KEY)
    found = asked()
    assert (found.total, found.undated) == (0, 10)
