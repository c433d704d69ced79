"""The targets drawn: one to be printed on A4 and cut out, one for a phone's screen."""

import io
from itertools import groupby
from pathlib import Path

import segno

from provisioning.acceptance.target import (
    PRINT,
    PRINTED_SIDE_MM,
    QUIET_ZONE_MODULES,
    SCREEN,
    Target,
)
from provisioning.errors import CannotDraw
from provisioning.language import mark as _
from provisioning.language import said
from provisioning.paper.heading import MARGIN_MM, ROOM_MM, draw_heading
from provisioning.paper.pen import BLACK, INK, SOFT, Face, Pen

# ISO/IEC 7810, ID-1.
_CARD_MM = (85.6, 54.0)
# The width in pixels of a common phone's screen.
_PHONE_WIDTH_PX = 1080
# Else a printer's rounding leaves white lines between rows.
_OVERLAP = 1.03
TITLE = _("Target for a new kiosk's camera")
HOW = _(
    "Print this page at 100 %: the frame must be 85.6 mm wide. Cut the card out. When "
    "gapura-provision acceptance asks for it, hold it 20 cm before the lens, flat and still, in "
    "the light of the door."
)
ON_CARD = _("Target for a new kiosk's camera: no pass")


def target_pdf(language: str) -> bytes:
    """Return the page with the printed target."""
    pen = Pen(f"Gapura – {said(TITLE, language)}", language)
    top = draw_heading(pen, said(TITLE, language), "") + 10
    top += pen.paragraph((MARGIN_MM, top), said(HOW, language), Face(12), ROOM_MM) + 10
    pen.box((MARGIN_MM, top), _CARD_MM, edge=SOFT)
    left = MARGIN_MM + _CARD_MM[0] - PRINTED_SIDE_MM - 4
    _draw_code(pen, PRINT, (left, top + (_CARD_MM[1] - PRINTED_SIDE_MM) / 2))
    pen.text((MARGIN_MM + 4, top + 10), "Gapura", Face(14, INK).bold())
    pen.paragraph((MARGIN_MM + 4, top + 14), said(ON_CARD, language), Face(8, SOFT), 34)
    pen.next_page()
    return pen.finish()


def draw_screen(path: Path) -> None:
    """Draw the picture that a phone shows.

    Raises:
        CannotDraw: the file cannot be written.
    """
    code = _code(SCREEN)
    drawn = io.BytesIO()
    scale = _PHONE_WIDTH_PX // (17 + 4 * SCREEN.version + 2 * QUIET_ZONE_MODULES)
    code.save(drawn, kind="png", border=QUIET_ZONE_MODULES, scale=scale)
    write_drawing(path, drawn.getvalue())


def write_drawing(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise CannotDraw(
            f"{path} cannot be written: {error.strerror}", hint="name another file"
        ) from error


def _code(target: Target) -> segno.QRCode:
    # As large as a pass is, whatever the text would need.
    return segno.make(
        target.text, version=target.version, error="m", boost_error=False, micro=False
    )


def _draw_code(pen: Pen, target: Target, at: tuple[float, float]) -> None:
    """`at` is the corner of the quiet zone."""
    rows = list(_code(target).matrix)
    module = PRINTED_SIDE_MM / (len(rows) + 2 * QUIET_ZONE_MODULES)
    for down, row in enumerate(rows):
        across = 0
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                corner = (
                    at[0] + (QUIET_ZONE_MODULES + across) * module,
                    at[1] + (QUIET_ZONE_MODULES + down) * module,
                )
                pen.box(corner, (length * module, module * _OVERLAP), fill=BLACK)
            across += length
