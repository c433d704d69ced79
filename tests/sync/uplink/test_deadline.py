"""A slow line gets its time; who drips, or falls silent, does not."""

import pytest

from sync.uplink.deadline import LEAST_BYTES_PER_S, MOST_S, SILENCE_S, Deadline
from tests.sync.uplink.fake_time import FakeTime


def test_a_request_begins_with_its_grace_and_ends_after_it() -> None:
    clock = FakeTime()
    deadline = Deadline(clock=clock, grace_s=40.0)
    assert deadline.patience_s() == 40.0
    clock.pass_by(39.0)
    assert deadline.patience_s() == 1.0
    clock.pass_by(1.0)
    with pytest.raises(TimeoutError):
        deadline.patience_s()
    deadline.begin()
    assert deadline.patience_s() == 40.0


def _seconds_until_it_ends(deadline: Deadline, clock: FakeTime, *, bytes_per_s: int) -> float:
    for _ in range(10_000):
        try:
            deadline.patience_s()
        except TimeoutError:
            return clock()
        clock.pass_by(1.0)
        deadline.moved(bytes_per_s)
    raise AssertionError("it never ends")


def test_a_byte_a_second_is_no_progress() -> None:
    clock = FakeTime()
    assert _seconds_until_it_ends(Deadline(clock=clock), clock, bytes_per_s=1) == 61


def test_a_slow_line_brings_a_large_answer_and_not_an_endless_one() -> None:
    clock = FakeTime()
    rate = 2 * LEAST_BYTES_PER_S
    assert _seconds_until_it_ends(Deadline(clock=clock), clock, bytes_per_s=rate) == MOST_S
    assert rate * MOST_S > 3_000_000


def test_nothing_at_all_is_waited_for_no_longer_than_a_minute() -> None:
    deadline = Deadline(clock=FakeTime(), grace_s=600.0)
    assert deadline.patience_s() == SILENCE_S


def test_the_watchdog_is_fed_by_what_moves_and_by_nothing_else() -> None:
    fed: list[int] = []
    deadline = Deadline(alive=lambda: fed.append(1), clock=FakeTime())
    deadline.begin()
    deadline.patience_s()
    deadline.moved(0)
    assert fed == []
    deadline.moved(7)
    assert fed == [1]
