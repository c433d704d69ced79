"""Sheets of A4 with pieces to be cut out, two by five, as large as a card in a purse."""

import io
from collections.abc import Callable, Sequence
from typing import TypeVar

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from sync.hub.web.phone.drawing import HEIGHT, SOFT, WIDTH

# ISO/IEC 7810, ID-1, to the tenth of a millimetre.
CARD_WIDTH, CARD_HEIGHT = 85.6 * mm, 54 * mm
ACROSS, DOWN = 2, 5
PIECES = ACROSS * DOWN
_LEFT = (WIDTH - ACROSS * CARD_WIDTH) / 2
_BOTTOM = (HEIGHT - DOWN * CARD_HEIGHT) / 2
_MARK, _GAP = 5 * mm, 1.5 * mm

Piece = TypeVar("Piece")


def draw_sheets(
    title: str, pieces: Sequence[Piece], draw: Callable[[Canvas, Piece], None]
) -> bytes:
    """Return a PDF. `draw` draws a piece with its lower left corner at the origin."""
    written = io.BytesIO()
    canvas = Canvas(written, invariant=True, lang="id", pageCompression=1)
    canvas.setTitle(title)
    for first in range(0, len(pieces), PIECES):
        for place, piece in enumerate(pieces[first : first + PIECES]):
            down, across = divmod(place, ACROSS)
            canvas.saveState()
            canvas.translate(_LEFT + across * CARD_WIDTH, _BOTTOM + (DOWN - 1 - down) * CARD_HEIGHT)
            draw(canvas, piece)
            canvas.restoreState()
        _cut_marks(canvas)
        canvas.showPage()
    canvas.save()
    return written.getvalue()


def _cut_marks(canvas: Canvas) -> None:
    """Outside the cards, so that none is left on one that is cut a little off."""
    canvas.setStrokeColor(SOFT)
    canvas.setLineWidth(0.4)
    right, top = WIDTH - _LEFT + _GAP, HEIGHT - _BOTTOM + _GAP
    for across in range(ACROSS + 1):
        x = _LEFT + across * CARD_WIDTH
        canvas.line(x, _BOTTOM - _GAP, x, _BOTTOM - _GAP - _MARK)
        canvas.line(x, top, x, top + _MARK)
    for down in range(DOWN + 1):
        y = _BOTTOM + down * CARD_HEIGHT
        canvas.line(_LEFT - _GAP, y, _LEFT - _GAP - _MARK, y)
        canvas.line(right, y, right + _MARK, y)
