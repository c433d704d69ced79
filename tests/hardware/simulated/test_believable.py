"""Drawn frames are read as often as photographs of the same condition, by every decoder."""

import pytest

from benchmarks import simulation
from hardware.simulated.photographed import PHOTOGRAPHED
from tests.kiosk.scanning.photographs import needs_photographs

pytestmark = needs_photographs

# Fewer than the 200 that the presets were fitted on: enough that a changed drawing is noticed.
SEEDS = range(60)


@pytest.mark.parametrize("condition", PHOTOGRAPHED)
def test_each_rate_is_within_ten_points(condition: str) -> None:
    believed = simulation.compare(condition, SEEDS)
    assert believed.apart <= 10, believed
