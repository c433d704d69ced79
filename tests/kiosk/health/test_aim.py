"""The figure that the tone follows rises as focus, light and distance get better."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from hardware.errors import BuzzerFault
from hardware.interfaces import HIGHEST_TONE_HZ, LOWEST_TONE_HZ, Frame, GreyImage
from hardware.simulated.buzzer import SimulatedBuzzer
from kiosk.health.aim import Aim, Distance, Light, take_aim, tone_hz
from kiosk.health.aiming import LONGEST_MS, WITHIN_MS, Aiming
from kiosk.health.lent_buzzer import LentBuzzer
from kiosk.scanning.code import Code, Corners
from kiosk.scanning.ladder import Ladder, Reading
from kiosk.scanning.rungs import build_rungs
from tests.kiosk.fake_clock import FakeClock
from tests.kiosk.health.scenes import even, hall
from tests.kiosk.scanning.renders import placed, render


def _square(side: float) -> Corners:
    return (20.0, 20.0), (20 + side, 20.0), (20 + side, 20 + side), (20.0, 20 + side)


def _aim(blur_px: float = 0.6, light: float = 1.0, side: float | None = 120) -> Aim:
    codes = [] if side is None else [Code(b"x", _square(side), "scripted")]
    return take_aim(hall(light=light, blur_px=blur_px)(0), codes)


def test_it_rises_with_the_focus() -> None:
    aims = [_aim(blur_px=sigma) for sigma in (6, 3, 1.5, 0.6)]
    assert [aim.score_percent for aim in aims] == sorted({aim.score_percent for aim in aims})
    focus = [aim.focus_percent or 0 for aim in aims]
    assert focus == sorted(set(focus))


@pytest.mark.parametrize(
    ("side", "distance"),
    [
        (None, Distance.NO_CODE),
        (70, Distance.TOO_FAR),
        (72, Distance.GOOD),
        (179, Distance.GOOD),
        (184, Distance.TOO_NEAR),
    ],
)
def test_distance_is_the_size_of_the_code_in_the_frame(
    side: float | None, distance: Distance
) -> None:
    aim = _aim(side=side)
    assert aim.distance is distance
    assert aim.code_percent == (None if side is None else round(100 * side / 240))
    if distance is not Distance.GOOD:
        assert aim.score_percent < _aim().score_percent


@pytest.mark.parametrize(
    ("grey", "light"),
    [(5, Light.DARK), (30, Light.DIM), (120, Light.GOOD), (254, Light.WHITE)],
)
def test_light_is_judged(grey: int, light: Light) -> None:
    aim = take_aim(even(grey, noise=1)(0), [])
    assert aim.light is light
    assert aim.light_percent == pytest.approx(grey / 2.55, abs=1)
    assert (aim.focus_percent, aim.score_percent) == (None, 0)


def test_the_largest_code_counts() -> None:
    codes = [Code(b"a", _square(40), "-"), Code(b"b", _square(120), "-")]
    assert take_aim(hall()(0), codes).code_percent == 50


def test_a_real_code_is_as_good_as_it_gets() -> None:
    picture = placed(render(b"GPS1:" + b"A" * 90, scale=4), 480, 640, 150, 120)
    aim = take_aim(picture, Ladder(build_rungs(["zxing"])).look(picture).codes)
    assert (aim.distance, aim.light) == (Distance.GOOD, Light.GOOD)
    assert aim.score_percent == 100


def test_the_tone_rises_by_equal_steps_within_what_a_buzzer_plays() -> None:
    tones = [tone_hz(score) for score in range(101)]
    assert tones == sorted(set(tones))
    assert tones[0] >= LOWEST_TONE_HZ
    assert tones[-1] == HIGHEST_TONE_HZ
    assert tones[50] / tones[0] == pytest.approx(tones[100] / tones[50], rel=0.01)


class Decoder:
    def look(self, grey: GreyImage) -> Reading:
        del grey
        return Reading((Code(b"x", _square(120), "scripted"),), 0.1)

    climb = look

    def close(self) -> None:
        """Nothing is held."""


@dataclass(slots=True)
class Kiosk:
    clock: FakeClock = field(default_factory=FakeClock)
    may_begin: bool = True
    real: SimulatedBuzzer = field(init=False)
    lent: LentBuzzer = field(init=False)
    aiming: Aiming = field(init=False)

    def __post_init__(self) -> None:
        self.real = SimulatedBuzzer(boot_ms=lambda: self.clock.boot_ms)
        self.lent = LentBuzzer(self.real)
        self.aiming = Aiming(
            Decoder(), self.lent, lambda: self.clock.boot_ms, lambda: self.may_begin
        )

    def press(self, times: int = 3, apart_ms: int = 400) -> None:
        for _ in range(times):
            self.aiming.pressed(self.clock.boot_ms)
            self.clock.advance(apart_ms)

    def takes(self, blur_px: float = 0.6) -> bool:
        self.clock.advance(200)
        picture = hall(blur_px=blur_px)(self.clock.boot_ms)
        return self.aiming.takes(Frame(picture, self.clock.boot_ms))

    def tones(self) -> list[int | None]:
        return [record.frequency_hz for record in self.real.records]


@pytest.fixture
def kiosk() -> Kiosk:
    return Kiosk()


def test_three_presses_begin_it_and_one_ends_it(kiosk: Kiosk) -> None:
    assert not kiosk.takes()
    kiosk.press()
    assert all(kiosk.takes() for _ in range(5))
    kiosk.press(1)
    assert not kiosk.takes()
    assert kiosk.tones()[-1] is None
    assert not kiosk.takes()


def test_the_tone_rises_as_the_lens_is_turned(kiosk: Kiosk) -> None:
    kiosk.press()
    for sigma in (6, 3, 1.5, 0.6):
        assert kiosk.takes(sigma)
    heard = [tone or 0 for tone in kiosk.tones()]
    assert heard == sorted(set(heard))
    assert len(heard) == 4


def test_presses_too_far_apart_or_too_few_begin_nothing(kiosk: Kiosk) -> None:
    kiosk.press(2)
    assert not kiosk.takes()
    kiosk.clock.advance(WITHIN_MS)
    kiosk.press(6, apart_ms=WITHIN_MS // 2 + 1)
    assert not kiosk.takes()


def test_an_enrolled_kiosk_has_visitors(kiosk: Kiosk) -> None:
    kiosk.may_begin = False
    kiosk.press()
    assert not kiosk.takes()
    assert kiosk.tones() == []


def test_it_ends_by_itself(kiosk: Kiosk) -> None:
    kiosk.press()
    assert kiosk.takes()
    kiosk.clock.advance(LONGEST_MS)
    assert not kiosk.takes()
    assert not kiosk.aiming.is_on


def test_no_picture_is_silence(kiosk: Kiosk) -> None:
    kiosk.press()
    assert kiosk.takes()
    kiosk.clock.advance(200)
    assert kiosk.aiming.takes(None)
    kiosk.clock.advance(200)
    assert kiosk.aiming.takes(Frame(np.zeros((0, 0), np.uint8), 0))
    assert kiosk.tones()[-2:] == [None, None]


def test_between_tones_the_round_is_taken_too(kiosk: Kiosk) -> None:
    kiosk.press()
    assert kiosk.takes()
    heard = len(kiosk.tones())
    assert kiosk.aiming.takes(None)
    assert len(kiosk.tones()) == heard


def test_signals_are_silent_meanwhile_and_heard_again_after(kiosk: Kiosk) -> None:
    kiosk.lent.sound(440)
    kiosk.press()
    assert kiosk.takes()
    kiosk.lent.sound(330)
    assert 330 not in kiosk.tones()
    kiosk.press(1)
    assert not kiosk.takes()
    kiosk.lent.sound(660)
    assert kiosk.tones()[-1] == 660
    assert kiosk.lent.describe() == "simulated"


def test_a_buzzer_that_fails_ends_it(kiosk: Kiosk) -> None:
    kiosk.press()
    assert kiosk.takes()
    kiosk.real.fault = BuzzerFault("the pin is gone", hint="check the plug")
    assert kiosk.takes()
    assert not kiosk.takes()
    kiosk.real.fault = None
    kiosk.lent.sound(660)
    assert kiosk.tones()[-1] == 660
    kiosk.lent.close()
