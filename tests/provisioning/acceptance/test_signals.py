"""Lamp, buzzer and button are worked as a person at the bench would see, hear and press them."""

from itertools import pairwise

import pytest

from hardware.absent.button import AbsentButton
from hardware.errors import BuzzerFault, LampFault
from hardware.interfaces import HIGHEST_TONE_HZ, LOWEST_TONE_HZ
from hardware.simulated.button import SimulatedButton
from hardware.simulated.buzzer import SimulatedBuzzer
from hardware.simulated.lamp import SimulatedLamp
from provisioning.acceptance.button import try_button
from provisioning.acceptance.buzzer import try_buzzer
from provisioning.acceptance.lamp import SHOWN_S, try_lamp
from provisioning.acceptance.result import Outcome
from tests.provisioning.acceptance.bench_clock import BenchClock


def _seen(_question: str) -> bool:
    return True


def test_the_lamp_shows_red_green_and_amber_in_turn_and_goes_out() -> None:
    clock, told = BenchClock(), list[str]()
    lamp = SimulatedLamp(boot_ms=clock.boot_ms)
    result = try_lamp(lamp, clock.stopwatch, told.append, _seen)
    assert [(shown.red, shown.green) for shown in lamp.records] == [
        (True, False),
        (False, True),
        (True, True),
        (False, False),
    ]
    moments = [shown.boot_ms for shown in lamp.records]
    assert [late - early for early, late in pairwise(moments)] == [round(SHOWN_S * 1000)] * 3
    assert result.outcome is Outcome.OK
    assert "red, green, amber" in told[0]


def test_a_lamp_that_fails_says_so() -> None:
    clock = BenchClock()
    lamp = SimulatedLamp(boot_ms=clock.boot_ms)
    lamp.fault = LampFault("burnt out", hint="replace it")
    with pytest.raises(LampFault):
        try_lamp(lamp, clock.stopwatch, str, _seen)


def test_the_buzzer_plays_its_range_and_is_silent_after_every_tone() -> None:
    clock = BenchClock()
    buzzer = SimulatedBuzzer(boot_ms=clock.boot_ms)
    assert try_buzzer(buzzer, clock.stopwatch, str, _seen).outcome is Outcome.OK
    tones = [played.frequency_hz for played in buzzer.records]
    assert tones == [LOWEST_TONE_HZ, None, 440, None, HIGHEST_TONE_HZ, None]


def test_a_buzzer_that_fails_says_so() -> None:
    clock = BenchClock()
    buzzer = SimulatedBuzzer(boot_ms=clock.boot_ms)
    buzzer.fault = BuzzerFault("dead", hint="replace it")
    with pytest.raises(BuzzerFault):
        try_buzzer(buzzer, clock.stopwatch, str, _seen)


def test_a_press_arrives_once_it_is_asked_for() -> None:
    button = SimulatedButton(boot_ms=BenchClock().boot_ms)
    # Nobody at the bench presses before being told to: the word comes when somebody listens.
    result = try_button(button, 5.0, lambda _text: button.press())
    assert result.outcome is Outcome.OK
    assert button.records[0].answered


def test_without_a_press_it_says_where_to_look() -> None:
    result = try_button(AbsentButton(), 0.01, str)
    assert result.outcome is Outcome.BAD
    assert "within 0.01 s" in result.said
    assert "wires" in result.advice
