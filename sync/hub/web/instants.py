"""Times as people read them: in the site's own zone, with how far they can be trusted."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as format_date
from django.utils.formats import number_format
from django.utils.translation import gettext as _

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE_MS = 60_000
_HOUR_MS = 60 * _MINUTE_MS


@dataclass(frozen=True, slots=True)
class When:
    """`until_clock` is empty where the time is known but for its `error`; `until_day` also where
    both ends are on the same day.
    """

    day: str
    clock: str
    zone: str
    error: str = ""
    until_day: str = ""
    until_clock: str = ""


def when(
    time_ms: int | None, error_ms: int | None, lower_ms: int, upper_ms: int, timezone: str
) -> When:
    if time_ms is not None:
        at = _local(time_ms, timezone)
        return When(_day(at), _clock(at), at.tzname() or "", error=error_text(error_ms or 0))
    lower, upper = _local(lower_ms, timezone), _local(upper_ms, timezone)
    return When(
        day=_day(lower),
        clock=_clock(lower),
        zone=lower.tzname() or "",
        until_day=_day(upper) if _day(upper) != _day(lower) else "",
        until_clock=_clock(upper),
    )


def error_text(error_ms: int) -> str:
    if error_ms < 10_000:
        return _("± %(seconds)s s") % {"seconds": _number(max(error_ms, 100) / 1000, 1)}
    if error_ms < 2 * _MINUTE_MS:
        return _("± %(seconds)s s") % {"seconds": _number(error_ms / 1000, 0)}
    if error_ms < 2 * _HOUR_MS:
        return _("± %(minutes)s min") % {"minutes": _number(error_ms / _MINUTE_MS, 0)}
    return _("± %(hours)s h") % {"hours": _number(error_ms / _HOUR_MS, 0)}


def midnight_ms(now: datetime, timezone: str) -> int:
    """Return when the day began there."""
    local = now.astimezone(ZoneInfo(timezone))
    begun = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return int(begun.timestamp() * 1000)


def _local(time_ms: int, timezone: str) -> datetime:
    return (_EPOCH + timedelta(milliseconds=time_ms)).astimezone(ZoneInfo(timezone))


def _day(at: datetime) -> str:
    return format_date(at, "j M Y")


def _clock(at: datetime) -> str:
    return format_date(at, _("H:i:s"))


def _number(value: float, places: int) -> str:
    return number_format(value, places)
