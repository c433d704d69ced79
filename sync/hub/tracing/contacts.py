"""Who was inside the same sites as somebody, at the same time. Pure.

A contact is certain where both were inside together for the least time asked in every world of
`sync.hub.tracing.presence`, and possible where they were in any.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from sync.hub.tracing.presence import Presence
from sync.hub.tracing.spans import Span, common, length_ms

Who = TypeVar("Who", bound=Hashable)
Place = int
Presences = Mapping[Place, Presence]


@dataclass(frozen=True, slots=True)
class Meeting:
    """Of two people at one site; `first_ms` to `last_ms` is when they can have been together."""

    place: Place
    least_ms: int
    most_ms: int
    first_ms: int
    last_ms: int


@dataclass(frozen=True, slots=True)
class Contact(Generic[Who]):
    """`is_certain` says that they were together for the least time asked, in every world."""

    who: Who
    is_certain: bool
    least_ms: int
    most_ms: int
    meetings: tuple[Meeting, ...]


def contacts_of(
    somebody: Presences, others: Iterable[tuple[Who, Presences]], *, at_least_ms: int = 0
) -> list[Contact[Who]]:
    """Return the certain ones first, then by how long for certain, then by how long at most.

    What lasts no time at all is no contact, also where no least time is asked.
    """
    found = [
        contact
        for who, presences in others
        if (contact := _contact(who, somebody, presences, max(at_least_ms, 1)))
    ]
    return sorted(found, key=lambda one: (not one.is_certain, -one.least_ms, -one.most_ms))


def _contact(
    who: Who, somebody: Presences, other: Presences, at_least_ms: int
) -> Contact[Who] | None:
    meetings = tuple(
        meeting
        for place in sorted(somebody.keys() & other.keys())
        if (meeting := meet(place, somebody[place], other[place]))
    )
    most_ms = sum(meeting.most_ms for meeting in meetings)
    if most_ms < at_least_ms:
        return None
    least_ms = sum(meeting.least_ms for meeting in meetings)
    return Contact(who, least_ms >= at_least_ms, least_ms, most_ms, meetings)


def meet(place: Place, one: Presence, other: Presence) -> Meeting | None:
    together = common(one.may, other.may)
    if not together:
        return None
    return Meeting(
        place=place,
        least_ms=length_ms(common(one.sure, other.sure)),
        most_ms=length_ms(together),
        first_ms=together[0][0],
        last_ms=together[-1][1],
    )


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many were inside at some moment of a span: the fewest and the most that it can be."""

    begin_ms: int
    fewest: int
    most: int


def crowds(presences: Iterable[Presence], day: Span, step_ms: int) -> list[Crowd]:
    """Return one for each step of the day."""
    count = -(-(day[1] - day[0]) // step_ms)
    fewest, most = [0] * count, [0] * count
    for presence in presences:
        for spans, tally in ((presence.sure, fewest), (presence.may, most)):
            touched = {
                step
                for begin, end in common(spans, (day,))
                for step in range((begin - day[0]) // step_ms, (end - 1 - day[0]) // step_ms + 1)
            }
            for step in touched:
                tally[step] += 1
    return [Crowd(day[0] + step * step_ms, fewest[step], most[step]) for step in range(count)]
