"""Pictures and recordings for the desktop camera, made on the spot."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

SIZE_PX = (64, 48)


def flat(level: int) -> NDArray[np.uint8]:
    return np.full((SIZE_PX[1], SIZE_PX[0], 3), level, np.uint8)


def picture_folder(folder: Path, levels: tuple[int, ...]) -> Path:
    folder.mkdir(exist_ok=True)
    for number, level in enumerate(levels):
        assert cv2.imwrite(str(folder / f"{number:02}.png"), flat(level))
    return folder


def video(path: Path, levels: tuple[int, ...], fps: float = 10.0) -> Path:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), fps, SIZE_PX)
    assert writer.isOpened()
    for level in levels:
        writer.write(flat(level))
    writer.release()
    return path
