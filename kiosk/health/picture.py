"""What a small copy of one picture tells, whatever it shows."""

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.interfaces import GreyImage

SMALL_SIZE = (160, 120)
WHITE = 250

# Wider than the noise that is left in the small copy, which spreads by one or two grey values.
_TEXTURE = 4
_FINE, _COARSE = (3, 3), (15, 15)
# One pixel in two hundred: a screen at arm's length in the dark is more, hot pixels are less.
_BRIGHTEST_OF = 0.995

Structure: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Picture:
    """`brightest` is the grey value that one pixel in 200 reaches; shares are 0 to 1.

    `structure` is how much lighter each place is than what surrounds it: edges of any kind, and
    nothing where light falls off evenly. `texture_share` is how much of the picture has any.
    """

    small: GreyImage
    structure: Structure
    mean: float
    brightest: int
    white_share: float
    texture_share: float


def measure(grey: GreyImage) -> Picture:
    """`grey` has at least one pixel."""
    small = _small(grey)
    structure = _structure(small)
    counts = cv2.calcHist([small], [0], None, [256], [0, 256]).ravel().cumsum()
    textured = int(np.count_nonzero(np.abs(structure) > _TEXTURE))
    return Picture(
        small=small,
        structure=structure,
        mean=float(cv2.mean(small)[0]),
        brightest=int(np.searchsorted(counts, _BRIGHTEST_OF * small.size)),
        white_share=float(1 - counts[WHITE - 1] / small.size),
        texture_share=textured / small.size,
    )


def likeness(one: Structure, other: Structure) -> float:
    """Return 1 where two pictures show the same edges, about 0 where they have none in common.

    The light may change: what becomes darker or brighter as a whole keeps its edges.
    """
    product = float(cv2.norm(one)) * float(cv2.norm(other))
    return float((one * other).sum()) / product if product else 0.0


def _small(grey: GreyImage) -> GreyImage:
    """Average down to SMALL_SIZE. OpenCV halves fifteen times faster than it divides by four."""
    width, height = SMALL_SIZE
    while grey.shape[0] >= 2 * height and grey.shape[1] >= 2 * width:
        half = (grey.shape[1] // 2, grey.shape[0] // 2)
        grey = np.asarray(cv2.resize(grey, half, interpolation=cv2.INTER_AREA), np.uint8)
    return np.asarray(cv2.resize(grey, SMALL_SIZE, interpolation=cv2.INTER_AREA), np.uint8)


def _structure(small: GreyImage) -> Structure:
    fine, coarse = cv2.blur(small, _FINE), cv2.blur(small, _COARSE)
    return np.asarray(cv2.subtract(fine, coarse, dtype=cv2.CV_32F), np.float32)
