"""What the pins do when the parts are used, seen on gpiozero's own mock pins."""

import pytest
from gpiozero.pins.mock import MockFactory, MockPWMPin

from hardware.errors import ButtonFault, BuzzerFault, LampFault
from hardware.raspberry.button import RaspberryButton
from hardware.raspberry.buzzer import RaspberryBuzzer
from hardware.raspberry.lamp import RaspberryLamp
from tests.hardware.clock import FakeClock


@pytest.mark.parametrize("red", [False, True])
@pytest.mark.parametrize("green", [False, True])
def test_the_lamp_drives_both_pins(*, red: bool, green: bool) -> None:
    factory = MockFactory()
    lamp = RaspberryLamp(red_pin=17, green_pin=27, pin_factory=factory)
    assert (factory.pin(17).state, factory.pin(27).state) == (0, 0)
    lamp.show(red=red, green=green, caption="")
    assert (factory.pin(17).state, factory.pin(27).state) == (red, green)
    lamp.close()
    assert factory.pin(17).function == "input"


def test_one_pin_for_two_lights_is_a_fault_that_leaves_it_free() -> None:
    factory = MockFactory()
    with pytest.raises(LampFault) as caught:
        RaspberryLamp(red_pin=17, green_pin=17, pin_factory=factory)
    assert "pin number" in caught.value.hint
    RaspberryLamp(red_pin=17, green_pin=27, pin_factory=factory).close()


def test_a_pin_that_does_not_exist_is_a_fault() -> None:
    with pytest.raises(BuzzerFault):
        RaspberryBuzzer(pin=99, pin_factory=MockFactory(pin_class=MockPWMPin))
    with pytest.raises(ButtonFault):
        RaspberryButton(pin=99, boot_ms=FakeClock().boot_ms, pin_factory=MockFactory())


def test_the_buzzer_plays_the_frequency_and_falls_silent() -> None:
    factory = MockFactory(pin_class=MockPWMPin)
    buzzer = RaspberryBuzzer(pin=18, pin_factory=factory)
    pin = factory.pin(18)
    for frequency_hz in (110, 880, 1760):
        buzzer.sound(frequency_hz)
        assert pin.frequency == pytest.approx(frequency_hz)
        assert pin.state == 0.5
    buzzer.sound(None)
    assert pin.frequency is None
    buzzer.close()


def test_the_kernel_is_asked_to_hold_back_bounces_of_a_pulled_up_pin() -> None:
    factory, presses = MockFactory(), list[int]()
    button = RaspberryButton(pin=22, boot_ms=FakeClock(7).boot_ms, pin_factory=factory)
    button.when_pressed(presses.append)
    pin = factory.pin(22)
    assert (pin.pull, pin.bounce) == ("up", 0.05)
    pin.drive_low()
    assert presses == [7]
    button.close()
