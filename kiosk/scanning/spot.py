"""Where in a picture a code may be: the spot that changes most, both across and down."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np

from hardware.interfaces import GreyImage

# Modules may be as small as two pixels, so a large picture is halved and no more.
_LARGE_PX = 400
_CELL_PX = 4
# Wider than the gap between a code's parts, narrower than that between a code and its caption.
_SMOOTHED_CELLS = 11
_SHARE_OF_BUSIEST = 0.45
# The quiet zone, and what a weak edge of the code has lost.
_MARGIN = 0.25


@dataclass(frozen=True, slots=True)
class Area:
    """In pixels; `right` and `bottom` are the first outside."""

    left: int
    top: int
    right: int
    bottom: int

    def of(self, grey: GreyImage) -> GreyImage:
        return grey[self.top : self.bottom, self.left : self.right]


Choose: TypeAlias = Callable[[GreyImage], Area]


def whole(grey: GreyImage) -> Area:
    height, width = grey.shape
    return Area(0, 0, width, height)


def busiest(grey: GreyImage) -> Area:
    """Choose the spot that a code would fill, with a margin.

    Text, edges and stripes change in one direction more than in the other; a code is as busy in
    both, also when it is blurred, dark or far. Where nothing changes it is the whole picture.
    """
    step = 2 if max(grey.shape) > _LARGE_PX else 1
    activity = _activity(grey, step)
    if activity is None:
        return whole(grey)
    _, most, _, at = cv2.minMaxLoc(activity)
    if most <= 0:
        return whole(grey)
    busy = (activity > _SHARE_OF_BUSIEST * most).astype(np.uint8)
    x, y, wide, tall = cv2.floodFill(busy, None, at, 2)[3]
    margin = _MARGIN * max(wide, tall) + 2
    cell = _CELL_PX * step
    height, width = grey.shape
    return Area(
        left=max(0, int((x - margin) * cell)),
        top=max(0, int((y - margin) * cell)),
        right=min(width, int((x + wide + margin) * cell)),
        bottom=min(height, int((y + tall + margin) * cell)),
    )


def _activity(grey: GreyImage, step: int) -> GreyImage | None:
    """Give for each cell the lesser of the mean change across and down; None below one cell."""
    down, across = (side // (step * _CELL_PX) for side in grey.shape)
    if not down or not across:
        return None
    # OpenCV averages whole pixels several times faster than parts of them.
    seen = grey[: down * step * _CELL_PX, : across * step * _CELL_PX]
    if step > 1:
        seen = _averaged(seen, across * _CELL_PX, down * _CELL_PX)
    changes = np.zeros((2, *seen.shape), np.uint8)
    cv2.absdiff(seen[:, 1:], seen[:, :-1], dst=changes[0, :, 1:])
    cv2.absdiff(seen[1:], seen[:-1], dst=changes[1, 1:])
    side = (_SMOOTHED_CELLS, _SMOOTHED_CELLS)
    smooth = [cv2.blur(_averaged(change, across, down), side) for change in changes]
    return np.asarray(cv2.min(smooth[0], smooth[1]), np.uint8)


def _averaged(grey: GreyImage, width: int, height: int) -> GreyImage:
    return np.asarray(cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
