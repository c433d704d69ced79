"""One world after another, as `sync.hub.tracing.presence` tells what a world is: slow and plain.

It shares nothing with what is tested but the records, the limits and the arithmetic of spans.
"""

from collections.abc import Sequence
from random import Random

from sync.hub.tracing.limits import Limits
from sync.hub.tracing.presence import Sighting, Way
from sync.hub.tracing.spans import Span, Spans, united

Timed = tuple[int, Sighting]


def a_world(sightings: Sequence[Sighting], limits: Limits, random: Random) -> Spans:
    """Return when the person was inside in one world, drawn so that extremes are frequent."""
    timed = [one for one in _times(sightings, random) if one[1].is_sure or random.random() < 0.5]
    # Of equal times any may have been first, but for those of one journal.
    random.shuffle(timed)
    timed.sort(key=lambda one: one[0])
    timed = _in_journal_order(timed)
    spans: list[Span] = []
    for before, after in zip([None, *timed], [*timed, None], strict=True):
        spans += _between(before, after, limits, random)
    return united(spans)


def _times(sightings: Sequence[Sighting], random: Random) -> list[Timed]:
    journals: dict[int, list[Sighting]] = {}
    for one in sorted(sightings, key=lambda one: one.seq):
        journals.setdefault(one.journal, []).append(one)
    found: list[Timed] = []
    for told in journals.values():
        earliest = -(2**63)
        for place, one in enumerate(told):
            upper = min(later.upper_ms for later in told[place:])
            earliest = _draw(max(one.lower_ms, earliest), upper, random)
            found.append((earliest, one))
    return found


def _draw(lower: int, upper: int, random: Random) -> int:
    return random.choice((lower, upper, random.randint(lower, upper)))


def _in_journal_order(timed: list[Timed]) -> list[Timed]:
    """Swap neighbours of one time and one journal that stand the wrong way round."""
    found = list(timed)
    for _ in found:
        for place in range(len(found) - 1):
            (at, one), (then, other) = found[place], found[place + 1]
            if at == then and (one.journal, one.seq) > (other.journal, other.seq):
                found[place : place + 2] = [(then, other), (at, one)]
    return found


def _between(
    before: Timed | None, after: Timed | None, limits: Limits, random: Random
) -> list[Span]:
    begin = None if before is None else before[0]
    end = None if after is None else after[0]
    came = before is not None and before[1].way is Way.IN
    went = after is not None and after[1].way is Way.OUT
    is_stay = begin is not None and end is not None and end - begin <= limits.longest_ms
    if begin is not None and end is not None and is_stay and came and went:
        return [(begin, end)]
    spans: list[Span] = []
    if before is not None and begin is not None and before[1].way is not Way.OUT:
        latest = limits.latest_end(begin)
        spans.append((begin, _draw(begin, latest if end is None else min(end, latest), random)))
    if after is not None and end is not None and after[1].way is not Way.IN:
        earliest = limits.earliest_begin(end)
        first = earliest if begin is None else max(begin, earliest)
        spans.append((_draw(first, end, random), end))
    return spans
