"""What happened at the doors lately, and how long their pauses usually are."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from django.db.models import Count, Max, Q

from kiosk.admission.verdict import Outcome
from sync.hub.clock import unix_ms
from sync.hub.fleet.health.facts import Traffic
from sync.hub.fleet.health.opening import ALWAYS, Span, open_since
from sync.hub.ingest.models import Visit

DAY = timedelta(days=1)
WEEKS = 4
_LEAST_READS = 10
_UNIX = datetime(1970, 1, 1, tzinfo=UTC)


def traffic_by_door(now: datetime) -> dict[int, Traffic]:
    """Return what happened at each door within the last 24 hours, as far as it has arrived."""
    is_read = Q(assisted__isnull=True)
    rows = (
        Visit.objects.filter(lower_ms__gte=unix_ms(now - DAY), lower_ms__lte=unix_ms(now))
        .order_by()
        .values_list("door_id")
        .annotate(
            reads=Count("pk", filter=is_read),
            refused=Count("pk", filter=is_read & Q(outcome=int(Outcome.DENY))),
            last=Max("lower_ms", filter=is_read),
            everything=Count("pk"),
        )
    )
    return {
        door: Traffic(
            reads, refused, everything - reads, _UNIX + timedelta(milliseconds=last or 0)
            if reads else None,
        )
        for door, reads, refused, last, everything in rows
    }  # fmt: skip


Hours = tuple[tuple[Span, ...], str]
"""A site's opening hours, and its time zone."""


def usual_pauses(now: datetime, hours: dict[int, Hours]) -> dict[int, timedelta]:
    """Return, by door, the longest pause between two reads while it was open, on this weekday of
    the four weeks before.

    Doors with too few reads to tell are left out. `hours` are those of each door.
    """
    longest: dict[int, int] = {}
    for week in range(1, WEEKS + 1):
        day = now - week * 7 * DAY
        for door, times in _reads_around(day).items():
            pause = _longest(times, hours.get(door, ((), "UTC")), day)
            if pause is not None:
                longest[door] = max(longest.get(door, 0), pause)
    return {door: timedelta(milliseconds=pause) for door, pause in longest.items()}


def _reads_around(day: datetime) -> dict[int, list[int]]:
    reads: defaultdict[int, list[int]] = defaultdict(list)
    rows = Visit.objects.filter(
        lower_ms__gte=unix_ms(day - DAY), lower_ms__lt=unix_ms(day + DAY), assisted__isnull=True
    ).values_list("door_id", "lower_ms")
    for door, at_ms in rows.iterator(10_000):
        reads[door].append(at_ms)
    return reads


def _longest(times: Iterable[int], hours: Hours, day: datetime) -> int | None:
    """Return the longest pause in ms, the one before the first read of the span among them."""
    spans, timezone = hours
    begun = open_since(spans, timezone, day)
    if begun is None:
        return None
    first_ms = unix_ms(day - DAY) if begun == ALWAYS else unix_ms(begun)
    inside = [first_ms]
    for at_ms in sorted(times):
        at = _UNIX + timedelta(milliseconds=at_ms)
        if at_ms >= first_ms and (at == day or open_since(spans, timezone, at) == begun):
            inside.append(at_ms)
    if len(inside) <= _LEAST_READS:
        return None
    return max(later - earlier for earlier, later in pairwise(inside))
