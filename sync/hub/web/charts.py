"""Charts of a week, an hour a bar, as paths of an SVG drawing. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as format_date
from django.utils.formats import number_format

from sync.hub.web.words import Word

DAYS = 7
HOURS = DAYS * 24
BAR_PX = 4
WIDTH_PX = HOURS * BAR_PX
HEIGHT_PX = 80
_LEAST_BAR_PX = 2
# What a door invents must not make a page long.
_LARGEST = 10**9


@dataclass(frozen=True, slots=True)
class Bar:
    """The lowest and the highest value within an hour."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Chart:
    """`path` and `over` are SVG paths in a box of WIDTH_PX by HEIGHT_PX; `over` lies above.

    `top` and `bottom` are what the upper and lower edge stand for, `latest` the newest value.
    """

    title: Word
    path: str
    top: str
    bottom: str
    latest: str
    over: str = ""
    over_title: Word = ""


@dataclass(frozen=True, slots=True)
class Week:
    """The seven days to the end of today in a time zone; `first_hour` counts from the epoch."""

    first_hour: int
    days: tuple[str, ...]


def week_to(now: datetime, timezone: ZoneInfo) -> Week:
    local = now.astimezone(timezone)
    today = local.replace(hour=0, minute=0, second=0, microsecond=0)
    begin = today - timedelta(days=DAYS - 1)
    days = tuple(format_date(begin + timedelta(days=day), "D j") for day in range(DAYS))
    return Week(int(begin.timestamp()) // 3600, days)


def chart(
    title: Word,
    bars: Mapping[int, Bar],
    week: Week,
    unit: str = "",
    *,
    from_zero: bool = True,
    over: Mapping[int, Bar] | None = None,
    over_title: Word = "",
) -> Chart | None:
    """Draw bars by hour; None where there are none in that week."""
    shown = {hour: _tamed(bar) for hour, bar in bars.items() if 0 <= hour - week.first_hour < HOURS}
    if not shown:
        return None
    top = max(bar.high for bar in shown.values())
    bottom = 0.0 if from_zero else min(bar.low for bar in shown.values())
    if top <= bottom:
        top = bottom + 1
    laid = {hour: _tamed(bar) for hour, bar in (over or {}).items() if hour in shown}
    return Chart(
        title=title,
        path=_path(shown, week, bottom, top),
        top=_text(top, unit),
        bottom=_text(bottom, unit),
        latest=_text(shown[max(shown)].high, unit),
        over=_path(laid, week, bottom, top),
        over_title=over_title,
    )


def _tamed(bar: Bar) -> Bar:
    return Bar(max(-_LARGEST, min(bar.low, _LARGEST)), max(-_LARGEST, min(bar.high, _LARGEST)))


def _path(bars: Mapping[int, Bar], week: Week, bottom: float, top: float) -> str:
    """A bar that stands for one value is still to be seen."""
    parts = []
    for hour, bar in sorted(bars.items()):
        upper, lower = _y(bar.high, bottom, top), _y(bar.low, bottom, top)
        height = max(lower - upper, _LEAST_BAR_PX)
        x = (hour - week.first_hour) * BAR_PX
        parts.append(f"M{x} {min(upper, HEIGHT_PX - height)}h{BAR_PX}v{height}h-{BAR_PX}z")
    return "".join(parts)


def _y(value: float, bottom: float, top: float) -> int:
    return round(HEIGHT_PX * (top - value) / (top - bottom))


def _text(value: float, unit: str) -> str:
    places = 0 if value == round(value) or abs(value) >= 100 else 1 if abs(value) >= 1 else 2
    return f"{number_format(value, places)} {unit}".strip()
