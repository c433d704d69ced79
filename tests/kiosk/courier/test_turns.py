"""The courier gets half of the time at most, and one turn at a time."""

import threading

import pytest

from kiosk.courier.turns import Turns


class _Clock:
    def __init__(self) -> None:
        self.now_s = 100.0
        self.rested: list[float] = []
        self.floods = 0
        self.turns = Turns(self._rest, self._flood, clock=lambda: self.now_s)

    def _rest(self, seconds: float) -> None:
        self.rested.append(round(seconds, 3))
        self.now_s += seconds

    def _flood(self) -> None:
        self.floods += 1

    def ask(self, *, takes_s: float = 0.0) -> None:
        with self.turns.turn():
            self.now_s += takes_s


def test_after_each_turn_comes_a_rest_as_long_as_it_took() -> None:
    clock = _Clock()
    for takes_s in (0.2, 0.0, 90.0, 0.0):
        clock.ask(takes_s=takes_s)
    assert clock.rested == [0.2, 0.01, 1.0]


def test_who_comes_later_does_not_rest() -> None:
    clock = _Clock()
    clock.ask(takes_s=0.2)
    clock.now_s += 0.5
    clock.ask()
    assert clock.rested == []


def test_a_turn_that_fails_ends_too() -> None:
    clock = _Clock()
    with pytest.raises(ZeroDivisionError), clock.turns.turn():
        1 / 0  # noqa: B018
    clock.ask()
    assert clock.rested == [0.01]


@pytest.mark.parametrize(("pause_s", "floods"), [(0.0, 3), (0.03, 0)])
def test_a_flood_is_told_of_once_a_minute(pause_s: float, floods: int) -> None:
    clock = _Clock()
    while clock.now_s < 100 + 3 * 60:
        clock.ask()
        clock.now_s += pause_s
    assert clock.floods == floods


def test_one_at_a_time() -> None:
    turns = Turns(lambda _s: None, lambda: None)
    inside, most = 0, 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(200):
            with turns.turn():
                inside += 1
                most = max(most, inside)
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
