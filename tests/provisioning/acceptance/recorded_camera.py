"""A camera that shows a list of pictures at a set pace, and can fail or end."""

from collections.abc import Callable

import numpy as np

from hardware.errors import CameraExhausted, CameraFault
from hardware.interfaces import Frame, GreyImage

Paint = Callable[[int], GreyImage]


def scene(number: int) -> GreyImage:
    """A picture with edges, and a sensor's noise that is never twice the same."""
    noise = np.random.default_rng(number).integers(0, 4, (60, 80), dtype=np.uint8)
    grey = np.full((60, 80), 60, np.uint8)
    grey[20:40, 20:60] = 180
    return grey + noise


class RecordedCamera:
    def __init__(
        self, paint: Paint = scene, *, every_ms: int = 66, frames: int | None = None
    ) -> None:
        self._paint, self._every_ms, self._frames = paint, every_ms, frames
        self._shown = 0
        self.closed = False

    def frame(self, timeout_s: float) -> Frame:
        if self._frames == 0:
            raise CameraFault(f"no frame came within {timeout_s:g} s", hint="check the cable")
        if self._shown == self._frames:
            raise CameraExhausted("the recording has ended", hint="name a longer one")
        self._shown += 1
        return Frame(self._paint(self._shown), self._shown * self._every_ms)

    def describe(self) -> str:
        return "recorded"

    def close(self) -> None:
        self.closed = True
