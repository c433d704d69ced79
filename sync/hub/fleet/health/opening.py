"""Whether a site is open. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
"""Since when a site is open that never closes."""


@dataclass(frozen=True, slots=True)
class Span:
    """`weekday` as `datetime.weekday` counts."""

    weekday: int
    opens: time
    closes: time


def open_since(spans: Iterable[Span], timezone: str, now: datetime) -> datetime | None:
    """Return when the site opened, in UTC; None while it is closed."""
    known = list(spans)
    if not known:
        return ALWAYS
    local = now.astimezone(zone(timezone))
    for span in known:
        if span.weekday == local.weekday() and span.opens <= local.time() < span.closes:
            opened = datetime.combine(local.date(), span.opens, local.tzinfo)
            return opened.astimezone(UTC)
    return None


def zone(name: str) -> ZoneInfo:
    """Return the zone, and UTC where there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
