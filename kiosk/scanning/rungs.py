"""The rungs of the ladder by name: which decoder, on which view of the picture.

The names are what a configuration may list. Order, measurements and what was left out are in
docs/decisions/0002-decoder-ladder.md.
"""

import difflib
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from hardware.interfaces import GreyImage
from kiosk.scanning.code import Code, Corners, Decode, scaled, shifted
from kiosk.scanning.errors import DecoderMissing, UnknownRung
from kiosk.scanning.spot import Area, Choose, busiest, whole
from kiosk.scanning.transforms import (
    Transform,
    enlarged,
    flattened,
    gamma,
    levelled,
    mended,
    sharpened,
    shrunk,
    sized,
    then,
    unchanged,
)
from kiosk.scanning.zbar import zbar_decoder
from kiosk.scanning.zxing import zxing_decoder

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rung:
    """One decoder on one view of a picture, or of one area of it."""

    name: str
    view: Transform
    decode: Decode
    area: Choose = whole

    def read(self, grey: GreyImage) -> tuple[Code, ...]:
        """Give the codes with corners in the pixels of `grey`, whatever the view's size."""
        area = self.area(grey)
        part = area.of(grey)
        seen = self.view(part)
        down, across = part.shape[0] / seen.shape[0], part.shape[1] / seen.shape[1]
        return tuple(
            Code(found.payload, _in_picture(found.corners, area, across, down), self.name)
            for found in self.decode(seen)
        )


def _in_picture(corners: Corners, area: Area, across: float, down: float) -> Corners:
    return shifted(scaled(corners, across, down), area.left, area.top)


@dataclass(frozen=True, slots=True)
class _Recipe:
    decoder: Callable[[], Decode]
    view: Transform
    area: Choose = whole


@cache
def _zxing() -> Decode:
    return zxing_decoder(invert=False)


@cache
def _zxing_either_way() -> Decode:
    return zxing_decoder(invert=True)


_LARGE = enlarged(2, within_px=1_200_000)

_SPOT_SHARP = then(sized(600), sharpened(2, radius_px=4))
_SPOT_FLAT = then(sized(600), flattened, sharpened(2, radius_px=4))
_SPOT_SMALL = then(sized(300), flattened, sharpened(1, radius_px=2))

_CATALOGUE: Mapping[str, _Recipe] = MappingProxyType(
    {
        "zxing": _Recipe(_zxing_either_way, unchanged),
        "zxing-half": _Recipe(_zxing, shrunk(2)),
        "zxing-sharp": _Recipe(_zxing, sharpened(2, radius_px=4)),
        "zxing-mended": _Recipe(_zxing, mended(5)),
        "zxing-spot-sharp": _Recipe(_zxing, _SPOT_SHARP, busiest),
        "zxing-spot-flat": _Recipe(_zxing, _SPOT_FLAT, busiest),
        "zxing-spot-dark": _Recipe(_zxing, then(sized(600), gamma(2.5)), busiest),
        "zxing-dark": _Recipe(_zxing, gamma(2.5)),
        "zxing-light": _Recipe(_zxing, gamma(0.4)),
        "zxing-level": _Recipe(_zxing, levelled(75, below=5)),
        "zxing-flat": _Recipe(_zxing, flattened),
        "zxing-large": _Recipe(_zxing, _LARGE),
        "zxing-large-dark": _Recipe(_zxing, then(_LARGE, gamma(2.5))),
        "zxing-large-flat": _Recipe(_zxing, then(_LARGE, flattened)),
        "zxing-large-sharp": _Recipe(_zxing, then(_LARGE, sharpened(1.5, radius_px=3))),
        "zbar": _Recipe(zbar_decoder, unchanged),
        "zbar-half": _Recipe(zbar_decoder, shrunk(2)),
        "zbar-third": _Recipe(zbar_decoder, shrunk(3)),
        "zbar-quarter": _Recipe(zbar_decoder, shrunk(4)),
        "zbar-spot": _Recipe(zbar_decoder, _SPOT_SMALL, busiest),
        "zbar-half-sharp": _Recipe(zbar_decoder, then(shrunk(2), sharpened(1.5, radius_px=2))),
        "zbar-half-level": _Recipe(zbar_decoder, then(shrunk(2), levelled(41, below=5))),
    }
)

DEFAULT_RUNGS = (
    "zxing",
    "zxing-half",
    "zxing-mended",
    "zxing-spot-sharp",
    "zxing-light",
    "zxing-spot-dark",
    "zbar-spot",
)
"""The first is run on every frame. Measured: docs/decisions/0002-decoder-ladder.md."""


def rung_names() -> tuple[str, ...]:
    return tuple(_CATALOGUE)


def build_rungs(names: Iterable[str]) -> tuple[Rung, ...]:
    """Make the rungs in this order, leaving out those whose decoder is not on this machine.

    Raises:
        UnknownRung: a name is not in the catalogue.
        DecoderMissing: not one of the rungs can be used here.
    """
    wanted = tuple(names)
    for name in wanted:
        _check(name)
    rungs = tuple(_usable(wanted))
    if not rungs:
        raise DecoderMissing(
            "no rung of the ladder can be used here",
            hint="name at least one rung; install zxing-cpp, or pyzbar with libzbar0",
        )
    return rungs


def _check(name: str) -> None:
    if name in _CATALOGUE:
        return
    close = difflib.get_close_matches(name, _CATALOGUE, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"choose from {', '.join(_CATALOGUE)}"
    raise UnknownRung(f"no rung is called {name!r}", hint=hint)


def _usable(names: Iterable[str]) -> Iterator[Rung]:
    for name in names:
        recipe = _CATALOGUE[name]
        try:
            yield Rung(name, recipe.view, recipe.decoder(), recipe.area)
        except DecoderMissing as missing:
            logger.warning("rung %s is left out: %s; %s", name, missing, missing.hint)
