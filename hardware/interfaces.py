"""What the door may ask of each part, whatever is fitted.

Every method may be called from one thread at a time. `close` may be called twice; after it, any
other call raises the part's fault.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

GreyImage = NDArray[np.uint8]
"""Shape (height, width), one byte a pixel, 0 black to 255 white."""

LOWEST_TONE_HZ = 110
HIGHEST_TONE_HZ = 1760


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture, and when the sensor took it.

    `boot_ms` is CLOCK_BOOTTIME in milliseconds: it counts through suspend and no clock change
    moves it.
    """

    grey: GreyImage
    boot_ms: int


class Camera(Protocol):
    def frame(self, timeout_s: float) -> Frame:
        """Return the newest frame; older ones are dropped, never queued.

        Raises:
            CameraFault: no frame came within `timeout_s`, or the camera is gone.
            CameraExhausted: the recording has ended.
        """
        ...

    def describe(self) -> str:
        """Say what this is, for a status page: the model, the device or the folder."""
        ...

    def close(self) -> None: ...


class Lamp(Protocol):
    """Two lights, red and green; both together are amber."""

    def show(self, *, red: bool, green: bool, caption: str) -> None:
        """Switch the lights. `caption` is for lamps that can show text; others ignore it.

        Raises:
            LampFault: the lights could not be switched.
        """
        ...

    def describe(self) -> str: ...

    def close(self) -> None: ...


class Buzzer(Protocol):
    def sound(self, frequency_hz: int | None) -> None:
        """Sound a tone until the next call; None is silence.

        `frequency_hz` is 110 to 1760 (four octaves about A4: what a small piezo plays).

        Raises:
            BuzzerFault: the tone is out of range or could not be played.
        """
        ...

    def describe(self) -> str: ...

    def close(self) -> None: ...


class Button(Protocol):
    def when_pressed(self, callback: Callable[[int], None]) -> None:
        """Call `callback(boot_ms)` at each press, from a thread of the driver's.

        Only the last callback given is called. A press is reported once, bounce removed.
        """
        ...

    def describe(self) -> str: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class BoardReading:
    """What the board knows about itself now; None where it has no such sensor.

    `under_voltage` remembers every dip since the board was opened; `under_voltage_now` does not.
    """

    temperature_c: float | None
    under_voltage: bool | None
    under_voltage_now: bool | None = None


class Board(Protocol):
    def serial(self) -> str:
        """Return what tells this board and its card from others; empty where nothing does."""
        ...

    def read(self) -> BoardReading:
        """Read the sensors.

        Raises:
            BoardFault: a sensor that exists cannot be read.
        """
        ...

    def describe(self) -> str: ...

    def close(self) -> None: ...
