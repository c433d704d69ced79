"""A fleet that lost its hub comes back spread out: full jitter, from 5 s up to 15 min."""

from hypothesis import given
from hypothesis import strategies as st

from sync.uplink.pace import LEAST_S, MOST_S, Pace


def test_the_ceiling_doubles_up_to_fifteen_minutes() -> None:
    ceilings: list[float] = []

    def draw(low: float, high: float) -> float:
        assert low == 0.0
        ceilings.append(high)
        return high

    pace = Pace(draw)
    waits = [pace.failed(None) for _ in range(12)]
    assert ceilings == waits == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900, 900]


def test_a_success_begins_again() -> None:
    pace = Pace(lambda _low, high: high)
    for _ in range(5):
        pace.failed(None)
    pace.succeeded()
    assert pace.failed(None) == LEAST_S


def test_it_never_spins() -> None:
    assert Pace(lambda low, _high: low).failed(None) > 0


@given(st.floats(0, 1), st.integers(0, 2000), st.none() | st.floats(0, 86_400))
def test_a_wait_is_within_its_bounds_and_never_less_than_asked(
    fraction: float, failures: int, asked_s: float | None
) -> None:
    pace = Pace(lambda low, high: low + fraction * (high - low))
    for _ in range(failures):
        pace.failed(None)
    wait_s = pace.failed(asked_s)
    assert (asked_s or 0.0) <= wait_s <= (asked_s or 0.0) + MOST_S


def test_three_hundred_kiosks_that_were_told_the_same_do_not_come_back_together() -> None:
    waits = sorted(Pace().failed(300.0) for _ in range(300))
    assert waits[0] >= 300.0
    assert waits[-1] <= 600.0
    assert max(sum(low <= wait < low + 10 for wait in waits) for low in range(300, 600)) < 60


def test_a_hub_that_refuses_is_asked_again_rarely_and_not_by_all_at_once() -> None:
    assert Pace(lambda low, _high: low).refused() == 3600.0
    assert Pace(lambda _low, high: high).refused() == 7200.0


def test_a_network_that_comes_is_used_at_once_and_failures_before_it_do_not_count() -> None:
    pace = Pace(lambda _low, high: high)
    for _ in range(5):
        pace.failed(None)
    assert pace.found_network() == 2.0
    assert pace.failed(None) == LEAST_S


def test_the_jitter_is_drawn_at_random_where_nothing_else_is_said() -> None:
    pace = Pace()
    for _ in range(20):
        pace.failed(None)
    waits = {pace.failed(None) for _ in range(50)}
    assert len(waits) > 40
    assert all(0 < wait_s <= MOST_S for wait_s in waits)
