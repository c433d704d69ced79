"""A clock that must outlive a power cut is there, goes, is right, and has a battery."""

from pathlib import Path

import pytest

from kiosk.health.rtc import LEAST_MV
from provisioning.acceptance.clock import LEAST_BATTERY_MV, MOST_OFF_S, Surroundings, try_clock
from provisioning.acceptance.result import Outcome, Result
from provisioning.acceptance.stopwatch import Stopwatch
from tests.provisioning.acceptance.bench_clock import BenchClock
from tests.provisioning.acceptance.fake_kiosk import FakeKiosk

NOW_S = 1_780_000_000


def _tried(
    kiosk: FakeKiosk,
    *,
    told: Path | None = None,
    off_s: int = 0,
    goes: bool = True,
    needs_rtc: bool = False,
) -> Result:
    """Try the clock; `told` is its file, which goes on while the bench waits."""
    bench = BenchClock()

    def wait(seconds: float) -> None:
        bench.wait(seconds)
        if told is not None and goes:
            told.write_text(str(NOW_S + off_s))

    return try_clock(
        Surroundings(kiosk.root, needs_rtc=needs_rtc, now_s=lambda: NOW_S + 0.4),
        Stopwatch(now_s=lambda: bench.now_s, wait=wait),
    )


@pytest.fixture
def kiosk(tmp_path: Path) -> FakeKiosk:
    return FakeKiosk(tmp_path)


def test_a_good_clock_is_measured(kiosk: FakeKiosk) -> None:
    told = kiosk.clock(str(NOW_S - 2), battery_uv="2985600")
    kiosk.time_server()
    result = _tried(kiosk, told=told, off_s=1)
    assert result.outcome is Outcome.OK
    assert {figure.name: figure.value for figure in result.figures} == {
        "rtc_offset_s": 1,
        "time_server": True,
        "rtc_battery_mv": 2985,
    }
    assert "rpi_rtc" in result.said
    assert "battery 3.0 V" in result.said


def test_a_clock_that_tells_nothing_of_its_battery_may_be_good(kiosk: FakeKiosk) -> None:
    result = _tried(kiosk, told=kiosk.clock(str(NOW_S - 2), name="rtc-ds1307 1-0068"))
    assert result.outcome is Outcome.OK
    assert "battery unknown" in result.said
    assert [figure.name for figure in result.figures] == ["rtc_offset_s", "time_server"]


def test_only_a_site_without_internet_needs_one(kiosk: FakeKiosk) -> None:
    assert _tried(kiosk).outcome is Outcome.SKIPPED
    missing = _tried(kiosk, needs_rtc=True)
    assert missing.outcome is Outcome.BAD
    assert "J5" in missing.advice


def test_one_that_has_lost_the_time_cannot_be_read(kiosk: FakeKiosk) -> None:
    """The kernel then answers EINVAL, here an empty file."""
    result = _tried(kiosk, told=kiosk.clock(""), goes=False)
    assert (result.outcome, result.said) == (Outcome.BAD, "rpi_rtc does not know the time")


def test_one_that_stands_still_is_bad(kiosk: FakeKiosk) -> None:
    result = _tried(kiosk, told=kiosk.clock(str(NOW_S)), goes=False)
    assert result.outcome is Outcome.BAD
    assert "stands still" in result.said


@pytest.mark.parametrize(
    ("microvolts", "outcome"), [("2000000", Outcome.OK), ("1999999", Outcome.BAD)]
)
def test_an_empty_battery_is_bad(kiosk: FakeKiosk, microvolts: str, outcome: Outcome) -> None:
    told = kiosk.clock(str(NOW_S - 2), battery_uv=microvolts)
    assert _tried(kiosk, told=told).outcome is outcome


@pytest.mark.parametrize(
    ("off_s", "outcome"),
    [
        (MOST_OFF_S, Outcome.OK),
        (MOST_OFF_S + 1, Outcome.BAD),
        (1 - MOST_OFF_S, Outcome.OK),
        (-MOST_OFF_S - 1, Outcome.BAD),
    ],
)
def test_a_wrong_clock_is_bad_where_the_time_is_known(
    kiosk: FakeKiosk, off_s: int, outcome: Outcome
) -> None:
    kiosk.time_server()
    result = _tried(kiosk, told=kiosk.clock(str(NOW_S - 9)), off_s=off_s)
    assert result.outcome is outcome


def test_where_the_time_is_not_known_none_of_both_is_wrong(kiosk: FakeKiosk) -> None:
    result = _tried(kiosk, told=kiosk.clock(str(NOW_S - 9)), off_s=86_400)
    assert result.outcome is Outcome.OK
    assert "no time server" in result.said


def test_an_empty_battery_is_what_the_door_calls_one() -> None:
    assert LEAST_BATTERY_MV == LEAST_MV
