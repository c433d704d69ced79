"""A day of the place ends at night, and is one only where it is certain which one it is."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from kiosk.instants import Interval
from tests.kiosk.admission.situations import HOUR_MS, NOW_MS, PLACE

NIGHT_MS = 3 * HOUR_MS
# Three in the morning of Thursday 4 June 2026 in Jakarta.
ENDS_MS = NOW_MS + 17 * HOUR_MS
WEDNESDAY = date(2026, 6, 3).toordinal()


@pytest.mark.parametrize(
    ("earliest_ms", "latest_ms", "day"),
    [
        (ENDS_MS - 24 * HOUR_MS, ENDS_MS - 1, WEDNESDAY),
        (ENDS_MS, ENDS_MS, WEDNESDAY + 1),
        (ENDS_MS - 1, ENDS_MS, None),
        (ENDS_MS - 24 * HOUR_MS - 1, ENDS_MS - 1, None),
        (ENDS_MS, None, None),
    ],
)
def test_a_day_ends_at_three_in_the_morning(
    earliest_ms: int, latest_ms: int | None, day: int | None
) -> None:
    assert PLACE.day_of(Interval(earliest_ms, latest_ms), NIGHT_MS) == day


def test_it_is_the_night_of_the_place() -> None:
    for city, earlier_h in (("Asia/Makassar", 1), ("Asia/Jayapura", 2)):
        place = replace(PLACE, timezone=ZoneInfo(city))
        ends_ms = ENDS_MS - earlier_h * HOUR_MS
        for at_ms, day in ((ends_ms - 1, WEDNESDAY), (ends_ms, WEDNESDAY + 1)):
            assert place.day_of(Interval(at_ms, at_ms), NIGHT_MS) == day


def test_an_unknown_time_is_no_day() -> None:
    assert PLACE.day_of(Interval(0, None), NIGHT_MS) is None
