"""Who was in the same place at the same time, and for how long."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.hub.tracing.contacts import Crowd, contacts_of, crowds
from sync.hub.tracing.doorstep import NEAR_MS, AtDoor, encounters
from sync.hub.tracing.limits import Limits
from sync.hub.tracing.presence import Presence, Sighting, Way, presence_of
from sync.hub.tracing.spans import common, length_ms
from tests.sync.hub.tracing.test_presence import histories
from tests.sync.hub.tracing.worlds import a_world

_MINUTE_MS = 60_000
_HOUR_MS = 60 * _MINUTE_MS
_LIMITS = Limits(4 * _HOUR_MS)


def a_stay(came: tuple[float, float], went: tuple[float, float]) -> Presence:
    return presence_of(
        [
            Sighting(Way.IN, int(came[0] * _HOUR_MS), int(came[1] * _HOUR_MS), 1, 1),
            Sighting(Way.OUT, int(went[0] * _HOUR_MS), int(went[1] * _HOUR_MS), 2, 1),
        ],
        _LIMITS,
    )


def test_a_contact_is_certain_where_no_times_within_their_errors_undo_it() -> None:
    """The least is from the latest coming to the earliest going, the most the other way round."""
    here = {5: a_stay((8, 8.5), (10, 10.5))}
    (contact,) = contacts_of(here, [("Budi", {5: a_stay((9, 9.25), (11, 11.5))})])
    assert contact.is_certain
    assert (contact.least_ms, contact.most_ms) == (0.75 * _HOUR_MS, 1.5 * _HOUR_MS)
    (meeting,) = contact.meetings
    assert (meeting.place, meeting.first_ms, meeting.last_ms) == (5, 9 * _HOUR_MS, 10.5 * _HOUR_MS)


def test_a_contact_is_possible_where_some_times_make_one() -> None:
    here = {5: a_stay((8, 8.5), (10, 10.5))}
    (contact,) = contacts_of(here, [("Budi", {5: a_stay((10, 10.25), (11, 11.5))})])
    assert not contact.is_certain
    assert (contact.least_ms, contact.most_ms) == (0, 0.5 * _HOUR_MS)


def test_at_other_sites_or_one_after_the_other_is_no_contact() -> None:
    """To meet in the door, for no time at all, is none either."""
    here = {5: a_stay((8, 8), (10, 10))}
    others = [("Ani", {6: a_stay((8, 8), (10, 10))}), ("Budi", {5: a_stay((10, 10), (11, 11))})]
    assert contacts_of(here, others) == []


def test_the_least_time_is_asked_of_all_sites_together() -> None:
    """Quarter of an hour at one, ten minutes at another."""
    here = {5: a_stay((8, 8), (9, 9)), 6: a_stay((10, 10), (11, 11))}
    there = {5: a_stay((8.75, 8.75), (9, 9)), 6: a_stay((10, 10), (10 + 1 / 6, 10 + 1 / 6))}
    asked = {
        minutes: contacts_of(here, [("Budi", there)], at_least_ms=minutes * _MINUTE_MS)
        for minutes in (25, 26)
    }
    assert [one.is_certain for one in asked[25]] == [True]
    assert asked[26] == []


def test_the_certain_come_first_then_the_longer() -> None:
    here = {5: a_stay((8, 8), (12, 12))}
    others = {
        "short": a_stay((9, 9), (9.5, 9.5)),
        "long": a_stay((9, 9), (11, 11)),
        "maybe, and longest": presence_of(
            [Sighting(Way.IN, 8 * _HOUR_MS, 8 * _HOUR_MS, 1, 1)], _LIMITS
        ),
        "as sure, maybe longer": a_stay((9, 9), (11, 12)),
    }
    ranked = contacts_of(here, [(who, {5: presence}) for who, presence in others.items()])
    assert [one.who for one in ranked] == [
        *("as sure, maybe longer", "long", "short", "maybe, and longest"),
    ]


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(histories(days=1), histories(days=1), st.integers(0, 2**32))
def test_every_world_agrees(one: list[Sighting], other: list[Sighting], seed: int) -> None:
    """A certain contact is one in each; one in any is possible; its length is within the bounds."""
    here, there = ({5: presence_of(sightings, _LIMITS)} for sightings in (one, other))
    contact = next(iter(contacts_of(here, [("Budi", there)])), None)
    random = Random(seed)
    for _ in range(25):
        worlds = (a_world(sightings, _LIMITS, random) for sightings in (one, other))
        together_ms = length_ms(common(*worlds))
        if contact is None:
            assert together_ms == 0
        else:
            assert contact.least_ms <= together_ms <= contact.most_ms
            assert together_ms > 0 or not contact.is_certain


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(st.lists(histories(days=0), max_size=4), st.integers(0, 2**32))
def test_a_crowd_is_between_its_bounds_in_every_world(
    people: list[list[Sighting]], seed: int
) -> None:
    """At each quarter of an hour of a day."""
    begin = min((one.lower_ms for person in people for one in person), default=0)
    day = (begin, begin + 24 * _HOUR_MS)
    presences = [presence_of(person, _LIMITS) for person in people]
    told = crowds(presences, day, 15 * _MINUTE_MS)
    assert len(told) == 96
    random = Random(seed)
    worlds = [a_world(person, _LIMITS, random) for person in people]
    for crowd in told:
        quarter = ((crowd.begin_ms, crowd.begin_ms + 15 * _MINUTE_MS),)
        inside = sum(bool(common(world, quarter)) for world in worlds)
        assert crowd.fewest <= inside <= crowd.most


def test_a_crowd_counts_who_was_inside_at_some_moment() -> None:
    told = crowds([a_stay((8, 8.2), (8.5, 8.5))], (8 * _HOUR_MS, 9 * _HOUR_MS), 15 * _MINUTE_MS)
    quarters = [8 * _HOUR_MS + count * 15 * _MINUTE_MS for count in range(4)]
    assert told == [
        Crowd(quarters[0], 1, 1),
        Crowd(quarters[1], 1, 1),
        Crowd(quarters[2], 0, 0),
        Crowd(quarters[3], 0, 0),
    ]


def test_who_was_refused_was_at_the_door() -> None:
    """With whoever may have been there within five minutes; not where nobody was refused."""
    refused, passed = AtDoor(1, 0, 0, was_refused=True), AtDoor(1, 0, 0, was_refused=False)
    near = AtDoor(1, NEAR_MS, NEAR_MS, was_refused=False)
    maybe = AtDoor(1, NEAR_MS - 1, 3 * NEAR_MS, was_refused=False)
    far = AtDoor(1, NEAR_MS + 1, NEAR_MS + 1, was_refused=False)
    elsewhere = AtDoor(2, 0, 0, was_refused=True)
    others = [("maybe", maybe), ("near", near), ("far", far), ("elsewhere", elsewhere)]
    found = encounters([refused], others)
    assert [(one.who, one.is_certain) for one in found] == [("near", True), ("maybe", False)]
    assert found[1].apart_ms == (NEAR_MS - 1, 3 * NEAR_MS)
    assert encounters([passed], others) == []
    assert [one.who for one in encounters([passed], [("turned away", refused)])] == ["turned away"]
