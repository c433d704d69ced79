"""Fetches who was seen at which doors, in as many queries for a day as for a month."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import Q

from kiosk.admission.verdict import Outcome
from kiosk.passes.claims import PassType
from sync.hub.fleet.models import Door, OpeningHours, Site
from sync.hub.ingest.models import Visit
from sync.hub.tracing.doorstep import AtDoor
from sync.hub.tracing.limits import Limits, OpenDays
from sync.hub.tracing.presence import NOWHERE, Presence, Sighting, Way, presence_of
from sync.hub.tracing.spans import Span

_HOUR_MS = 3_600_000
# An anchor's error is minutes after months; twice half a day leaves room for bad ones.
_WIDEST_DATED_MS = 24 * _HOUR_MS
_WORKS_HERE = frozenset({PassType.EMPLOYEE, PassType.OFFICER, PassType.ROSTER})
_COLUMNS = (
    *("sub", "door_id", "direction", "shown", "pass_type", "lower_ms", "upper_ms"),
    *("time_ms", "error_ms", "assisted", "of_seq", "entry__epoch_id", "entry__seq"),
)


@dataclass(frozen=True, slots=True)
class LongestStays:
    """Of whom nobody saw go: somebody who visits, and somebody who works there."""

    visitor_ms: int = 4 * _HOUR_MS
    employee_ms: int = 16 * _HOUR_MS

    @property
    def any_ms(self) -> int:
        return max(self.visitor_ms, self.employee_ms)


class Row(NamedTuple):
    """A visit as it is stored; in the order of `_COLUMNS`."""

    sub: bytes | None
    door: int
    direction: int
    shown: int
    pass_type: int | None
    lower_ms: int
    upper_ms: int
    time_ms: int | None
    error_ms: int | None
    assisted: int | None
    of_seq: int | None
    epoch: int
    seq: int


@dataclass(frozen=True, slots=True)
class Places:
    """Sites with their doors, and when they are open."""

    sites: Mapping[int, Site]
    doors: Mapping[int, Door]
    hours: Mapping[int, OpenDays]

    def limits(self, site: int, stays: LongestStays, *, works_here: bool) -> Limits:
        """Whoever works there does not leave because the site closes."""
        if works_here:
            return Limits(stays.employee_ms)
        return Limits(stays.visitor_ms, self.hours[site])


def rows_of(sub: bytes, period: Span) -> list[Row]:
    """Return what somebody may have done within that time, at all doors."""
    found = Visit.objects.filter(sub=sub, lower_ms__lt=period[1], upper_ms__gt=period[0])
    return _read(found.order_by("lower_ms", "pk").values_list(*_COLUMNS))


def places_of(doors: Iterable[int]) -> Places:
    """Return the sites of these doors with all their doors."""
    all_doors = Door.objects.filter(site__doors__in=set(doors)).select_related("site").distinct()
    by_key = {door.pk: door for door in all_doors}
    sites = {door.site_id: door.site for door in by_key.values()}
    spans: defaultdict[int, dict[int, tuple[OpeningHours, OpeningHours]]] = defaultdict(dict)
    for row in OpeningHours.objects.filter(site__in=sites).order_by("site", "weekday", "opens"):
        first, last = spans[row.site_id].get(row.weekday, (row, row))
        spans[row.site_id][row.weekday] = first, max(last, row, key=lambda one: one.closes)
    hours = {
        pk: OpenDays(
            site.timezone,
            {day: (first.opens, last.closes) for day, (first, last) in spans[pk].items()},
        )
        for pk, site in sites.items()
    }
    return Places(sites, by_key, hours)


def rows_at(places: Places, around: Mapping[int, Span]) -> list[Row]:
    """Return what anybody may have done at these sites, at each within a time of its own.

    The time of most is known to within a day, and an index leads to them; those of which less is
    known have an index of their own.
    """
    if not around:
        return []
    dated, undated = [], []
    for site, (begin_ms, end_ms) in around.items():
        doors = [pk for pk, door in places.doors.items() if door.site_id == site]
        first_ms = begin_ms - _WIDEST_DATED_MS
        dated.append(Q(door__in=doors, lower_ms__range=(first_ms, end_ms), upper_ms__gte=begin_ms))
        undated.append(Q(door__in=doors, upper_ms__gte=begin_ms, lower_ms__lte=end_ms))
    known = Visit.objects.filter(reduce(or_, dated), time_ms__isnull=False)
    unknown = Visit.objects.filter(reduce(or_, undated), time_ms__isnull=True)
    return [
        *_read(known.order_by().values_list(*_COLUMNS)),
        *_read(unknown.order_by().values_list(*_COLUMNS)),
    ]


def _read(rows: Iterable[tuple[object, ...]]) -> list[Row]:
    return [Row(*row) for row in rows]  # type: ignore[arg-type]


def within_error(row: Row) -> Span:
    """Return between which times the visit was, by its bounds and by its own time and error."""
    if row.time_ms is None or row.error_ms is None:
        return row.lower_ms, row.upper_ms
    lower_ms = max(row.lower_ms, row.time_ms - row.error_ms)
    upper_ms = min(row.upper_ms, row.time_ms + row.error_ms)
    return (lower_ms, upper_ms) if lower_ms <= upper_ms else (row.lower_ms, row.upper_ms)


def was_refused(row: Row) -> bool:
    """Nobody is kept in: at an exit there is no refusal."""
    return row.shown == Outcome.DENY and row.direction != Way.OUT


def presses(rows: Iterable[Row]) -> frozenset[tuple[int, int]]:
    """Return the entries of those whom an officer let in at the press of a button."""
    return frozenset((row.epoch, row.of_seq) for row in rows if row.of_seq is not None)


def passed(row: Row, let_in: frozenset[tuple[int, int]]) -> Sighting | None:
    """Return that somebody went through a door, None where they were refused there.

    Whom an officer was asked about went in for certain where he pressed; else perhaps.
    """
    if was_refused(row):
        return None
    is_sure = (
        row.shown == Outcome.ADMIT or row.direction == Way.OUT or (row.epoch, row.seq) in let_in
    )
    known = row.direction in {Way.IN, Way.OUT}
    way = Way(row.direction) if known else Way.UNKNOWN
    return Sighting(way, *within_error(row), row.epoch, row.seq, is_sure)


def works_here(rows: Iterable[Row]) -> bool:
    return any(row.pass_type in _WORKS_HERE for row in rows)


def at_door(row: Row) -> AtDoor:
    return AtDoor(row.door, *within_error(row), was_refused(row))


def presences(
    rows: Sequence[Row],
    places: Places,
    stays: LongestStays,
    let_in: frozenset[tuple[int, int]] = frozenset(),
    sites: Container[int] | None = None,
) -> dict[int, Presence]:
    """Return where one person was inside and when; `rows` are theirs alone, `sites` those that are
    asked for, None for all.
    """
    by_site: defaultdict[int, list[Sighting]] = defaultdict(list)
    for row in rows:
        site = places.doors[row.door].site_id
        if (sites is None or site in sites) and (sighting := passed(row, let_in)) is not None:
            by_site[site].append(sighting)
    is_employee = works_here(rows)
    found = {
        site: presence_of(seen, places.limits(site, stays, works_here=is_employee))
        for site, seen in by_site.items()
    }
    return {site: presence for site, presence in found.items() if presence != NOWHERE}
