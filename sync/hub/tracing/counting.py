"""Counts visits by the hour, so that no page has to go through all of them.

A day in which visits arrived, also late ones, is counted anew from its visits. Those that were
given another time since move between days that nothing names: the last weeks are counted anew
every night, and all days at an order.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import BooleanField, Count, ExpressionWrapper, F, Max, Q

from sync.hub.clock import unix_ms
from sync.hub.ingest.models import Visit
from sync.hub.tracing.models import Counted, HourCount
from sync.hub.tracing.rounding import rounded
from sync.wire.visit import Direction

_HOUR_MS = 3_600_000
_DAY_HOURS = 24
_DAY_MS = _DAY_HOURS * _HOUR_MS
RECENT = timedelta(days=35)
# Of two batches that arrive together the one with lower keys may be committed last.
_OVERLAP = 10_000
_MOST_VISITS = 500_000
_AT_ONCE = 50_000


def count_new(now: datetime, key: bytes) -> None:
    """Bring the counts up to date; a day is counted whole or not at all. What is more than half a
    million visits behind takes several rounds.
    """
    counted = Counted.objects.first() or Counted()
    newest = Visit.objects.aggregate(last=Max("pk"))["last"] or 0
    last = min(newest, counted.visit + _MOST_VISITS)
    days = _touched(max(0, counted.visit - _OVERLAP), counted.visit, last)
    if counted.counted_on != now.date():
        today = unix_ms(now) // _DAY_MS
        days |= set(range(today - RECENT.days, today + 1))
    count_days(days, key)
    if (counted.visit, counted.counted_on) != (last, now.date()):
        counted.visit, counted.counted_on = last, now.date()
        counted.save()


def count_all(key: bytes) -> int:
    """Count every day anew that has visits or had some; return how many there are."""
    visits = Visit.objects.annotate(day=F("lower_ms") / _DAY_MS).order_by()
    counted = HourCount.objects.annotate(day=F("hour") / _DAY_HOURS).order_by()
    days = {
        int(day)
        for found in (visits, counted)
        for day in found.values_list("day", flat=True).distinct()
    }
    count_days(days, key)
    return len(days)


def _touched(first: int, known: int, last: int) -> set[int]:
    """Return the days (UTC, from the epoch) of visits that have come; none where none have."""
    if last <= known:
        return set()
    new = Visit.objects.filter(pk__gt=first, pk__lte=last)
    days = new.annotate(day=F("lower_ms") / _DAY_MS).order_by().values_list("day", flat=True)
    return {int(day) for day in days.distinct()}


def count_days(days: Iterable[int], key: bytes) -> None:
    for day in sorted(days):
        _count_day(day, key)


def _count_day(day: int, key: bytes) -> None:
    counts = [
        HourCount(
            site_id=site,
            hour=int(hour),
            outcome=outcome,
            reason=reason,
            is_dated=is_dated,
            count=count,
            shown=rounded(count, f"{site} {hour} {outcome} {reason} {is_dated}", key),
        )
        for site, hour, outcome, reason, is_dated, count in _counts(day)
    ]
    with transaction.atomic():
        first = day * _DAY_HOURS
        HourCount.objects.filter(hour__gte=first, hour__lt=first + _DAY_HOURS).delete()
        HourCount.objects.bulk_create(counts, batch_size=_AT_ONCE)


def _counts(day: int) -> Iterable[tuple[int, int, int, int, bool, int]]:
    """A press of an officer is counted where it is not that of a code, which is counted itself."""
    came = Visit.objects.filter(
        ~Q(direction=int(Direction.OUT)),
        lower_ms__gte=day * _DAY_MS,
        lower_ms__lt=(day + 1) * _DAY_MS,
        of_seq__isnull=True,
    )
    is_dated = ExpressionWrapper(
        Q(upper_ms__lt=F("lower_ms") + _HOUR_MS), output_field=BooleanField()
    )
    return (
        came.annotate(hour=F("lower_ms") / _HOUR_MS, is_dated=is_dated)
        .order_by()
        .values_list("door__site", "hour", "outcome", "reason", "is_dated")
        .annotate(count=Count("pk"))
    )
