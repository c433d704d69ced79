"""Captures that stand in for cv2.VideoCapture, with a frame every few milliseconds."""

import threading

import numpy as np
from numpy.typing import NDArray

from tests.hardware.recordings import flat


class EndlessCapture:
    def __init__(self) -> None:
        self.released = False
        self._pause = threading.Event()

    def isOpened(self) -> bool:  # noqa: N802
        return True

    def read(self) -> tuple[bool, NDArray[np.generic]]:
        self._pause.wait(0.002)
        return True, flat(90)

    def release(self) -> None:
        self.released = True


class ShortCapture(EndlessCapture):
    """Gives `count` frames of one level, and then no more."""

    def __init__(self, count: int, level: int) -> None:
        super().__init__()
        self.left = count
        self.level = level

    def isOpened(self) -> bool:  # noqa: N802
        return self.left > 0

    def read(self) -> tuple[bool, NDArray[np.generic]]:
        self.left -= 1
        return self.left >= 0, flat(self.level)
