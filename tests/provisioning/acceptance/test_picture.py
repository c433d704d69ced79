"""The figures of a picture follow what they name."""

import cv2
import numpy as np

from provisioning.acceptance import picture
from tests.provisioning.acceptance.recorded_camera import scene


def test_sharpness_falls_as_the_lens_goes_out_of_focus() -> None:
    figures = [
        picture.sharpness(scene(1)),
        *(
            picture.sharpness(cv2.GaussianBlur(scene(1), (0, 0), sigma).astype(np.uint8))
            for sigma in (1.0, 2.0, 4.0)
        ),
    ]
    assert figures == sorted(figures, reverse=True)
    assert figures[0] > 10 * figures[2]


def test_brightness_is_the_mean() -> None:
    assert picture.brightness(np.full((4, 4), 77, np.uint8)) == 77


def test_a_scene_is_neither_dark_nor_white_nor_even() -> None:
    faults = (picture.is_dark, picture.is_glaring, picture.is_even)
    assert not any(is_faulty(scene(1)) for is_faulty in faults)


def test_one_changed_pixel_is_life() -> None:
    other = scene(1)
    other[5, 5] ^= 1
    assert picture.is_frozen([scene(1), scene(1)])
    assert not picture.is_frozen([scene(1), scene(1), other])
