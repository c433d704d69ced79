import logging
from threading import Event, get_ident

import pytest
from django.db import OperationalError

from sync.hub.attendance.telling import Telling

_SOON_S = 10.0


class Slow:
    """Work that does not end before it is let go."""

    def __init__(self) -> None:
        self.begun, self.let_go, self.threads = Event(), Event(), list[int]()

    def __call__(self) -> None:
        self.threads.append(get_ident())
        self.begun.set()
        assert self.let_go.wait(_SOON_S)


def _ended(telling: Telling) -> None:
    assert telling._thread is not None
    telling._thread.join(_SOON_S)
    assert not telling._thread.is_alive()


def test_whoever_begins_it_waits_for_nobody() -> None:
    """A receiver that does not answer holds up neither the watch nor, by ever more threads, the
    machine.
    """
    slow = Slow()
    telling = Telling(slow)
    for _ in range(5):
        telling.begin()
    assert slow.begun.wait(_SOON_S)
    assert len(slow.threads) == 1
    assert get_ident() not in slow.threads
    slow.let_go.set()
    _ended(telling)
    telling.begin()
    _ended(telling)
    assert len(slow.threads) == 2


def test_a_database_that_is_away_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def away() -> None:
        raise OperationalError("host=db user=hub: no route")

    telling = Telling(away)
    with caplog.at_level(logging.ERROR):
        telling.begin()
        _ended(telling)
    assert caplog.messages == ["no notice could be sent: OperationalError"]
