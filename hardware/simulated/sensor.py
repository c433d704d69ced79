"""The room behind the phone, and what the sensor makes of the light."""

import functools

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.interfaces import GreyImage

Light = NDArray[np.float32]

# How far the noise is shifted from frame to frame; a power of two.
_SHIFT_PX = 64


@functools.lru_cache(maxsize=2)
def room(seed: int, width_px: int, height_px: int) -> Light:
    """Return the light from an entrance hall, out of focus; 1 is a white sheet."""
    rng = np.random.default_rng([seed & (2**64 - 1), 3])
    coarse = rng.uniform(0.32, 0.5, (5, 6)).astype(np.float32)
    wall = np.asarray(
        cv2.resize(coarse, (width_px, height_px), interpolation=cv2.INTER_CUBIC), np.float32
    )
    floor_y = int(rng.uniform(0.68, 0.8) * height_px)
    wall[floor_y:] *= 0.6
    for _ in range(4):
        _draw_thing(wall, rng, floor_y)
    # The lens is focused at arm's length.
    return np.asarray(cv2.GaussianBlur(wall, (0, 0), 0.012 * width_px), np.float32)


def _draw_thing(wall: Light, rng: np.random.Generator, floor_y: int) -> None:
    width = wall.shape[1]
    x, wide = int(rng.uniform(-0.1, 0.95) * width), int(rng.uniform(0.05, 0.25) * width)
    top = int(rng.uniform(0.05, 0.6) * floor_y)
    standing = rng.random() < 0.5
    bottom = floor_y + 10 if standing else top + int(rng.uniform(0.1, 0.4) * floor_y)
    wall[top:bottom, max(x, 0) : x + wide] *= float(rng.uniform(0.45, 1.5))


def expose(
    light: Light, *, gain: float, gamma: float, noise_sigma: float, seed: int, t_ms: int
) -> GreyImage:
    """Return what an 8-bit sensor reads.

    Photons are counted, so noise grows with the root of the light, and all of it with the gain
    that a dark room asks for.
    """
    exposed = np.asarray(cv2.convertScaleAbs(light, alpha=255 * gain), np.uint8)
    levels = np.linspace(0, 1, 256)
    curve = (255 * levels**gamma).astype(np.float32)
    spread = (noise_sigma * np.sqrt(max(gain, 0.5)) * np.sqrt(0.4 + levels)).astype(np.float32)
    noise = cv2.multiply(
        _noise(light.shape[1], light.shape[0], seed, t_ms), cv2.LUT(exposed, spread)
    )
    return np.asarray(cv2.add(cv2.LUT(exposed, curve), noise, dtype=cv2.CV_8U), np.uint8)


def _noise(width_px: int, height_px: int, seed: int, t_ms: int) -> Light:
    # A window into one large field is many times faster than fresh noise for each frame.
    step = ((t_ms * 2_654_435_761 + seed * 40_503) & 0xFFFFFFFF) >> 8
    x, y = step % _SHIFT_PX, step // _SHIFT_PX % _SHIFT_PX
    return _noise_field(width_px, height_px)[y : y + height_px, x : x + width_px]


@functools.lru_cache(maxsize=2)
def _noise_field(width_px: int, height_px: int) -> Light:
    shape = (height_px + _SHIFT_PX, width_px + _SHIFT_PX)
    return np.random.default_rng(4).standard_normal(shape, dtype=np.float32)
