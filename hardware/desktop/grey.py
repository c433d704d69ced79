"""Whatever OpenCV read, as a grey image."""

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.interfaces import GreyImage


def to_grey(image: NDArray[np.generic]) -> GreyImage:
    """`image` is grey, BGR or BGRA, 8 or 16 bits a channel."""
    if image.dtype == np.uint16:
        image = (image >> 8).astype(np.uint8)  # type: ignore[operator]
    eight_bit = np.asarray(image, dtype=np.uint8)
    if eight_bit.ndim == 2:
        return eight_bit
    if eight_bit.shape[2] == 1:
        return eight_bit[:, :, 0]
    code = cv2.COLOR_BGRA2GRAY if eight_bit.shape[2] == 4 else cv2.COLOR_BGR2GRAY
    return np.asarray(cv2.cvtColor(eight_bit, code), dtype=np.uint8)
