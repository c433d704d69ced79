"""From the order of what happened to the stays of one working day. Pure.

Read in their order are sightings, the beginnings of working days, and the moments from which on a
stay is too long to be one. Three days are read: what was begun the day before may end in the
middle one, and what was begun in it may end the day after.

At doors in both directions the first sighting of a working day stands for coming in and the last
one for going out; those between say only that somebody was there.
"""

from typing import NamedTuple

from sync.wire.visit import Direction

MIDDLE = 1  # the day whose stays are kept; 0 is the one before it and 2 the one after it
OVER = 3

Stay = tuple[int | None, int | None]
"""By which sightings somebody came in and went out, as numbers; None where one is missing."""


class Open(NamedTuple):
    """A stay that has begun: by which sighting, on which of the three days."""

    by: int
    day: int


class State(NamedTuple):
    """What is known after some of it was read.

    `day` is -1 before the first of the three days. `otherwise` is how things stand if the sighting
    that was read last turns out to be the last one of its day.
    """

    day: int = -1
    has_seen: bool = False
    open: Open | None = None
    stays: tuple[Stay, ...] = ()
    otherwise: "State | None" = None

    @property
    def is_settled(self) -> bool:
        """Nothing that comes can change the stays of the middle day."""
        is_open = self.open is not None and self.open.day == MIDDLE
        return self.day == OVER or (self.day > MIDDLE and not is_open and self.otherwise is None)

    @property
    def outcome(self) -> tuple[Stay, ...]:
        return _given_up(self).stays


BEGUN = State()


def next_day(state: State) -> State:
    state = state.otherwise or state
    return state._replace(day=state.day + 1, has_seen=False, otherwise=None)


def too_long(state: State, by: int) -> State:
    """The stay that began `by` that sighting can no longer end, if it is still open."""
    if state.otherwise is not None:
        state = state._replace(otherwise=too_long(state.otherwise, by))
    return _given_up(state) if state.open is not None and state.open.by == by else state


def see(state: State, number: int, direction: Direction, *, may_end: bool = True) -> State:
    """`may_end` says whether the stay that is open is still short enough to end here."""
    if not 0 <= state.day < OVER:
        return state
    is_first = not state.has_seen
    state = state._replace(has_seen=True, otherwise=None)
    if direction is Direction.IN or (direction is Direction.UNKNOWN and is_first):
        return _given_up(state)._replace(open=Open(number, state.day))
    ended = _end(state, number, may_end=may_end)
    return ended if direction is Direction.OUT else state._replace(otherwise=ended)


def _end(state: State, number: int, *, may_end: bool) -> State:
    begun = state.open
    if begun is None or not may_end:
        state = _given_up(state)
        return _with(state, (None, number)) if state.day == MIDDLE else state
    state = state._replace(open=None)
    return _with(state, (begun.by, number)) if begun.day == MIDDLE else state


def _given_up(state: State) -> State:
    begun = state.open
    if begun is None:
        return state
    state = state._replace(open=None)
    return _with(state, (begun.by, None)) if begun.day == MIDDLE else state


def _with(state: State, stay: Stay) -> State:
    return state._replace(stays=(*state.stays, stay))
