"""The newest signal wins, the resting one comes back, and a part that fails stops nothing."""

import logging
from collections.abc import Callable, Iterator
from threading import Event

import pytest

from hardware.errors import BuzzerFault, LampFault
from hardware.simulated.buzzer import SimulatedBuzzer
from hardware.simulated.lamp import SimulatedLamp
from kiosk.signalling import player as player_module
from kiosk.signalling.cue import Beat, Cue, Signal
from kiosk.signalling.player import Player

FAST = {
    Signal.READY: Cue((Beat(4, green=True), Beat(4)), repeats=True),
    Signal.ADMIT: Cue((Beat(5, green=True, tone_hz=660), Beat(5, green=True))),
    Signal.DENY: Cue((Beat(60_000, red=True, tone_hz=330),)),
    Signal.OUT_OF_ORDER: Cue((Beat(5, red=True), Beat(5, red=True, green=True)), repeats=True),
    Signal.FAULT_HUB: Cue((Beat(60_000, red=True),), repeats=True),
    Signal.OFF: Cue((Beat(5),)),
}


class Stand:
    def __init__(self) -> None:
        self.lamp = SimulatedLamp(boot_ms=lambda: 0)
        self.buzzer = SimulatedBuzzer(boot_ms=lambda: 0)
        self.player = Player(self.lamp, self.buzzer)

    def until(self, holds: Callable[[], bool]) -> None:
        for _ in range(1000):
            if holds():
                return
            Event().wait(0.003)
        raise AssertionError("it did not come to that")

    def captions(self) -> list[str]:
        """Return what was said, each run of one caption once."""
        said: list[str] = []
        for record in self.lamp.records:
            if not said or said[-1] != record.caption:
                said.append(record.caption)
        return said


@pytest.fixture
def stand(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    monkeypatch.setattr(player_module, "CUES", FAST)
    stand = Stand()
    yield stand
    stand.player.close()


def test_a_signal_plays_to_its_end_and_rest_comes_back(stand: Stand) -> None:
    stand.player.rest(Signal.READY, "ready")
    stand.until(lambda: "ready" in stand.captions())
    stand.player.show(Signal.ADMIT, "come in")
    stand.until(lambda: stand.captions()[-2:] == ["come in", "ready"])
    assert stand.player.playing is Signal.READY
    assert stand.player.caption == "ready"
    tones = [record.frequency_hz for record in stand.buzzer.records]
    assert tones.count(660) == 1


def test_the_newest_wins_at_once(stand: Stand) -> None:
    stand.player.show(Signal.DENY, "no")
    stand.until(lambda: stand.captions()[-1:] == ["no"])
    stand.player.show(Signal.ADMIT, "come in")
    stand.until(lambda: "come in" in stand.captions())
    assert stand.captions().index("come in") == stand.captions().index("no") + 1


def test_the_same_signal_again_is_played_again(stand: Stand) -> None:
    """Two people after one another each get their own tone."""
    for count in (1, 2, 3):
        stand.player.show(Signal.ADMIT, "come in")
        stand.until(lambda: [r.frequency_hz for r in stand.buzzer.records].count(660) >= count)  # noqa: B023
        stand.until(lambda: stand.player.playing is Signal.OFF)


def test_rest_repeats_and_changes_at_once(stand: Stand) -> None:
    stand.player.rest(Signal.READY, "ready")
    stand.until(lambda: len([r for r in stand.lamp.records if r.green]) > 3)
    stand.player.rest(Signal.FAULT_HUB, "hub")
    stand.until(lambda: stand.captions()[-1] == "hub")
    assert stand.player.playing is Signal.FAULT_HUB


def test_a_new_rest_interrupts_no_verdict(stand: Stand) -> None:
    stand.player.rest(Signal.READY, "ready")
    stand.player.show(Signal.DENY, "no")
    stand.until(lambda: stand.captions()[-1:] == ["no"])
    stand.player.rest(Signal.FAULT_HUB, "hub")
    Event().wait(0.02)
    assert stand.player.playing is Signal.DENY
    assert stand.captions()[-1] == "no"
    stand.player.show(Signal.ADMIT, "come in")
    stand.until(lambda: stand.captions()[-1] == "hub")


def test_the_same_rest_again_does_not_begin_anew(stand: Stand) -> None:
    stand.player.rest(Signal.FAULT_HUB, "hub")
    stand.until(lambda: stand.captions()[-1:] == ["hub"])
    shown = len(stand.lamp.records)
    for _ in range(20):
        stand.player.rest(Signal.FAULT_HUB, "hub")
    Event().wait(0.02)
    assert len(stand.lamp.records) == shown


def test_a_repeating_signal_that_is_shown_ends_after_one_round(stand: Stand) -> None:
    stand.player.rest(Signal.READY, "ready")
    stand.player.show(Signal.OUT_OF_ORDER, "out of order")
    stand.until(lambda: stand.captions()[-2:] == ["out of order", "ready"])
    assert len([r for r in stand.lamp.records if r.caption == "out of order"]) == 2


def test_a_faulty_lamp_is_logged_once_and_the_buzzer_goes_on(
    stand: Stand, caplog: pytest.LogCaptureFixture
) -> None:
    stand.lamp.fault = LampFault("no current", hint="check the plug")
    with caplog.at_level(logging.ERROR):
        stand.player.rest(Signal.READY, "ready")
        for _ in range(2):
            heard = len(stand.buzzer.records)
            stand.until(lambda: len(stand.buzzer.records) > heard + 3)  # noqa: B023
    assert [r.getMessage() for r in caplog.records] == [
        "the lamp fails: no current; check the plug"
    ]
    assert stand.player.is_faulty
    stand.lamp.fault = None
    stand.until(lambda: not stand.player.is_faulty)
    stand.until(lambda: "ready" in stand.captions())


def test_a_faulty_buzzer_leaves_the_light(stand: Stand) -> None:
    stand.buzzer.fault = BuzzerFault("torn off", hint="-")
    stand.player.show(Signal.ADMIT, "come in")
    stand.until(lambda: "come in" in stand.captions())
    assert stand.player.is_faulty


def test_in_the_end_the_lights_go_out_at_once(stand: Stand) -> None:
    stand.player.rest(Signal.FAULT_HUB, "hub")
    stand.until(lambda: stand.captions()[-1:] == ["hub"])
    stand.player.close()
    last = stand.lamp.records[-1]
    assert (last.red, last.green) == (False, False)
    assert stand.buzzer.records[-1].frequency_hz is None
    shown = len(stand.lamp.records)
    stand.player.show(Signal.ADMIT, "too late")
    Event().wait(0.02)
    assert len(stand.lamp.records) == shown
    stand.player.close()


def test_what_is_held_stays_until_it_is_let_go(stand: Stand) -> None:
    stand.player.rest(Signal.READY, "ready")
    stand.player.show(Signal.ADMIT, "come in")
    stand.player.hold(60.0)
    stand.until(lambda: stand.lamp.records[-1].caption == "come in")
    Event().wait(0.05)
    assert stand.player.playing is Signal.ADMIT
    stand.player.show(Signal.DENY, "no")
    stand.until(lambda: stand.captions()[-1] == "no")


def test_a_hold_that_has_passed_holds_nothing(stand: Stand) -> None:
    stand.player.rest(Signal.READY, "ready")
    stand.player.show(Signal.ADMIT, "come in")
    stand.player.hold(0.03)
    stand.until(lambda: stand.captions()[-2:] == ["come in", "ready"])
