"""How well the camera stands: focus, light and distance of one frame, and one figure for all."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from math import dist

from hardware.interfaces import HIGHEST_TONE_HZ, GreyImage
from kiosk.health.picture import measure
from kiosk.health.sharpness import sharpness
from kiosk.scanning.code import Code

# A pass of version 8 has 49 modules, a rotating one of version 14 has 73: below 30 % of 480 lines
# a module of the first has fewer than 3 pixels. Above 75 % a hand that sways leaves the picture.
NEAREST_PERCENT, FARTHEST_PERCENT = 75, 30

LOWEST_HZ = 220
_OCTAVES = 3

# An edge as sharp as a good lens gives it on this scale.
_IN_FOCUS = 0.9
_DIM_MEAN, _DARK_BRIGHTEST, _WHITE_SHARE = 40, 24, 0.3
_MARGIN_SHARE = 0.1


class Light(Enum):
    GOOD = "good"
    DARK = "too dark"
    DIM = "dim"
    WHITE = "too bright"


class Distance(Enum):
    NO_CODE = "no code in view"
    TOO_FAR = "too far"
    GOOD = "good"
    TOO_NEAR = "too near"


@dataclass(frozen=True, slots=True)
class Aim:
    """`focus_percent` is None where nothing in the picture has contrast enough to tell.

    `light_percent` is the mean brightness; `code_percent` the side of the largest code in view, of
    the frame's height. `score_percent` is what the tone follows: 100 is as good as it gets.
    """

    focus_percent: int | None
    light_percent: int
    light: Light
    code_percent: int | None
    distance: Distance
    score_percent: int


def take_aim(grey: GreyImage, codes: Iterable[Code]) -> Aim:
    """`grey` has at least one pixel; `codes` are those read in it."""
    picture = measure(grey)
    code = max(codes, key=_side_px, default=None)
    focus = sharpness(grey if code is None else _around(grey, code))
    focus_share = 0.0 if focus is None else min(focus / _IN_FOCUS, 1.0)
    light = _light(picture.mean, picture.brightest, picture.white_share)
    code_percent = None if code is None else round(100 * _side_px(code) / grey.shape[0])
    distance = _distance(code_percent)
    score = focus_share * _LIGHT_WORTH[light] * _DISTANCE_WORTH[distance]
    return Aim(
        focus_percent=None if focus is None else round(100 * focus_share),
        light_percent=round(picture.mean / 2.55),
        light=light,
        code_percent=code_percent,
        distance=distance,
        score_percent=round(100 * score),
    )


def tone_hz(score_percent: int) -> int:
    """Return a tone that rises by equal steps to the ear: three octaves from worst to best."""
    return min(round(LOWEST_HZ * 2 ** (_OCTAVES * score_percent / 100)), HIGHEST_TONE_HZ)


# Without a code the tone still follows the focus, and rises by an octave and more with one.
_DISTANCE_WORTH = {
    Distance.NO_CODE: 0.5,
    Distance.TOO_FAR: 0.7,
    Distance.TOO_NEAR: 0.7,
    Distance.GOOD: 1.0,
}
_LIGHT_WORTH = {Light.GOOD: 1.0, Light.DIM: 0.8, Light.WHITE: 0.6, Light.DARK: 0.2}


def _light(mean: float, brightest: int, white_share: float) -> Light:
    if brightest < _DARK_BRIGHTEST:
        return Light.DARK
    if white_share > _WHITE_SHARE:
        return Light.WHITE
    return Light.DIM if mean < _DIM_MEAN else Light.GOOD


def _distance(code_percent: int | None) -> Distance:
    if code_percent is None:
        return Distance.NO_CODE
    if code_percent < FARTHEST_PERCENT:
        return Distance.TOO_FAR
    return Distance.TOO_NEAR if code_percent > NEAREST_PERCENT else Distance.GOOD


def _side_px(code: Code) -> float:
    following = (*code.corners[1:], code.corners[0])
    return sum(dist(a, b) for a, b in zip(code.corners, following, strict=True)) / 4


def _around(grey: GreyImage, code: Code) -> GreyImage:
    """Cut out the code with a margin: its edges are black on white, whatever is behind it."""
    margin = _MARGIN_SHARE * _side_px(code)
    xs, ys = zip(*code.corners, strict=True)
    left, top = max(0, int(min(xs) - margin)), max(0, int(min(ys) - margin))
    return grey[top : int(max(ys) + margin) + 1, left : int(max(xs) + margin) + 1]
