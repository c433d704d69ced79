"""Pictures and videos from files, as grey frames in the file's own pixels."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import cv2
import numpy as np

from hardware.interfaces import GreyImage

PICTURE_SUFFIXES = frozenset({".bmp", ".jpeg", ".jpg", ".pgm", ".png", ".tif", ".tiff", ".webp"})
VIDEO_SUFFIXES = frozenset({".avi", ".m4v", ".mjpeg", ".mjpg", ".mkv", ".mov", ".mp4", ".webm"})

# The turn that a phone notes in a file is not applied: corners are in the pixels as stored.
_AS_STORED = cv2.IMREAD_GRAYSCALE | cv2.IMREAD_IGNORE_ORIENTATION


class Unreadable(Exception):
    """A file cannot be opened as a picture or a video. The message says what to do."""


def files(named: Iterable[Path]) -> Iterator[Path]:
    """Give each file, and for a folder the pictures and videos directly in it, by name."""
    for path in named:
        if not path.is_dir():
            yield path
            continue
        suffixes = PICTURE_SUFFIXES | VIDEO_SUFFIXES
        yield from sorted(one for one in path.iterdir() if one.suffix.lower() in suffixes)


def picture(path: Path) -> GreyImage:
    """Read one picture.

    Raises:
        Unreadable: there is no such file, or it is not a picture.
    """
    try:
        grey = cv2.imdecode(np.fromfile(path, dtype=np.uint8), _AS_STORED)
    except OSError as error:
        raise Unreadable(f"cannot be opened ({error.strerror}): check the name") from error
    except cv2.error as error:
        raise Unreadable("is empty or too large: give a JPEG or PNG picture") from error
    if grey is None:
        raise Unreadable("is not a picture or is damaged: give a JPEG or PNG picture")
    return np.asarray(grey, dtype=np.uint8)


def frames(path: Path) -> Iterator[GreyImage]:
    """Read a video frame by frame.

    Raises:
        Unreadable: there is no such file, or not one frame of it can be shown.
    """
    video = cv2.VideoCapture(str(path))
    try:
        shown, frame = video.read()
        if not shown:
            raise Unreadable("is not a video that can be shown: give an MP4, MKV or AVI file")
        while shown:
            yield np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
            shown, frame = video.read()
    finally:
        video.release()
