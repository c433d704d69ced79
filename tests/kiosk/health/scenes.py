"""What a camera at a door may see, drawn, with the noise that every sensor has."""

from collections.abc import Callable

import cv2
import numpy as np

from hardware.interfaces import GreyImage

WIDTH_PX, HEIGHT_PX = 320, 240
FRAME_MS = 100

Scene = Callable[[int], GreyImage]
"""Gives the frame taken at `boot_ms`."""


def hall(seed: int = 1, *, light: float = 1.0, blur_px: float = 0.7) -> Scene:
    """An entrance hall with things in it; another seed is another hall."""
    chance = np.random.default_rng([seed, 77])
    view = np.full((HEIGHT_PX, WIDTH_PX), 120.0)
    for _ in range(14):
        x, y = chance.integers(0, WIDTH_PX - 30), chance.integers(0, HEIGHT_PX - 30)
        wide, tall = chance.integers(20, 90, 2)
        view[y : y + tall, x : x + wide] = chance.uniform(40, 210)
    return seen(np.asarray(cv2.GaussianBlur(view * light, (0, 0), blur_px), np.float64))


def wall() -> Scene:
    """Plaster from near by, lit from one side."""
    return seen(np.linspace(90, 170, WIDTH_PX)[None, :].repeat(HEIGHT_PX, axis=0))


def even(grey: float, noise: float = 2.0) -> Scene:
    return seen(np.full((HEIGHT_PX, WIDTH_PX), grey), noise)


def stuck(scene: Scene) -> Scene:
    """Whatever the time, the same picture."""
    return lambda _boot_ms: scene(0)


def passing(behind: Scene) -> Scene:
    """Somebody large walks from side to side before the scene."""

    def frame(boot_ms: int) -> GreyImage:
        grey = behind(boot_ms)
        at = boot_ms // 4 % WIDTH_PX
        grey[60:, at : at + 120] = 70
        return grey

    return frame


def seen(view: "np.ndarray[tuple[int, int], np.dtype[np.float64]]", noise: float = 2.0) -> Scene:
    """Add noise that is another at every instant, and the same for the same instant."""

    def frame(boot_ms: int) -> GreyImage:
        chance = np.random.default_rng([boot_ms, 5])
        # One small field, repeated: fresh noise for every pixel would be most of the test's time.
        field = np.tile(chance.normal(0, noise, (60, 80)), (4, 4))
        return np.clip(view + field, 0, 255).astype(np.uint8)

    return frame
