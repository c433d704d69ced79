"""One QR code as it was found in one picture."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from hardware.interfaces import GreyImage

Point: TypeAlias = tuple[float, float]
Corners: TypeAlias = tuple[Point, Point, Point, Point]

MAX_CODES = 255
"""At most so many codes are taken from one picture: what zxing-cpp stops at by itself."""


@dataclass(frozen=True, slots=True)
class Code:
    """`corners` are (x, y) in pixels of the picture that was given, clockwise in that picture.

    The first is at the code's own top left: the finder pattern that has the other two to its right
    and below it when the code is held upright. `rung` names what read it.
    """

    # Kept out of repr: a pass must not reach a log by way of a formatted record.
    payload: bytes = field(repr=False)
    corners: Corners
    rung: str


@dataclass(frozen=True, slots=True)
class RawCode:
    """What a decoder says, before a rung has put it into the picture's own pixels."""

    payload: bytes = field(repr=False)
    corners: Corners


Decode: TypeAlias = Callable[[GreyImage], tuple[RawCode, ...]]


def clockwise(corners: Corners) -> Corners:
    """Turn the order round where it runs anticlockwise, as it does in a mirrored picture."""
    first, second, third, fourth = corners
    return corners if _doubled_area(corners) >= 0 else (first, fourth, third, second)


def _doubled_area(corners: Corners) -> float:
    """Positive when clockwise, with y growing downward (the shoelace formula)."""
    following = (*corners[1:], corners[0])
    return sum(x * v - u * y for (x, y), (u, v) in zip(corners, following, strict=True))


def shifted(corners: Corners, right: float, down: float) -> Corners:
    first, second, third, fourth = ((x + right, y + down) for x, y in corners)
    return first, second, third, fourth


def scaled(corners: Corners, across: float, down: float) -> Corners:
    first, second, third, fourth = ((x * across, y * down) for x, y in corners)
    return first, second, third, fourth
