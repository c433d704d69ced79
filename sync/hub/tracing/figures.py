"""What is published of who came: sums of rounded counts, and nothing else."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, F, IntegerField, QuerySet, Sum, Value, When

from kiosk.admission.verdict import Outcome
from sync.hub.fleet.models import Site
from sync.hub.tracing.models import HourCount

_DAY_HOURS = 24
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Asked:
    """`last` is the last day, `days` how many there are; one office or site, or all."""

    last: date
    days: int
    office: int | None = None
    site: int | None = None

    @property
    def first(self) -> date:
        return self.last - timedelta(days=self.days - 1)


@dataclass(frozen=True, slots=True)
class Figures:
    """Those who came: by day, by hour of the day, by week (from its Monday) and by site; those who
    were refused or sent to the officer by reason. `undated` are those whose hour is not known, who
    are in no other figure. All as they may be published.
    """

    days: Mapping[date, int] = field(default_factory=dict)
    hours: Mapping[int, int] = field(default_factory=dict)
    weeks: Mapping[date, int] = field(default_factory=dict)
    sites: Mapping[int, int] = field(default_factory=dict)
    outcomes: Mapping[int, int] = field(default_factory=dict)
    refusals: Mapping[int, int] = field(default_factory=dict)
    questions: Mapping[int, int] = field(default_factory=dict)
    undated: int = 0

    @property
    def total(self) -> int:
        return sum(self.outcomes.values())


def figures(asked: Asked) -> Figures:
    """Four queries. Days and hours are those of each site's own time."""
    zones = Site.objects.values_list("timezone", flat=True).order_by().distinct()
    found = _local(list(zones), asked)
    if asked.office is not None:
        found = found.filter(site__office=asked.office)
    if asked.site is not None:
        found = found.filter(site=asked.site)
    dated = found.filter(is_dated=True)
    by_hour = dated.values_list("local_hour").annotate(sum=Sum("shown"))
    by_kind = found.values_list("is_dated", "site", "outcome", "reason").annotate(sum=Sum("shown"))
    return _sums(dict(by_hour), list(by_kind), asked)


def _local(zones: list[str], asked: Asked) -> QuerySet[Any]:
    """Return the counts of those days. The country's time zones have had whole hours since 1988,
    and no summer time.
    """
    offsets = {zone: _offset_h(zone, asked.last) for zone in zones}
    local = Case(
        *(When(site__timezone=zone, then=F("hour") + hours) for zone, hours in offsets.items()),
        default=F("hour") + Value(0),
        output_field=IntegerField(),
    )
    first, last = _hour_of(asked.first), _hour_of(asked.last) + _DAY_HOURS
    near = HourCount.objects.filter(hour__gte=first - _DAY_HOURS, hour__lt=last + _DAY_HOURS)
    within = near.annotate(local_hour=local).filter(local_hour__gte=first, local_hour__lt=last)
    return within.order_by()


def _offset_h(zone: str, day: date) -> int:
    offset = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone)).utcoffset()
    return round((offset or timedelta()).total_seconds() / 3600)


def _hour_of(day: date) -> int:
    return (day - _EPOCH).days * _DAY_HOURS


def _sums(
    by_hour: Mapping[int, int], by_kind: list[tuple[bool, int, int, int, int]], asked: Asked
) -> Figures:
    days: Counter[date] = Counter()
    hours: Counter[int] = Counter()
    weeks: Counter[date] = Counter()
    for day in (asked.first + timedelta(days=count) for count in range(asked.days)):
        days[day] = 0
    for hour, count in by_hour.items():
        day = _EPOCH + timedelta(days=hour // _DAY_HOURS)
        days[day] += count
        hours[hour % _DAY_HOURS] += count
        weeks[day - timedelta(days=day.weekday())] += count
    sites: Counter[int] = Counter()
    outcomes: Counter[int] = Counter()
    reasons: dict[int, Counter[int]] = {Outcome.DENY: Counter(), Outcome.REFER: Counter()}
    undated = 0
    for is_dated, site, outcome, reason, count in by_kind:
        if not is_dated:
            undated += count
            continue
        sites[site] += count
        outcomes[outcome] += count
        if outcome in reasons:
            reasons[outcome][reason] += count
    return Figures(
        days=days,
        hours=hours,
        weeks=weeks,
        sites=sites,
        outcomes=outcomes,
        refusals=reasons[Outcome.DENY],
        questions=reasons[Outcome.REFER],
        undated=undated,
    )
