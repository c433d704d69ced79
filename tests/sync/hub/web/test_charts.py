"""Charts are paths in a box, whatever the numbers are."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from sync.hub.fleet.health.judgement import Unit
from sync.hub.web.charts import HEIGHT_PX, HOURS, WIDTH_PX, Bar, chart, week_to
from sync.hub.web.figures import figure

_NOW = datetime(2026, 11, 2, 18, 30, tzinfo=UTC)
_WEEK = week_to(_NOW, ZoneInfo("Asia/Jayapura"))


def test_a_week_ends_with_today_in_the_sites_own_zone() -> None:
    """At half past three in the morning of 3 November there."""
    with translation.override("en"):
        week = week_to(_NOW, ZoneInfo("Asia/Jayapura"))
    assert week.days[-1] == "Tue 3"
    assert week.first_hour == int(datetime(2026, 10, 27, 15, tzinfo=UTC).timestamp()) // 3600


def test_what_is_outside_the_week_is_not_drawn() -> None:
    first = _WEEK.first_hour
    outside = {first - 1: Bar(0, 9), first + HOURS: Bar(0, 9)}
    assert chart("", outside, _WEEK) is None
    drawn = chart("", {**outside, first: Bar(0, 4), first + HOURS - 1: Bar(0, 2)}, _WEEK)
    assert drawn is not None
    assert drawn.path == f"M0 0h4v{HEIGHT_PX}h-4zM{WIDTH_PX - 4} 40h4v40h-4z"
    assert (drawn.top, drawn.bottom, drawn.latest) == ("4", "0", "2")


def test_a_single_value_is_still_seen() -> None:
    drawn = chart("", {_WEEK.first_hour: Bar(50, 50)}, _WEEK, "°C", from_zero=False)
    assert drawn is not None
    assert drawn.path == f"M0 {HEIGHT_PX - 2}h4v2h-4z"


@pytest.mark.parametrize("value", [-(2.0**63), 2.0**63, 0.0])
def test_no_number_leaves_the_box(value: float) -> None:
    drawn = chart("", {_WEEK.first_hour: Bar(value, value)}, _WEEK, from_zero=value >= 0)
    assert drawn is not None
    assert len(drawn.path) < 40


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (None, Unit.SECONDS, ""),
        (1, Unit.NOTHING, ""),
        (2**62, Unit.CELSIUS, ""),
        (7_199, Unit.SECONDS, "119 min"),
        (7_200, Unit.SECONDS, "2 h"),
        (172_800, Unit.SECONDS, "2 days"),
        (31_500, Unit.MILLISECONDS, "31.5 s"),
        (82, Unit.CELSIUS, "82 °C"),
        (15, Unit.PERCENT, "15 %"),
    ],
)
def test_a_figure_has_its_unit(value: int | None, unit: Unit, said: str) -> None:
    with translation.override("en"):
        assert figure(value, unit) == said
