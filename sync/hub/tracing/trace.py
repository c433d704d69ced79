"""On a reported case: where somebody was, and who else was there at the same time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sync.hub.tracing.contacts import Contact, contacts_of
from sync.hub.tracing.doorstep import Encounter, encounters
from sync.hub.tracing.gathering import (
    LongestStays,
    Places,
    Row,
    at_door,
    passed,
    places_of,
    presences,
    presses,
    rows_at,
    rows_of,
    was_refused,
    within_error,
    works_here,
)
from sync.hub.tracing.presence import NOWHERE, Presence, Way
from sync.hub.tracing.spans import Span, common


@dataclass(frozen=True, slots=True)
class Trace:
    """`passages` are the person's own visits of the period; `presences` by site. `nameless` counts
    what others showed or an officer pressed at these doors in that time that names no person.
    """

    places: Places
    passages: Sequence[Row]
    presences: Mapping[int, Presence]
    contacts: Sequence[Contact[bytes]]
    encounters: Sequence[Encounter[bytes]]
    nameless: int


def trace(sub: bytes, period: Span, stays: LongestStays, *, at_least_ms: int = 0) -> Trace:
    """Six queries, whoever it is; Unix milliseconds."""
    margin_ms = stays.any_ms
    own = rows_of(sub, (period[0] - margin_ms, period[1] + margin_ms))
    places = places_of(row.door for row in own)
    around = _around(own, places, period, stays)
    rows = rows_at(places, around)
    let_in = presses(rows)
    theirs: defaultdict[bytes, list[Row]] = defaultdict(list)
    for row in rows:
        if row.sub is not None:
            theirs[row.sub].append(row)
    mine = _within(presences(theirs.pop(sub, []), places, stays, let_in), period)
    passages = [row for row in own if _is_within(row, period)]
    others = (
        (who, presences(seen, places, stays, let_in, sites))
        for who, seen in theirs.items()
        if (sites := _where_they_may_meet(seen, mine, places, stays))
    )
    return Trace(
        places=places,
        passages=passages,
        presences=mine,
        contacts=contacts_of(mine, others, at_least_ms=at_least_ms),
        encounters=_encounters(passages, theirs),
        nameless=_nameless(rows, mine, places, let_in),
    )


def _around(
    own: Sequence[Row], places: Places, period: Span, stays: LongestStays
) -> dict[int, Span]:
    """Return by site the time within which what others did there can matter.

    At the doors where the person was refused that is the time around, too.
    """
    may = _within(presences(own, places, stays), period)
    hulls = {site: (found.may[0][0], found.may[-1][1]) for site, found in may.items()}
    for row in own:
        if _is_within(row, period):
            site = places.doors[row.door].site_id
            begin_ms, end_ms = within_error(row)
            first_ms, last_ms = hulls.get(site, (begin_ms, end_ms))
            hulls[site] = min(begin_ms, first_ms), max(end_ms, last_ms)
    longest_ms = stays.any_ms
    return {site: (first - longest_ms, last + longest_ms) for site, (first, last) in hulls.items()}


def _encounters(
    passages: Sequence[Row], theirs: Mapping[bytes, Sequence[Row]]
) -> list[Encounter[bytes]]:
    """Hold against each other those alone of whom one was refused: that is seldom."""
    turned_away_at = {row.door for row in passages if was_refused(row)}
    near = (
        (who, at_door(row))
        for who, rows in theirs.items()
        for row in rows
        if row.door in turned_away_at or was_refused(row)
    )
    return encounters([at_door(row) for row in passages], near)


def _where_they_may_meet(
    rows: Sequence[Row], mine: Mapping[int, Presence], places: Places, stays: LongestStays
) -> set[int]:
    """Return the sites at which one of these is near enough to a stay of the person's; cheaper than
    to reckon.
    """
    longest_ms = stays.employee_ms if works_here(rows) else stays.visitor_ms
    found: set[int] = set()
    for row in rows:
        site = places.doors[row.door].site_id
        if site not in found and (presence := mine.get(site)) is not None:
            first_ms, last_ms = row.lower_ms - longest_ms, row.upper_ms + longest_ms
            if any(begin < last_ms and first_ms < end for begin, end in presence.may):
                found.add(site)
    return found


def _is_within(row: Row, period: Span) -> bool:
    begin_ms, end_ms = within_error(row)
    return begin_ms < period[1] and end_ms >= period[0]


def _within(found: Mapping[int, Presence], period: Span) -> dict[int, Presence]:
    clipped = {
        site: Presence(common(one.sure, (period,)), common(one.may, (period,)))
        for site, one in found.items()
    }
    return {site: one for site, one in clipped.items() if one != NOWHERE}


def _nameless(
    rows: Sequence[Row],
    mine: Mapping[int, Presence],
    places: Places,
    let_in: frozenset[tuple[int, int]],
) -> int:
    """Count those who went in while the person may have been inside, and whom nothing names."""
    count = 0
    for row in rows:
        presence = mine.get(places.doors[row.door].site_id)
        if row.sub is not None or row.of_seq is not None or presence is None:
            continue
        seen = passed(row, let_in)
        if seen is not None and seen.way is not Way.OUT:
            count += bool(common(presence.may, ((seen.lower_ms, seen.upper_ms + 1),)))
    return count
