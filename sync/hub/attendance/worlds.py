"""Every order in which what is known of times may have happened, and what comes of it. Pure.

A world gives each sighting one time of its interval. What the stays of a day are depends on the
order of things alone, so that worlds of one order are one; and of two orders that lead to the same
state, with the same things still to come, only one is gone on with.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple

from sync.hub.attendance.pairing import BEGUN, State, Stay, next_day, see, too_long
from sync.hub.attendance.sightings import Calendar, Sighting
from sync.wire.visit import Direction

# A day of one person: beyond this nobody could follow the answer either.
MOST_STATES = 20_000


class Kind(IntEnum):
    """At the very same time things are read in this order."""

    DAY_BEGINS = 0
    TOO_LONG = 1
    SEEN = 2


class Thing(NamedTuple):
    """Happens at some time from `lower_ms` to `upper_ms`; `rank` decides at the very same time.

    `number` is that of the sighting, for TOO_LONG of the one by which the stay began.
    """

    lower_ms: int
    upper_ms: int
    kind: Kind
    rank: tuple[int, int]
    number: int

    @property
    def earliest(self) -> tuple[int, Kind, tuple[int, int]]:
        return (self.lower_ms, self.kind, self.rank)

    @property
    def latest(self) -> tuple[int, Kind, tuple[int, int]]:
        return (self.upper_ms, self.kind, self.rank)


@dataclass(frozen=True, slots=True)
class Window:
    """A working day with the days around it. `sightings` are all that may lie in the three."""

    begins_ms: tuple[int, int, int, int]
    sightings: tuple[Sighting, ...]
    longest_ms: int

    def may_be_too_long(self, began: Sighting) -> bool:
        """Say whether some sighting may end that stay in one world and be too late in another."""
        return any(
            one.direction is not Direction.IN
            and one.lower_ms - began.upper_ms < self.longest_ms
            and one.upper_ms - began.lower_ms >= self.longest_ms
            for one in self.sightings
        )


def window_of(day: date, sightings: Sequence[Sighting], calendar: Calendar) -> Window:
    """Take in what may lie in the three days; `sightings` agree with their journals."""
    first, second, third, fourth = (
        calendar.begin_ms(day + timedelta(days=step)) for step in (-1, 0, 1, 2)
    )
    within = (one for one in sightings if one.upper_ms >= first and one.lower_ms < fourth)
    return Window((first, second, third, fourth), tuple(within), calendar.longest_shift_ms)


def outcomes(window: Window) -> frozenset[tuple[Stay, ...]] | None:
    """Return what the stays of the middle day are, over all worlds; None where they are too many
    to be gone through.
    """
    things = sorted(_things(window), key=lambda one: one.earliest)
    if _is_one_order(things):
        return frozenset({_only(window, things)})
    return _search(window, things)


def _things(window: Window) -> list[Thing]:
    found = [
        Thing(at_ms, at_ms, Kind.DAY_BEGINS, (0, place), place)
        for place, at_ms in enumerate(window.begins_ms)
    ]
    longest_ms = window.longest_ms
    for number, one in enumerate(window.sightings):
        found.append(Thing(one.lower_ms, one.upper_ms, Kind.SEEN, one.rank, number))
        if one.direction is not Direction.OUT and window.may_be_too_long(one):
            lower_ms, upper_ms = one.lower_ms + longest_ms, one.upper_ms + longest_ms
            found.append(Thing(lower_ms, upper_ms, Kind.TOO_LONG, one.rank, number))
    return found


def _is_one_order(things: Sequence[Thing]) -> bool:
    return all(one.latest < after.earliest for one, after in pairwise(things))


def _only(window: Window, things: Sequence[Thing]) -> tuple[Stay, ...]:
    state = BEGUN
    for thing in things:
        state = _read(window, state, thing)
    return state.outcome


def _search(window: Window, things: Sequence[Thing]) -> frozenset[tuple[Stay, ...]] | None:
    """Go through the orders; a bit of `done` is set for each thing that has happened."""
    before = [_mask_before(thing, things) for thing in things]
    found: set[tuple[Stay, ...]] = set()
    known = {(0, BEGUN)}
    to_do = [(0, BEGUN)]
    while to_do:
        done, state = to_do.pop()
        if state.is_settled or done == (1 << len(things)) - 1:
            found.add(state.outcome)
            continue
        for place, thing in enumerate(things):
            if done >> place & 1 or before[place] & ~done:
                continue
            reached = (done | 1 << place, _read(window, state, thing))
            if reached not in known:
                known.add(reached)
                to_do.append(reached)
        if len(known) > MOST_STATES:
            return None
    return frozenset(found)


def _mask_before(thing: Thing, things: Sequence[Thing]) -> int:
    return sum(1 << place for place, one in enumerate(things) if _is_before(one, thing))


def _is_before(one: Thing, other: Thing) -> bool:
    """Say whether it is so in every world."""
    if one.number == other.number and (one.kind, other.kind) == (Kind.SEEN, Kind.TOO_LONG):
        return True
    if one.kind is other.kind is not Kind.DAY_BEGINS and one.rank[0] == other.rank[0]:
        return one.rank < other.rank
    return one.latest < other.earliest


def _read(window: Window, state: State, thing: Thing) -> State:
    if thing.kind is Kind.DAY_BEGINS:
        return next_day(state)
    if thing.kind is Kind.TOO_LONG:
        return too_long(state, thing.number)
    seen = window.sightings[thing.number]
    may_end = state.open is None or _may_end(window, window.sightings[state.open.by], seen)
    return see(state, thing.number, seen.direction, may_end=may_end)


def _may_end(window: Window, began: Sighting, ends: Sighting) -> bool:
    """Where both may be, a thing of kind TOO_LONG stands between the one and the other."""
    return ends.lower_ms - began.upper_ms < window.longest_ms
