"""A card's text as a QR code that another kiosk's camera reads."""

import io
import os
from pathlib import Path
from typing import Any, TextIO

import segno

from provisioning.errors import CannotDraw

# ISO/IEC 18004:2015, section 6.3.8: four modules of quiet zone on every side.
QUIET_ZONE_MODULES = 4
# The width in pixels of a common phone's screen: the picture is shown there without scaling.
_PHONE_WIDTH_PX = 1080
# It holds a token that works once, so nobody else on this machine may read it.
_MODE = 0o600


def draw_in_terminal(text: str, stream: TextIO, *, columns: int) -> None:
    """Draw with half blocks, light on dark as terminals mostly are.

    Raises:
        CannotDraw: the terminal is too narrow, or cannot show blocks.
    """
    code = _code(text)
    width, _height = code.symbol_size(border=QUIET_ZONE_MODULES)
    if width > columns:
        raise CannotDraw(
            f"the code is {width} columns wide and the terminal {columns}",
            hint="make the window larger or its letters smaller, or use --png FILE",
        )
    drawn = io.StringIO()
    code.terminal(drawn, border=QUIET_ZONE_MODULES, compact=True)
    try:
        stream.write(drawn.getvalue())
        stream.flush()
    except UnicodeEncodeError as error:
        raise CannotDraw("the terminal does not show blocks", hint="use --png FILE") from error


def draw_png(text: str, path: Path) -> None:
    """Draw a picture about as wide as a phone's screen.

    Raises:
        CannotDraw: the file cannot be written.
    """
    code = _code(text)
    width, _height = code.symbol_size(border=QUIET_ZONE_MODULES)
    drawn = io.BytesIO()
    code.save(drawn, kind="png", border=QUIET_ZONE_MODULES, scale=max(1, _PHONE_WIDTH_PX // width))
    try:
        path.unlink(missing_ok=True)  # the mode counts for new files alone
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE), "wb") as file:
            file.write(drawn.getvalue())
    except OSError as error:
        raise CannotDraw(
            f"{path} cannot be written: {error.strerror}", hint="name another file with --png"
        ) from error


def _code(text: str) -> Any:
    # Level M, as for everything that is held up to our cameras; segno raises it where it is free.
    return segno.make(text, error="m", micro=False)
