"""A stick is shown between two verdicts; it keeps nobody from coming in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.signalling.cue import Signal
from kiosk.signalling.stick import StickNotice
from sync.wire.link import StickState
from tests.kiosk.counter import Counter, counter


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Counter]:
    with counter(tmp_path) as desk:
        yield desk


def test_a_stick_is_shown_while_the_door_waits(desk: Counter) -> None:
    notice = StickNotice(lambda: desk.kiosk.clock.boot_ms)
    desk.door._notice = notice.signal
    desk.door.rest()
    assert desk.shows() is Signal.READY
    notice.tell(StickState.BUSY)
    desk.door.rest()
    assert desk.shows() is Signal.STICK_BUSY
    assert desk.door.state() is Signal.READY
    notice.tell(StickState.ABSENT)
    desk.door.rest()
    assert desk.shows() is Signal.READY


def test_a_verdict_goes_before_the_stick(desk: Counter) -> None:
    notice = StickNotice(lambda: desk.kiosk.clock.boot_ms)
    desk.door._notice = notice.signal
    notice.tell(StickState.BUSY)
    desk.door.rest()
    desk.present(desk.kiosk.hub.issue())
    assert desk.shows() is Signal.ADMIT
    notice.tell(StickState.DONE)
    desk.door.rest()
    assert desk.shows() is Signal.ADMIT
