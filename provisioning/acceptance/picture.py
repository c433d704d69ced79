"""Figures of one picture: pure arithmetic on grey values."""

from collections.abc import Sequence

import cv2
import numpy as np

from hardware.interfaces import GreyImage

_DARKEST = 12.0
_BRIGHTEST = 243.0
# A sensor's own noise spreads by two or three grey values; any scene by far more.
_EVENEST = 4.0


def brightness(grey: GreyImage) -> float:
    """Return the mean grey value, 0 to 255."""
    return float(np.mean(grey))


def sharpness(grey: GreyImage) -> float:
    """Return the variance of the Laplacian.

    It compares focus settings before one scene; between scenes it says nothing, so it has no limit.
    (Pech-Pacheco and others, "Diatom autofocusing in brightfield microscopy", ICPR 2000.)
    """
    return float(cv2.Laplacian(grey, cv2.CV_64F).var())


def is_dark(grey: GreyImage) -> bool:
    return brightness(grey) < _DARKEST


def is_glaring(grey: GreyImage) -> bool:
    return brightness(grey) > _BRIGHTEST


def is_even(grey: GreyImage) -> bool:
    return float(np.std(grey)) < _EVENEST


def is_frozen(pictures: Sequence[GreyImage]) -> bool:
    """Two pictures of a living sensor are never the same, if only for noise."""
    return all(np.array_equal(pictures[0], other) for other in pictures[1:])
