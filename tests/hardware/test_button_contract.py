"""Every button: one call for each press, to the last callback given, with the boot time."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from gpiozero.pins.mock import MockFactory

from hardware.absent.button import AbsentButton
from hardware.errors import ButtonFault
from hardware.interfaces import Button
from hardware.raspberry.button import RaspberryButton
from hardware.simulated.button import SimulatedButton
from tests.hardware.clock import FakeClock


@dataclass(frozen=True)
class Fitted:
    button: Button
    press: Callable[[], None]


def _raspberry(clock: FakeClock) -> Fitted:
    factory = MockFactory()
    button = RaspberryButton(pin=22, boot_ms=clock.boot_ms, pin_factory=factory)
    pin = factory.pin(22)

    def press() -> None:
        pin.drive_low()
        pin.drive_high()

    return Fitted(button, press)


def _simulated(clock: FakeClock) -> Fitted:
    button = SimulatedButton(boot_ms=clock.boot_ms)
    return Fitted(button, button.press)


@pytest.mark.parametrize("make", [_raspberry, _simulated])
def test_calls_the_last_callback_with_the_boot_time(make: Callable[[FakeClock], Fitted]) -> None:
    clock, first, last = FakeClock(5_000), list[int](), list[int]()
    fitted = make(clock)
    fitted.button.when_pressed(first.append)
    fitted.button.when_pressed(last.append)
    fitted.press()
    assert (first, last) == ([], [5_000])
    fitted.button.close()


@pytest.mark.parametrize(
    "make", [_raspberry, _simulated, lambda _: Fitted(AbsentButton(), lambda: None)]
)
def test_closes_twice_and_then_refuses(make: Callable[[FakeClock], Fitted]) -> None:
    button = make(FakeClock()).button
    button.when_pressed(lambda _: None)
    assert button.describe()
    button.close()
    button.close()
    with pytest.raises(ButtonFault) as caught:
        button.when_pressed(lambda _: None)
    assert caught.value.hint
    with pytest.raises(ButtonFault):
        button.describe()
