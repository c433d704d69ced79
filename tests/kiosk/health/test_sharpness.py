"""Sharpness follows the blur alone: not the contrast, not the noise, not the scene."""

import numpy as np
import pytest

from kiosk.health.picture import likeness, measure
from kiosk.health.sharpness import halved, sharpness
from tests.kiosk.health.scenes import even, hall, wall


@pytest.mark.parametrize("seed", range(4))
def test_it_falls_as_the_blur_grows(seed: int) -> None:
    figures = [sharpness(hall(seed, blur_px=sigma)(0)) or 0 for sigma in (0.5, 1, 2, 4, 8)]
    assert figures == sorted(figures, reverse=True)
    assert figures[0] > 0.7
    assert figures[-1] < 0.2


@pytest.mark.parametrize("sigma_px", [2.0, 4.0])
def test_it_is_what_the_blur_makes_of_an_edge(sigma_px: float) -> None:
    assert sharpness(hall(blur_px=sigma_px)(0)) == pytest.approx(1 / sigma_px, rel=0.35)


def test_less_light_is_not_less_sharp() -> None:
    bright, dim = (sharpness(hall(light=light)(0)) for light in (1.0, 0.5))
    assert bright == pytest.approx(dim, rel=0.15)


def test_where_nothing_has_contrast_nothing_is_said() -> None:
    assert sharpness(even(120)(0)) is None
    assert sharpness(wall()(0)) is None
    for shape in ((1, 1), (16, 300), (300, 16)):
        assert sharpness(np.zeros(shape, np.uint8)) is None


def test_half_the_size_tells_less_of_a_small_blur() -> None:
    grey = hall(blur_px=4)(0)
    assert (sharpness(halved(grey)) or 0) > (sharpness(grey) or 1)
    assert halved(np.zeros((1, 1), np.uint8)).shape == (1, 1)


def test_likeness_is_of_edges() -> None:
    one, dimmer, other, nothing = (
        measure(scene(0)).structure for scene in (hall(), hall(light=0.5), hall(2), even(9, 0))
    )
    assert likeness(one, one) == pytest.approx(1, abs=1e-4)
    assert likeness(one, dimmer) > 0.9
    assert abs(likeness(one, other)) < 0.4
    assert likeness(one, nothing) == 0


@pytest.mark.parametrize("shape", [(1, 1), (3, 4000), (480, 640)])
def test_any_picture_can_be_measured(shape: tuple[int, int]) -> None:
    black, white = measure(np.zeros(shape, np.uint8)), measure(np.full(shape, 255, np.uint8))
    assert (black.brightest, black.white_share, black.texture_share) == (0, 0, 0)
    assert (white.brightest, white.white_share, white.texture_share) == (255, 1, 0)
