"""The time now is the interval that floor, fixes and 100 ppm of drift leave, and no narrower."""

import ctypes
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.clock import SystemClock
from kiosk.instants import Fix, Interval, present

TRUE_MS = 1_780_000_000_000
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


def test_without_a_fix_only_the_floor_is_known() -> None:
    now = present(5000, [], TRUE_MS)
    assert now == Interval(TRUE_MS, None)
    assert now.width_ms is None


def test_a_fix_grows_with_100_ppm_in_both_directions() -> None:
    fix = Fix(boot_ms=DAY_MS, true_ms=TRUE_MS, error_ms=25, rank=1)
    assert present(DAY_MS, [fix], 0) == Interval(TRUE_MS - 25, TRUE_MS + 25)
    after = present(2 * DAY_MS, [fix], 0)
    assert after == Interval(TRUE_MS + DAY_MS - 25 - 8640, TRUE_MS + DAY_MS + 25 + 8640)
    assert after.width_ms == 2 * (25 + 8640)
    before = present(0, [fix], 0)
    assert before == Interval(TRUE_MS - DAY_MS - 25 - 8640, TRUE_MS - DAY_MS + 25 + 8640)


def test_drift_is_rounded_up() -> None:
    fix = Fix(boot_ms=0, true_ms=TRUE_MS, error_ms=0, rank=1)
    assert present(1, [fix], 0) == Interval(TRUE_MS + 1 - 1, TRUE_MS + 1 + 1)
    assert present(10_001, [fix], 0).width_ms == 4


def test_the_floor_cuts_what_is_certainly_over() -> None:
    fix = Fix(0, TRUE_MS, 1000, rank=1)
    assert present(0, [fix], TRUE_MS) == Interval(TRUE_MS, TRUE_MS + 1000)
    assert present(0, [fix], TRUE_MS + 1000) == Interval(TRUE_MS + 1000, TRUE_MS + 1000)


def test_a_fix_before_the_floor_is_passed_over() -> None:
    wrong = Fix(0, TRUE_MS - HOUR_MS, 1000, rank=9)
    assert present(0, [wrong], TRUE_MS) == Interval(TRUE_MS, None)
    right = Fix(0, TRUE_MS + 5, 1000, rank=1)
    assert present(0, [wrong, right], TRUE_MS) == Interval(TRUE_MS, TRUE_MS + 1005)


def test_fixes_narrow_each_other_down() -> None:
    fixes = [Fix(0, TRUE_MS, 1000, rank=1), Fix(0, TRUE_MS + 1500, 1000, rank=2)]
    for order in (fixes, fixes[::-1]):
        assert present(0, order, 0) == Interval(TRUE_MS + 500, TRUE_MS + 1000)


def test_of_fixes_that_contradict_each_other_the_higher_rank_wins() -> None:
    hub = Fix(0, TRUE_MS, 1000, rank=2)
    bad_ntp = Fix(0, TRUE_MS + 73 * 365 * DAY_MS, 10, rank=1)
    for order in ([hub, bad_ntp], [bad_ntp, hub]):
        assert present(0, order, 0) == hub.at(0)
    agreeing = Fix(0, TRUE_MS + 900, 200, rank=0)
    assert present(0, [bad_ntp, agreeing, hub], 0) == Interval(TRUE_MS + 700, TRUE_MS + 1000)


def test_of_one_rank_the_nearer_fix_wins() -> None:
    old = Fix(0, TRUE_MS, 10, rank=1)
    fresh = Fix(DAY_MS, TRUE_MS + DAY_MS + HOUR_MS, 10, rank=1)
    for order in ([old, fresh], [fresh, old]):
        assert present(DAY_MS + 1, order, 0) == fresh.at(DAY_MS + 1)
        assert present(1, order, 0) == old.at(1)


offsets_ms = st.integers(0, 30 * DAY_MS)


@given(
    st.lists(st.tuples(offsets_ms, st.integers(-500, 500), st.integers(0, 3)), max_size=5),
    offsets_ms,
    st.integers(-100, 100),
)
def test_the_true_time_lies_within_if_every_fix_is_honest(
    honest: list[tuple[int, int, int]], boot_ms: int, drift_ppm: int
) -> None:
    """The oscillator runs at any constant rate within 100 ppm of true."""

    def true_ms(at_ms: int) -> int:
        return TRUE_MS + at_ms + at_ms * drift_ppm // 1_000_000

    fixes = [
        Fix(at_ms, true_ms(at_ms) + off_ms, abs(off_ms) + 2, rank) for at_ms, off_ms, rank in honest
    ]
    now = present(boot_ms, fixes, TRUE_MS - DAY_MS)
    assert now.earliest_ms <= true_ms(boot_ms)
    assert now.latest_ms is None or true_ms(boot_ms) <= now.latest_ms
    assert (now.latest_ms is None) == (not fixes)


@given(
    st.lists(
        st.builds(
            Fix, offsets_ms, st.integers(0, 2**42), st.integers(0, DAY_MS), st.integers(0, 3)
        ),
        max_size=5,
    ),
    offsets_ms,
    st.integers(0, 2**42),
)
def test_no_fix_takes_the_time_below_the_floor(
    fixes: list[Fix], boot_ms: int, floor_ms: int
) -> None:
    now = present(boot_ms, fixes, floor_ms)
    assert now.earliest_ms >= floor_ms
    assert now.latest_ms is None or now.latest_ms >= now.earliest_ms


def test_the_systems_clocks_are_read_in_milliseconds(monkeypatch: pytest.MonkeyPatch) -> None:
    at_ns = {time.CLOCK_BOOTTIME: 41_999_999, time.CLOCK_REALTIME: TRUE_MS * 1_000_000}
    monkeypatch.setattr(time, "clock_gettime_ns", at_ns.__getitem__)
    moment = SystemClock().moment()
    assert (moment.boot_ms, moment.wall_ms) == (41, TRUE_MS)
    assert len(moment.boot_id) == 16


class _Kernel:
    """adjtimex(2) as the C library offers it."""

    def __init__(self, state: int, maxerror_us: int) -> None:
        self._state = state
        self._maxerror_us = maxerror_us

    def adjtimex(self, timex: object) -> int:
        timex._obj.maxerror = self._maxerror_us  # type: ignore[attr-defined]
        return self._state


@pytest.mark.parametrize(
    ("state", "maxerror_us", "expected_ms"), [(0, 16_000_000, 16_001), (1, 999, 1), (5, 10, None)]
)
def test_the_kernels_account_of_its_clock(
    state: int, maxerror_us: int, expected_ms: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel = _Kernel(state, maxerror_us)
    monkeypatch.setattr(ctypes, "CDLL", lambda _name, use_errno: kernel)
    assert SystemClock().synchronisation_error_ms() == expected_ms


def test_a_kernel_that_refuses_says_nothing_of_its_clock_and_the_log_tells_it_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    kernel = _Kernel(-1, 0)
    monkeypatch.setattr(ctypes, "CDLL", lambda _name, use_errno: kernel)
    clock = SystemClock()
    assert [clock.synchronisation_error_ms() for _ in range(3)] == [None] * 3
    assert len(caplog.messages) == 1
    assert "adjtimex is refused" in caplog.text


def test_this_machines_kernel_understands_the_question() -> None:
    error_ms = SystemClock().synchronisation_error_ms()
    assert error_ms is None or error_ms > 0


def test_the_boots_name_is_the_kernels() -> None:
    named = Path("/proc/sys/kernel/random/boot_id").read_text().strip().replace("-", "")
    assert SystemClock().moment().boot_id.hex() == named
