"""Simulated parts remember what they did and when, and fail when they are told to."""

import pytest

from hardware.errors import BoardFault, BuzzerFault, LampFault
from hardware.interfaces import BoardReading
from hardware.simulated.board import BoardRecord, SimulatedBoard
from hardware.simulated.button import PressRecord, SimulatedButton
from hardware.simulated.buzzer import BuzzerRecord, SimulatedBuzzer
from hardware.simulated.lamp import LampRecord, SimulatedLamp
from tests.hardware.clock import FakeClock


def test_the_lamp_remembers() -> None:
    clock = FakeClock(100)
    lamp = SimulatedLamp(boot_ms=clock.boot_ms)
    lamp.show(red=False, green=True, caption="Silakan")
    clock.sleep(0.5)
    lamp.show(red=True, green=True, caption="Tunggu")
    assert lamp.records == [
        LampRecord(100, red=False, green=True, caption="Silakan"),
        LampRecord(600, red=True, green=True, caption="Tunggu"),
    ]
    lamp.fault = LampFault("burnt out", hint="replace it")
    with pytest.raises(LampFault, match="burnt out"):
        lamp.show(red=False, green=False, caption="")
    assert len(lamp.records) == 2


def test_the_buzzer_remembers() -> None:
    buzzer = SimulatedBuzzer(boot_ms=FakeClock(100).boot_ms)
    buzzer.sound(440)
    buzzer.sound(None)
    assert buzzer.records == [BuzzerRecord(100, 440), BuzzerRecord(100, None)]
    buzzer.fault = BuzzerFault("dead", hint="replace it")
    with pytest.raises(BuzzerFault, match="dead"):
        buzzer.sound(440)


def test_the_button_remembers_whether_anybody_listened() -> None:
    button, pressed = SimulatedButton(boot_ms=FakeClock(100).boot_ms), list[int]()
    button.press()
    button.when_pressed(pressed.append)
    button.press()
    assert pressed == [100]
    assert button.records == [PressRecord(100, answered=False), PressRecord(100, answered=True)]


def test_the_board_says_what_it_is_set_to() -> None:
    board = SimulatedBoard(boot_ms=FakeClock(100).boot_ms, identity="pi-1")
    board.reading = BoardReading(temperature_c=81.0, under_voltage=True)
    assert board.read() == board.reading
    assert board.records == [BoardRecord(100, board.reading)]
    board.identity = "pi-2"
    assert board.serial() == "pi-2"
    board.fault = BoardFault("no sensor", hint="reboot")
    with pytest.raises(BoardFault, match="no sensor"):
        board.read()
