"""The layers that a phone is painted in."""

import cv2
import numpy as np
from numpy.typing import NDArray

EMITS, REFLECTS, COVERS = 0, 1, 2
# The reflecting channel holds light up to twice that of a white sheet: a reflected lamp.
REFLECTANCE_OF_255 = 2.0

Layers = NDArray[np.uint8]


def paint(layers: Layers, mask: Layers, *, reflects: float) -> None:
    """Cover with something that emits nothing."""
    x, y, width, height = cv2.boundingRect(mask)
    part = np.s_[y : y + height, x : x + width]
    touched, cover = layers[part], mask[part]
    share = cover * np.float32(1 / 255)
    value = np.float32(reflects * 255 / REFLECTANCE_OF_255)
    touched[:, :, REFLECTS] = touched[:, :, REFLECTS] * (1 - share) + value * share
    touched[:, :, EMITS] = touched[:, :, EMITS] * (1 - share)
    touched[:, :, COVERS] = np.maximum(touched[:, :, COVERS], cover)
