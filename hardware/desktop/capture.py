"""OpenCV's live captures, opened with the settings that a door needs."""

from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

_NETWORK_TIMEOUT_MS = 5000


class Capture(Protocol):
    """The part of cv2.VideoCapture that a live camera uses."""

    def isOpened(self) -> bool: ...  # noqa: N802

    def read(self) -> tuple[bool, NDArray[np.generic]]: ...

    def release(self) -> None: ...


def open_webcam(device: int | str, width_px: int, height_px: int) -> Capture:
    capture = cv2.VideoCapture(device, cv2.CAP_V4L2)
    # MJPG before the size: uncompressed, USB 2 allows few frames a second at larger sizes.
    capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, width_px)
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, height_px)
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    return capture


def open_stream(address: str) -> Capture:
    # Without deadlines of its own FFmpeg waits half a minute for a host that is gone.
    deadlines = (cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, cv2.CAP_PROP_READ_TIMEOUT_MSEC)
    settings = [value for deadline in deadlines for value in (deadline, _NETWORK_TIMEOUT_MS)]
    return cv2.VideoCapture(address, cv2.CAP_FFMPEG, settings)
