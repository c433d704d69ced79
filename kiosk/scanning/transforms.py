"""Other views of one grey picture, each for a reason why a code in it may not be read.

Every function takes and gives one byte a pixel; a picture may be as small as 1x1.
"""

import math
from collections.abc import Callable
from typing import TypeAlias

import cv2
import numpy as np

from hardware.interfaces import GreyImage

Transform: TypeAlias = Callable[[GreyImage], GreyImage]


def unchanged(grey: GreyImage) -> GreyImage:
    return grey


def gamma(exponent: float) -> Transform:
    """Above 1 darkens: parts a washed-out code; below 1 lightens: parts a code in the dark."""
    levels = np.linspace(0.0, 1.0, 256) ** exponent
    table = np.round(levels * 255).astype(np.uint8)

    def apply(grey: GreyImage) -> GreyImage:
        return _bytes(cv2.LUT(grey, table))

    return apply


def shrunk(factor: float) -> Transform:
    """Averages away noise, moiré and gaps between printed dots; large codes become cheaper."""

    def apply(grey: GreyImage) -> GreyImage:
        return _resized(grey, 1 / factor, cv2.INTER_AREA)

    return apply


def enlarged(factor: float, within_px: int) -> Transform:
    """Gives small modules more pixels, by less where the result would pass `within_px` pixels."""

    def apply(grey: GreyImage) -> GreyImage:
        room = math.sqrt(within_px / grey.size)
        return _resized(grey, min(factor, room), cv2.INTER_LINEAR) if room > 1 else grey

    return apply


def sized(longer_px: int) -> Transform:
    """Brings a part of a picture to one size, enlarging it three times at most."""

    def apply(grey: GreyImage) -> GreyImage:
        factor = min(3.0, longer_px / max(grey.shape))
        return _resized(grey, factor, cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA)

    return apply


def mended(thin_px: int) -> Transform:
    """Removes dark lines thinner than `thin_px`: cracks and scratches are, modules are not."""
    shape = np.ones((thin_px, thin_px), np.uint8)

    def apply(grey: GreyImage) -> GreyImage:
        return _bytes(cv2.morphologyEx(grey, cv2.MORPH_CLOSE, shape))

    return apply


def sharpened(amount: float, radius_px: int) -> Transform:
    """Unsharp masking, against focus and motion blur; a box is 10 times cheaper than a Gaussian."""
    side = 2 * radius_px + 1

    def apply(grey: GreyImage) -> GreyImage:
        soft = cv2.blur(grey, (side, side))
        return _bytes(cv2.addWeighted(grey, 1 + amount, soft, -amount, 0))

    return apply


def levelled(block_px: int, below: int) -> Transform:
    """Black and white by each pixel's surroundings, against shadows and reflections.

    `block_px` is odd, and some modules wide; `below` is how much darker than their mean black is.
    """

    def apply(grey: GreyImage) -> GreyImage:
        mean, binary = cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY
        return _bytes(cv2.adaptiveThreshold(grey, 255, mean, binary, block_px, below))

    return apply


def flattened(grey: GreyImage) -> GreyImage:
    """Divide by the light that falls on each part: against shadows, glare and the dark.

    The light is taken to be the mean of 16 pixel squares, smoothed over some 40 pixels.
    """
    height, width = grey.shape
    cells = (max(1, width // 16), max(1, height // 16))
    light = cv2.blur(cv2.resize(grey, cells, interpolation=cv2.INTER_AREA), (5, 5))
    light = cv2.resize(light, (width, height), interpolation=cv2.INTER_LINEAR)
    return _bytes(cv2.divide(grey, light, scale=160))


def then(*steps: Transform) -> Transform:
    def apply(grey: GreyImage) -> GreyImage:
        for step in steps:
            grey = step(grey)
        return grey

    return apply


def fitted(grey: GreyImage, max_px: int) -> GreyImage:
    """Shrink to at most `max_px` pixels; what fits is returned as it is."""
    if grey.size <= max_px:
        return grey
    return _resized(grey, math.sqrt(max_px / grey.size), cv2.INTER_AREA)


def _resized(grey: GreyImage, factor: float, interpolation: int) -> GreyImage:
    height, width = (max(1, int(side * factor)) for side in grey.shape)
    return _bytes(cv2.resize(grey, (width, height), interpolation=interpolation))


def _bytes(image: object) -> GreyImage:
    return np.asarray(image, dtype=np.uint8)
