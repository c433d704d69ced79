"""Of what the database has, everything counts that can have been at that time, and nothing else."""

from datetime import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sync.hub.fleet.models import OpeningHours
from sync.hub.people.models import Subject
from sync.hub.tracing.gathering import LongestStays
from sync.hub.tracing.trace import Trace, trace
from tests.sync.hub.tracing.regency import (
    DAY_MS,
    DENY,
    HOUR_MS,
    MIDNIGHT_MS,
    OUT,
    REFER,
    UNKNOWN,
    a_door,
    a_person,
    see,
    stay,
)

pytestmark = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)

_STAYS = LongestStays()


def traced(who: Subject, days: int = 1) -> Trace:
    return trace(who.sub, (MIDNIGHT_MS, MIDNIGHT_MS + days * DAY_MS), _STAYS)


def met(told: Trace) -> dict[bytes, tuple[bool, float, float]]:
    """Return who was met: for certain, for how many hours at least and at most."""
    return {
        one.who: (one.is_certain, one.least_ms / HOUR_MS, one.most_ms / HOUR_MS)
        for one in told.contacts
    }


def test_who_was_there_at_the_same_time() -> None:
    """Through whichever door of the site; not elsewhere, and not before or after."""
    north, south, other = a_door(), a_door(label="Pintu selatan"), a_door("Balai kota")
    siti, budi, ani, made = (a_person(name) for name in ("Siti", "Budi", "Ani", "Made"))
    stay(north, siti, 9, 11)
    see(south, budi, 10)
    see(north, budi, 12, OUT)
    stay(other, ani, 9, 11)
    stay(north, made, 12, 13)
    told = traced(siti)
    assert met(told) == {budi.sub: (True, 1, 1)}
    assert [row.door for row in told.passages] == [north.pk, north.pk]
    assert trace(siti.sub, (MIDNIGHT_MS + DAY_MS, MIDNIGHT_MS + 2 * DAY_MS), _STAYS).contacts == []


def test_times_count_with_their_errors() -> None:
    """What is certain to the minute is only possible where a clock was off by half an hour."""
    door = a_door()
    siti, budi, ani = a_person("Siti"), a_person("Budi"), a_person("Ani")
    stay(door, siti, 9, 10)
    stay(door, budi, 9.75, 11, error_min=15)
    stay(door, ani, 9.25, 11, error_min=15)
    told = met(traced(siti))
    assert told[budi.sub] == (False, 0, 0.5)
    assert told[ani.sub] == (True, 0.5, 1)


def test_whom_a_kiosk_without_a_clock_saw_may_have_been_there() -> None:
    """Also weeks before and after: nothing but bounds is known of when."""
    door = a_door()
    siti, budi = a_person("Siti"), a_person("Budi")
    see(door, budi, -200, error_min=400 * 60, is_known=0)
    stay(door, siti, 9, 10)
    assert met(traced(siti)) == {budi.sub: (False, 0, 1)}


def test_who_came_the_evening_before_is_still_there() -> None:
    """An employee past midnight; the period cuts what came before."""
    door = a_door()
    siti, budi = a_person("Siti"), a_person("Budi")
    for who in (siti, budi):
        see(door, who, -2, pass_type=3)
        see(door, who, 5, OUT, pass_type=3)
    assert met(traced(siti)) == {budi.sub: (True, 5, 5)}


def test_a_visitor_without_an_exit_left_at_closing_an_employee_need_not() -> None:
    door = a_door()
    OpeningHours.objects.create(site=door.site, weekday=3, opens=time(8), closes=time(12))
    OpeningHours.objects.create(site=door.site, weekday=3, opens=time(13), closes=time(16))
    siti, budi, made = a_person("Siti"), a_person("Budi"), a_person("Made")
    see(door, budi, 14)
    see(door, made, 14, pass_type=3)
    stay(door, siti, 15, 17.5)
    assert met(traced(siti)) == {budi.sub: (False, 0, 1), made.sub: (False, 0, 2.5)}


def test_whom_an_officer_let_in_was_inside() -> None:
    """For certain where he pressed; who was only sent to him perhaps."""
    door = a_door()
    siti, budi, ani = a_person("Siti"), a_person("Budi"), a_person("Ani")
    stay(door, siti, 9, 12)
    asked = see(door, budi, 10, shown=REFER)
    see(door, None, 10.01, assisted=1, of_seq=asked.entry.seq, pass_type=None)
    see(door, ani, 10, shown=REFER)
    for who in (budi, ani):
        see(door, who, 11, OUT)
    told = traced(siti)
    assert met(told)[budi.sub] == (True, 1, 1)
    assert met(told)[ani.sub] == (False, 0, 2)
    assert told.nameless == 0


def test_who_was_refused_was_at_the_door_alone() -> None:
    door = a_door()
    siti, budi, ani = a_person("Siti"), a_person("Budi"), a_person("Ani")
    stay(door, siti, 9, 11)
    see(door, budi, 9.05, shown=DENY)
    see(door, ani, 10, shown=DENY)
    told = traced(siti)
    assert met(told) == {}
    assert [(one.who, one.is_certain) for one in told.encounters] == [(budi.sub, True)]
    (encounter,) = traced(budi).encounters
    assert encounter.who == siti.sub
    assert traced(budi).presences == {}


def test_who_showed_nothing_that_names_them_is_counted() -> None:
    """A health certificate, and somebody without a phone; not who left, nor who came too early."""
    door = a_door()
    siti = a_person("Siti")
    stay(door, siti, 9, 11)
    see(door, None, 10, pass_type=5)
    see(door, None, 10.5, assisted=1, pass_type=None)
    see(door, None, 10, OUT, pass_type=5)
    see(door, None, 8, pass_type=5)
    assert traced(siti).nameless == 2


def test_a_door_in_both_directions_says_that_somebody_was_there() -> None:
    door = a_door()
    siti, budi = a_person("Siti"), a_person("Budi")
    stay(door, siti, 9, 11)
    see(door, budi, 12, UNKNOWN)
    assert met(traced(siti)) == {budi.sub: (False, 0, 2)}


def test_people_without_a_name_are_found_too() -> None:
    """Of another hub's pass the number alone is known."""
    door = a_door()
    siti = a_person("Siti")
    stay(door, siti, 9, 11)
    stay(door, b"stranger", 10, 12)
    assert met(traced(siti)) == {b"stranger": (True, 1, 1)}


def test_a_month_is_asked_for_as_a_day_is() -> None:
    """With as many queries, however many sites and people there are."""
    siti = a_person("Siti")
    doors = [a_door(f"Gedung {number}") for number in range(4)]
    people = [a_person(f"Budi {number}") for number in range(10)]
    asked = []
    for day in range(3):
        for door in doors[: day + 1]:
            for who in (siti, *people[: 5 * day + 1]):
                stay(door, who, 24 * day + 9 + door.pk % 3, 24 * day + 10 + door.pk % 3)
        with CaptureQueriesContext(connection) as queries:
            told = traced(siti, days=day + 1)
        assert len(told.contacts) == min(5 * day + 1, 10)
        asked.append(len(queries))
    assert asked == [asked[0]] * 3
    assert asked[0] <= 6
