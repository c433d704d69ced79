"""A fleet that comes back at once is drained, and its hub is not trampled down."""

from pathlib import Path

import pytest

from benchmarks.fleet import make_doors
from benchmarks.returning import come_back

KIOSKS, ENTRIES = 300, 6


@pytest.mark.usefixtures("committing")
@pytest.mark.long
def test_all_are_drained_whether_the_hub_is_there_or_comes_back_later(tmp_path: Path) -> None:
    """Where it was away the couriers are spread over minutes: full jitter."""
    doors = make_doors(KIOSKS, days=1, visits=ENTRIES)
    found = come_back(doors[: KIOSKS // 2], tmp_path / "there")
    assert found.stored == found.entries == KIOSKS // 2 * ENTRIES
    assert found.given_up == 0
    assert found.requests == 2 * found.kiosks, "time first, then all that waits"
    found = come_back(doors[KIOSKS // 2 :], tmp_path / "away", away_s=600.0)
    assert found.stored == found.entries == KIOSKS // 2 * ENTRIES
    assert found.peak_per_s >= found.kiosks // 2, "they did not come at once"
    assert found.later_peak_per_s <= found.kiosks // 10
    assert found.drained_s <= 600.0 + 900.0 + 60.0
