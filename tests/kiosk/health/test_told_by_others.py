"""What the door cannot see by itself, and what only many commits tell."""

import pytest

from kiosk.health.commits import CommitCheck
from kiosk.health.radio import SILENT_MS, RadioCheck
from kiosk.journal.commit_times import LEAST, CommitTimes
from sync.wire.batch import State

OK, BAD, UNKNOWN = State.OK, State.BAD, State.UNKNOWN


@pytest.mark.parametrize(("dbm", "state"), [(-40, OK), (-79, OK), (-80, BAD), (-95, BAD)])
def test_a_weak_wifi_is_bad(dbm: int, state: State) -> None:
    check = RadioCheck(lambda: 0)
    check.tell(dbm)
    finding = check.find()
    assert (finding.check, finding.state, finding.value) == ("wifi_dbm", state, dbm)
    assert bool(finding.advice) == (state is BAD)


def test_a_courier_that_says_nothing_more_is_not_believed_for_ever() -> None:
    now_ms = 1_000
    check = RadioCheck(lambda: now_ms)
    assert check.find().state is UNKNOWN
    check.tell(-90)
    now_ms += SILENT_MS
    assert check.find().state is BAD
    now_ms += 1
    assert check.find().state is UNKNOWN


def test_a_cable_is_no_weak_wifi() -> None:
    check = RadioCheck(lambda: 0)
    check.tell(-90)
    check.tell(None)
    assert check.find().state is UNKNOWN


@pytest.mark.parametrize(
    ("p95_ms", "state"), [(None, UNKNOWN), (6, OK), (999, OK), (1_000, BAD), (1_999, BAD)]
)
def test_a_slow_card_is_bad(p95_ms: int | None, state: State) -> None:
    finding = CommitCheck(lambda: p95_ms).find()
    assert (finding.check, finding.state, finding.value) == ("commit_ms", state, p95_ms)
    assert ("replace the card" in finding.advice) == (state is BAD)


class _Stopwatch:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_the_slowest_twentieth_is_left_out() -> None:
    """One stutter says nothing of a card, and too few commits neither."""
    watch = _Stopwatch()
    times = CommitTimes(watch)

    def commit(ms: int) -> None:
        with times.timed():
            watch.now_s += ms / 1000

    for _ in range(LEAST - 1):
        commit(6)
    assert times.p95_ms() is None
    commit(1_900)
    assert times.p95_ms() == 6
    for _ in range(LEAST):
        commit(300)
    assert times.p95_ms() == 300
    for _ in range(200):
        commit(8)
    assert times.p95_ms() == 8, "what was long ago is forgotten"


def test_a_commit_that_fails_is_not_counted() -> None:
    times = CommitTimes(_Stopwatch())
    for _ in range(LEAST):
        with pytest.raises(OSError, match="full"), times.timed():
            raise OSError("full")
    assert times.p95_ms() is None
