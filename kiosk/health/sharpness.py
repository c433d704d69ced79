"""How sharp the edges in a picture are, by the picture alone."""

import cv2
import numpy as np

from hardware.interfaces import GreyImage

_NEAR_PX, _FAR_PX = 2, 16
# The strongest edges: two pixels in a thousand. More is other things, fewer is chance. Over the far
# distance the same edges are seen from eight times as many pixels.
_STRONGEST = 0.998
_STRONGEST_FAR = 1 - (1 - _STRONGEST) * _FAR_PX / _NEAR_PX
# Between edges weaker than this noise decides.
_LEAST_CONTRAST = 25
# Of normal noise, 0.998 of all differences lie within 3.1 times the spread, half within 0.67.
_NOISE = 3.1 / 0.67


def sharpness(grey: GreyImage) -> float | None:
    """Return how much of its contrast the strongest edge has within 2 pixels: 1 is sharp.

    An edge blurred by a Gaussian of sigma pixels gives about 1 / sigma, whatever its contrast
    and whatever the scene. None where nothing has contrast enough to tell.
    """
    if min(grey.shape) <= _FAR_PX:
        return None
    across, down = _edges(grey), _edges(np.ascontiguousarray(grey.T))
    contrast, steep = max(across, down)
    return None if contrast < _LEAST_CONTRAST else min(steep / contrast, 1.0)


def halved(grey: GreyImage) -> GreyImage:
    """Give what is quicker to measure, and tells blur from twice as many pixels on."""
    height, width = grey.shape
    size = (max(1, width // 2), max(1, height // 2))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)


def _edges(grey: GreyImage) -> tuple[int, float]:
    """Return the strongest contrast over the far and, less noise, over the near distance."""
    near = _changes(grey, _NEAR_PX)
    noise = _NOISE * _quantile(near, 0.5)
    steep = max(_quantile(near, _STRONGEST) ** 2 - noise**2, 0.0) ** 0.5
    return _quantile(_changes(grey, _FAR_PX), _STRONGEST_FAR), steep


def _changes(grey: GreyImage, apart_px: int) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Return how many pixels differ by at most 0, 1, … 255 from the one `apart_px` away."""
    changes = cv2.absdiff(grey[:, apart_px:], grey[:, :-apart_px])
    counts = cv2.calcHist([changes], [0], None, [256], [0, 256])
    return np.asarray(counts.ravel().cumsum(), np.float64)


def _quantile(counts: "np.ndarray[tuple[int], np.dtype[np.float64]]", share: float) -> int:
    return int(np.searchsorted(counts, share * counts[-1]))
