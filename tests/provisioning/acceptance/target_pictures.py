"""Pictures of targets, as the real decoder reads them."""

from functools import cache

import numpy as np
import segno

from hardware.interfaces import GreyImage
from provisioning.acceptance.target import PRINT, SCREEN, Target

MODULE_PX = 4
DARK, LIGHT = 40, 200
_SIZE_PX = 480


@cache
def _plain(target: Target) -> GreyImage:
    code = segno.make(
        target.text, version=target.version, error="m", boost_error=False, micro=False
    )
    rows = np.array([list(row) for row in code.matrix_iter(scale=MODULE_PX, border=4)], np.uint8)
    grey = np.full((_SIZE_PX, _SIZE_PX), LIGHT, np.uint8)
    height, width = rows.shape
    grey[20 : 20 + height, 40 : 40 + width] = np.where(rows, DARK, LIGHT)
    return grey


def picture_of(target: Target, number: int) -> GreyImage:
    """A steady hand, and a sensor's noise that is never twice the same."""
    noise = np.random.default_rng(number).integers(0, 4, (_SIZE_PX, _SIZE_PX), dtype=np.uint8)
    return _plain(target) + noise


def held_up(number: int) -> GreyImage:
    """First the card, then the phone: each for some 60 pictures of 66 ms."""
    return picture_of(PRINT if number < 68 else SCREEN, number)
