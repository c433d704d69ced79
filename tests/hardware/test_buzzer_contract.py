"""Every buzzer: silence and 110 to 1760 Hz, and a fault outside of it or after closing."""

from collections.abc import Callable, Iterator

import pytest
from gpiozero.pins.mock import MockFactory, MockPWMPin

from hardware.absent.buzzer import AbsentBuzzer
from hardware.errors import BuzzerFault
from hardware.interfaces import HIGHEST_TONE_HZ, LOWEST_TONE_HZ, Buzzer
from hardware.raspberry.buzzer import RaspberryBuzzer
from hardware.simulated.buzzer import SimulatedBuzzer
from tests.hardware.clock import FakeClock

_MAKERS: dict[str, Callable[[], Buzzer]] = {
    "raspberry": lambda: RaspberryBuzzer(pin=18, pin_factory=MockFactory(pin_class=MockPWMPin)),
    "simulated": lambda: SimulatedBuzzer(boot_ms=FakeClock().boot_ms),
    "absent": AbsentBuzzer,
}


@pytest.fixture(params=_MAKERS)
def buzzer(request: pytest.FixtureRequest) -> Iterator[Buzzer]:
    made = _MAKERS[request.param]()
    yield made
    made.close()


def test_plays_the_whole_range_and_silence(buzzer: Buzzer) -> None:
    for frequency_hz in (LOWEST_TONE_HZ, 440, 659, HIGHEST_TONE_HZ, None, None):
        buzzer.sound(frequency_hz)
    assert buzzer.describe()


@pytest.mark.parametrize("frequency_hz", [0, -440, LOWEST_TONE_HZ - 1, HIGHEST_TONE_HZ + 1])
def test_refuses_what_a_piezo_cannot_play(buzzer: Buzzer, frequency_hz: int) -> None:
    with pytest.raises(BuzzerFault):
        buzzer.sound(frequency_hz)


def test_closes_twice_and_then_refuses(buzzer: Buzzer) -> None:
    buzzer.sound(440)
    buzzer.close()
    buzzer.close()
    with pytest.raises(BuzzerFault) as caught:
        buzzer.sound(None)
    assert caught.value.hint
    with pytest.raises(BuzzerFault):
        buzzer.describe()
