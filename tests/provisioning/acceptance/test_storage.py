"""A slow, full, failing or foreign card is found before visits depend on it."""

import errno
import os
import shutil
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_mock import MockerFixture

from kiosk.health.storage import LEAST_PER_CENT
from provisioning.acceptance.result import Outcome, Result
from provisioning.acceptance.storage import LEAST_FREE_PER_CENT, WRITES, try_storage
from tests.provisioning.acceptance.bench_clock import BenchClock

Usage = namedtuple("Usage", "total used free")
DEADLINE_S = 2.0


@pytest.fixture(autouse=True)
def _half_full(mocker: MockerFixture) -> None:
    mocker.patch.object(shutil, "disk_usage", return_value=Usage(10**9, 5 * 10**8, 5 * 10**8))


def _tried(state_dir: Path, *taken_ms: float) -> Result:
    """Try a card whose writes take so long in turn, the last for all others."""
    clock = BenchClock()
    waits = iter(taken_ms)

    def fsync(_fd: int) -> None:
        clock.wait(next(waits, taken_ms[-1]) / 1000)

    return try_storage(state_dir, DEADLINE_S, clock.stopwatch, fsync=fsync)


def test_a_good_card_is_measured_and_left_as_it_was(tmp_path: Path) -> None:
    result = _tried(tmp_path, 40, 8)
    assert result.outcome is Outcome.OK
    assert {figure.name: figure.value for figure in result.figures} == {
        "write_median_ms": 8.0,
        "write_max_ms": 40.0,
        "free_percent": 50,
        "free_mb": 500,
    }
    assert list(tmp_path.iterdir()) == []


def test_every_write_is_made_durable(tmp_path: Path) -> None:
    lengths: list[int] = []
    clock = BenchClock()
    try_storage(
        tmp_path, DEADLINE_S, clock.stopwatch, fsync=lambda fd: lengths.append(os.fstat(fd).st_size)
    )
    assert lengths == [4096 * (number + 1) for number in range(WRITES)]


@pytest.mark.parametrize("taken_ms", [(101,), (2000, 8)])
def test_a_card_that_would_hold_up_visitors_is_bad(
    tmp_path: Path, taken_ms: tuple[float, ...]
) -> None:
    result = _tried(tmp_path, *taken_ms)
    assert result.outcome is Outcome.BAD
    assert "better card" in result.advice


def test_a_full_card_is_bad(tmp_path: Path, mocker: MockerFixture) -> None:
    mocker.patch.object(shutil, "disk_usage", return_value=Usage(100, 96, 4))
    result = _tried(tmp_path, 8)
    assert result.outcome is Outcome.BAD
    assert "larger card" in result.advice


def test_full_means_what_it_means_at_the_door() -> None:
    assert LEAST_FREE_PER_CENT == LEAST_PER_CENT


def _failing(number: int) -> Callable[[int], None]:
    def fsync(_fd: int) -> None:
        raise OSError(number, os.strerror(number))

    return fsync


@pytest.mark.parametrize(
    ("number", "advice"), [(errno.EIO, "better card"), (errno.EACCES, "user gapura-kiosk")]
)
def test_a_write_that_fails_is_bad_and_leaves_nothing(
    tmp_path: Path, number: int, advice: str
) -> None:
    result = try_storage(tmp_path, DEADLINE_S, BenchClock().stopwatch, fsync=_failing(number))
    assert result.outcome is Outcome.BAD
    assert advice in result.advice
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_is_missing_is_not_made(tmp_path: Path) -> None:
    missing = tmp_path / "gapura"
    assert _tried(missing, 8).outcome is Outcome.BAD
    assert not missing.exists()
