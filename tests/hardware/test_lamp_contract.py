"""Every lamp: any of the four states, closing twice, and a fault for whatever comes after."""

import io
from collections.abc import Callable, Iterator

import pytest
from gpiozero.pins.mock import MockFactory

from hardware.absent.lamp import AbsentLamp
from hardware.desktop.lamp import TerminalLamp
from hardware.errors import LampFault
from hardware.interfaces import Lamp
from hardware.raspberry.lamp import RaspberryLamp
from hardware.simulated.lamp import SimulatedLamp
from tests.hardware.clock import FakeClock

_MAKERS: dict[str, Callable[[], Lamp]] = {
    "raspberry": lambda: RaspberryLamp(red_pin=17, green_pin=27, pin_factory=MockFactory()),
    "desktop": lambda: TerminalLamp(stream=io.StringIO()),
    "simulated": lambda: SimulatedLamp(boot_ms=FakeClock().boot_ms),
    "absent": AbsentLamp,
}


@pytest.fixture(params=_MAKERS)
def lamp(request: pytest.FixtureRequest) -> Iterator[Lamp]:
    made = _MAKERS[request.param]()
    yield made
    made.close()


def test_shows_every_state(lamp: Lamp) -> None:
    for red in (False, True):
        for green in (False, True):
            lamp.show(red=red, green=green, caption="Silakan masuk")
    assert lamp.describe()


def test_closes_twice_and_then_refuses(lamp: Lamp) -> None:
    lamp.close()
    lamp.close()
    with pytest.raises(LampFault) as caught:
        lamp.show(red=True, green=False, caption="")
    assert caught.value.hint
    with pytest.raises(LampFault):
        lamp.describe()
