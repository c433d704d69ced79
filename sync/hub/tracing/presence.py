"""When somebody was inside a site: for certain, and possibly. Pure.

A world is one way in which things can have been: a true time for each sighting within what is
known of it, in the order of the journal within one journal. Sorted by time, what lies between two
sightings that follow one another is decided so:

- between a coming and a going: inside, if it is no longer than the longest stay;
- after a coming or a sighting without direction otherwise: inside for some while (nobody recorded
  the going), to the next sighting, the longest stay or the closing of the site at most;
- before a going or a sighting without direction otherwise: likewise, backwards;
- else outside.

A sighting that is not sure may not have led inside: there are worlds with it and without.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import accumulate, pairwise

from sync.hub.tracing.limits import Limits
from sync.hub.tracing.spans import Span, Spans, united

_NEVER = -(2**63)
_ALWAYS = 2**63


class Way(IntEnum):
    """As `sync.wire.visit.Direction`."""

    UNKNOWN = 0
    IN = 1
    OUT = 2


@dataclass(frozen=True, slots=True)
class Sighting:
    """Somebody passed a door at a time from `lower_ms` to `upper_ms`. Within one `journal` the
    sighting of the lower `seq` was first.
    """

    way: Way
    lower_ms: int
    upper_ms: int
    journal: int
    seq: int
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class Presence:
    """`sure` is when somebody was inside in every world, `may` when they were in any."""

    sure: Spans
    may: Spans


NOWHERE = Presence((), ())


def presence_of(sightings: Iterable[Sighting], limits: Limits) -> Presence:
    """All sightings are of one person at one site."""
    known = _Known(narrowed(sightings))
    return Presence(united(_certain(known, limits)), united(_possible(known, limits)))


def narrowed(sightings: Iterable[Sighting]) -> list[Sighting]:
    """Return what the order within each journal leaves of the times, by lower bound.

    Where a journal contradicts itself its times stay as they were told.
    """
    found: list[Sighting] = []
    ordered = sorted(sightings, key=lambda one: (one.journal, one.seq))
    begin = 0
    for end in range(1, len(ordered) + 1):
        if end == len(ordered) or ordered[end].journal != ordered[begin].journal:
            found += _within_one_journal(ordered[begin:end])
            begin = end
    return sorted(found, key=lambda one: (one.lower_ms, one.upper_ms))


def _within_one_journal(told: list[Sighting]) -> list[Sighting]:
    if len(told) == 1 or all(one.upper_ms <= then.lower_ms for one, then in pairwise(told)):
        return told
    lowers = list(accumulate((one.lower_ms for one in told), max))
    uppers = list(accumulate((one.upper_ms for one in reversed(told)), min))[::-1]
    if any(lower > upper for lower, upper in zip(lowers, uppers, strict=True)):
        return told
    return [
        replace(one, lower_ms=lower, upper_ms=upper)
        for one, lower, upper in zip(told, lowers, uppers, strict=True)
    ]


class _Known:
    """Sightings by lower and by upper bound, and how far those on either side of a time reach.

    `latest_lower[n]` is the highest lower bound of the first n by upper bound, `earliest_upper[n]`
    the lowest upper bound of those from the nth by lower bound on: of sure ones alone.
    `next` and `previous` are the sure neighbours in the same journal.
    """

    def __init__(self, sightings: Sequence[Sighting]) -> None:
        self.by_lower = sightings
        self.by_upper = sorted(sightings, key=lambda one: one.upper_ms)
        self.lowers = [one.lower_ms for one in self.by_lower]
        self.uppers = [one.upper_ms for one in self.by_upper]
        told = (one.lower_ms if one.is_sure else _NEVER for one in self.by_upper)
        self.latest_lower = list(accumulate(told, max, initial=_NEVER))
        told = (one.upper_ms if one.is_sure else _ALWAYS for one in reversed(self.by_lower))
        self.earliest_upper = list(accumulate(told, min, initial=_ALWAYS))[::-1]
        goings = (one.upper_ms if one.way is Way.OUT else _NEVER for one in self.by_lower)
        self.latest_going = list(accumulate(goings, max, initial=_NEVER))
        in_order = sorted(sightings, key=lambda one: (one.journal, one.seq))
        self.previous = _sure_before(in_order)
        self.next = _sure_before(in_order[::-1])


def _sure_before(sightings: Sequence[Sighting]) -> dict[tuple[int, int], Sighting]:
    found: dict[tuple[int, int], Sighting] = {}
    last: Sighting | None = None
    for one in sightings:
        if last is not None and last.journal == one.journal:
            found[one.journal, one.seq] = last
        else:
            last = None
        if one.is_sure:
            last = one
    return found


def _possible(known: _Known, limits: Limits) -> Iterable[Span]:
    for one in known.by_lower:
        if one.way is not Way.OUT:
            yield one.lower_ms, _latest_end(one, known, limits)
        if one.way is not Way.IN:
            yield _earliest_begin(one, known, limits), one.upper_ms


def _latest_end(one: Sighting, known: _Known, limits: Limits) -> int:
    """Return up to when the sighting can account for somebody inside."""
    end_ms = limits.latest_end(one.upper_ms)
    if one.way is Way.IN:
        longest_ms = one.upper_ms + limits.longest_ms
        going_ms = known.latest_going[bisect_right(known.lowers, longest_ms)]
        end_ms = max(end_ms, min(going_ms, longest_ms))
    behind_ms = known.earliest_upper[bisect_right(known.lowers, one.upper_ms)]
    follower = known.next.get((one.journal, one.seq))
    return min(end_ms, behind_ms, _ALWAYS if follower is None else follower.upper_ms)


def _earliest_begin(one: Sighting, known: _Known, limits: Limits) -> int:
    before_ms = known.latest_lower[bisect_left(known.uppers, one.lower_ms)]
    leader = known.previous.get((one.journal, one.seq))
    begin_ms = limits.earliest_begin(one.lower_ms)
    return max(begin_ms, before_ms, _NEVER if leader is None else leader.lower_ms)


def _certain(known: _Known, limits: Limits) -> Iterable[Span]:
    """A span without any sighting in it is certain where whoever may have been the last one
    before it came, whoever may have been the first one after it went, and both belong together.
    """
    for begin, end in pairwise(sorted({*known.lowers, *known.uppers})):
        before = bisect_right(known.uppers, begin)
        after = bisect_left(known.lowers, end)
        if before != after:
            continue  # something can have happened within
        latest_ms, earliest_ms = known.latest_lower[before], known.earliest_upper[after]
        belong = earliest_ms - latest_ms <= limits.longest_ms
        if belong and _came_last(known, before, begin) and _goes_first(known, after, end):
            yield begin, end


def _came_last(known: _Known, before: int, begin: int) -> bool:
    for one in reversed(known.by_upper[:before]):
        if one.upper_ms < known.latest_lower[before]:
            break
        follower = known.next.get((one.journal, one.seq))
        if (follower is None or follower.upper_ms > begin) and one.way is not Way.IN:
            return False
    return True


def _goes_first(known: _Known, after: int, end: int) -> bool:
    for one in known.by_lower[after:]:
        if one.lower_ms > known.earliest_upper[after]:
            break
        leader = known.previous.get((one.journal, one.seq))
        if (leader is None or leader.lower_ms < end) and one.way is not Way.OUT:
            return False
    return True
