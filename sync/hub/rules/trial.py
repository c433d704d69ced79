"""A trial phase in figures: who would have been refused, or sent to the officer, by which rule,
at which site, on which day. Three questions to the database, however many visits there are.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField, Case, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from kiosk.admission.verdict import Outcome
from sync.hub.clock import unix_ms
from sync.hub.fleet.models import Site
from sync.hub.ingest.models import Visit

DAYS = 28
_DAY_MS = 86_400_000
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Figures:
    """Of `visits`, how many a rulebook in earnest would have refused, or sent to the officer."""

    visits: int
    refused: int
    referred: int


@dataclass(frozen=True, slots=True)
class OfRule:
    """`rule` is its place in the rulebook, None where none was reached."""

    rule: int | None
    reason: int
    figures: Figures


@dataclass(frozen=True, slots=True)
class Trial:
    rules: tuple[OfRule, ...]
    sites: tuple[tuple[str, Figures], ...]
    days: tuple[tuple[date, Figures], ...]

    @property
    def all(self) -> Figures:
        every = [figures for _site, figures in self.sites]
        return Figures(
            sum(one.visits for one in every),
            sum(one.refused for one in every),
            sum(one.referred for one in every),
        )


def trial_of(
    version: int, now: datetime, *, office: int | None = None, site: int | None = None
) -> Trial:
    """Count the visits of the last `DAYS` days that this rulebook decided."""
    since_ms = unix_ms(now - timedelta(days=DAYS))
    visits = Visit.objects.filter(
        rulebook=version, lower_ms__gte=since_ms, assisted__isnull=True
    ).order_by()
    if office is not None:
        visits = visits.filter(door__office_id=office)
    if site is not None:
        visits = visits.filter(door__site_id=site)
    rules = (
        OfRule(row["rule"], row["reason"], figures)
        for row, figures in _counted(visits, "rule", "reason")
        if figures.refused or figures.referred
    )
    sites = ((row["door__site__name"], figures) for row, figures in _by_site(visits))
    days = (
        (_day(row["day"]), figures) for row, figures in _counted(_with_days(visits, now), "day")
    )
    return Trial(
        tuple(sorted(rules, key=lambda one: -one.figures.refused - one.figures.referred)),
        tuple(sites),
        tuple(sorted(days, key=lambda one: one[0])),
    )


def _counted(visits: QuerySet[Visit], *by: str) -> Iterator[tuple[Mapping[str, Any], Figures]]:
    """A refusal that was shown as amber is one that a door in earnest would have shown."""
    rows: Iterable[Mapping[str, Any]] = visits.values(*by).annotate(
        visits=Count("pk"),
        refused=Count("pk", filter=Q(outcome=Outcome.DENY)),
        referred=Count("pk", filter=Q(outcome=Outcome.REFER)),
    )
    for row in rows:
        yield row, Figures(row["visits"], row["refused"], row["referred"])


def _by_site(visits: QuerySet[Visit]) -> list[tuple[Mapping[str, Any], Figures]]:
    found = _counted(visits, "door__site", "door__site__name")
    return sorted(found, key=lambda one: (-one[1].refused, one[0]["door__site__name"]))


def _with_days(visits: QuerySet[Visit], now: datetime) -> QuerySet[Visit]:
    """Count days as each site's own calendar does."""
    zones = Site.objects.values_list("timezone", flat=True).distinct().order_by()
    offsets = Case(
        *(When(door__site__timezone=name, then=Value(_offset_ms(name, now))) for name in zones),
        default=Value(0),
        output_field=BigIntegerField(),
    )
    day = Cast((F("lower_ms") + offsets) / Value(_DAY_MS), BigIntegerField())
    return visits.annotate(day=day)


def _offset_ms(name: str, now: datetime) -> int:
    offset = now.astimezone(UTC).astimezone(ZoneInfo(name)).utcoffset()
    return 0 if offset is None else int(offset.total_seconds()) * 1000


def _day(number: int) -> date:
    return _EPOCH + timedelta(days=number)
