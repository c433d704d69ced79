"""What the courier says of a stick is shown while it says so, and no longer than it is of use."""

import pytest

from kiosk.signalling.cue import Signal
from kiosk.signalling.stick import SHOWN_MS, SILENT_MS, StickNotice
from sync.wire.link import StickState
from tests.kiosk.fake_clock import FakeClock

ENDS = {
    StickState.DONE: Signal.STICK_DONE,
    StickState.FULL: Signal.STICK_FULL,
    StickState.READ_ONLY: Signal.STICK_READ_ONLY,
    StickState.FAULTY: Signal.STICK_FAULT,
}


def test_without_a_stick_there_is_nothing_to_show() -> None:
    notice = StickNotice(lambda: 0)
    assert notice.signal() is None
    notice.tell(StickState.ABSENT)
    assert notice.signal() is None


def test_busy_is_shown_for_as_long_as_it_is_said() -> None:
    clock = FakeClock()
    notice = StickNotice(lambda: clock.boot_ms)
    for _ in range(100):
        notice.tell(StickState.BUSY)
        clock.advance(SILENT_MS)
        assert notice.signal() is Signal.STICK_BUSY
    clock.advance(1)
    assert notice.signal() is None


@pytest.mark.parametrize("state", ENDS)
def test_how_it_ended_is_shown_for_a_while(state: StickState) -> None:
    """However often it is said: the stick may lie in for weeks."""
    clock = FakeClock()
    notice = StickNotice(lambda: clock.boot_ms)
    notice.tell(StickState.BUSY)
    notice.tell(state)
    began_ms = clock.boot_ms
    while clock.boot_ms - began_ms <= SHOWN_MS:
        notice.tell(state)
        assert notice.signal() is ENDS[state]
        clock.advance(5_000)
    notice.tell(state)
    assert notice.signal() is None
    notice.tell(StickState.BUSY)
    notice.tell(state)
    assert notice.signal() is ENDS[state]


def test_a_stick_that_was_pulled_out_is_forgotten() -> None:
    notice = StickNotice(lambda: 0)
    notice.tell(StickState.DONE)
    notice.tell(StickState.ABSENT)
    assert notice.signal() is None
