"""What printed things have in common: colours, the emblem, codes, text that stays in its room.

Lengths are in points from the lower left corner, as in PDF.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

import segno
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from sync.hub.web.phone.printable import printable

WIDTH, HEIGHT = A4
TEAL, GOLD, INK, SOFT, PALE = (
    HexColor(colour) for colour in ("#0b3b3c", "#e9b949", "#14272b", "#546a6f", "#f3f6f5")
)
LANGUAGES = ("id", "en")
PLAIN, BOLD, FIXED = "Helvetica", "Helvetica-Bold", "Courier"
_QUIET_MODULES = 4  # ISO/IEC 18004, section 9.1
_LEADING = 1.15
# How much smaller a name is set, and on how many lines then.
_SIZES = ((1.0, 2), (0.8, 3), (0.7, 3), (0.62, 4))
_MORE = "…"


@dataclass(frozen=True, slots=True)
class Face:
    size: float
    colour: Color = INK
    font: str = PLAIN


def draw_code(
    canvas: Canvas, said: str, at: tuple[float, float], side: float, mask: int | None = None
) -> None:
    """Draw a QR code of level M in black below a point; `side` has the quiet zone in it.

    The best mask of the eight is looked for where none is given, which takes four fifths of the
    time. What looks random, as a signature does, is as good with any.
    """
    rows = list(segno.make(said, error="m", micro=False, mask=mask).matrix)
    module = side / (len(rows) + 2 * _QUIET_MODULES)
    canvas.saveState()
    canvas.translate(at[0] + _QUIET_MODULES * module, at[1] - _QUIET_MODULES * module)
    # Downwards, and a module is one: whole numbers are quick to write, and short.
    canvas.scale(module, -module)
    canvas.setFillColorRGB(0, 0, 0)
    path = canvas.beginPath()
    for down, row in enumerate(rows):
        across = 0
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                path.rect(across, down, length, 1)
            across += length
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.restoreState()


def draw_gate(canvas: Canvas, left: float, bottom: float, size: float) -> None:
    """The split gate of the hub's emblem, on its grid of 32."""
    canvas.setFillColor(GOLD)
    halves = (
        (
            (14, 29),
            (14, 3),
            (11, 6),
            (11, 10),
            (8, 12),
            (8, 16),
            (5, 18),
            (5, 23),
            (2, 25),
            (2, 29),
        ),
        ((18, 29), (18, 3), (21, 6), (21, 10), (24, 12), (24, 16), (27, 18), (27, 23), (30, 25)),
    )
    for half in (halves[0], (*halves[1], (30, 29))):
        path = canvas.beginPath()
        step: Callable[[float, float], None] = path.moveTo
        for x, y in half:
            step(left + x * size / 32, bottom + (32 - y) * size / 32)
            step = path.lineTo
        path.close()
        canvas.drawPath(path, stroke=0, fill=1)


def draw_line(canvas: Canvas, at: tuple[float, float], text: str, face: Face, room: float) -> None:
    """One line, set smaller where it would not fit."""
    shown = printable(text)
    wide = canvas.stringWidth(shown, face.font, face.size)
    canvas.setFont(face.font, face.size * min(1, room / wide) if wide else face.size)
    canvas.setFillColor(face.colour)
    canvas.drawString(*at, shown)


def draw_text(canvas: Canvas, at: tuple[float, float], text: str, face: Face, room: float) -> float:
    """Set a paragraph below a point; return how high it is."""
    style = ParagraphStyle(
        "text",
        fontName=face.font,
        fontSize=face.size,
        leading=face.size * 1.3,
        textColor=face.colour,
    )
    paragraph = Paragraph(text, style)
    _, height = paragraph.wrap(room, HEIGHT)
    paragraph.drawOn(canvas, at[0], at[1] - height)
    return float(height)


def draw_name(canvas: Canvas, at: tuple[float, float], text: str, face: Face, room: float) -> float:
    """Set text from a baseline down, smaller and on more lines where it would not fit, cut where
    that is not enough; return how far down the next line may begin.
    """
    shown = " ".join(printable(text).split())
    size, lines = _fitting(shown, face, room)
    canvas.setFillColor(face.colour)
    canvas.setFont(face.font, size)
    for place, line in enumerate(lines):
        canvas.drawString(at[0], at[1] - place * size * _LEADING, line)
    return len(lines) * size * _LEADING


def _fitting(text: str, face: Face, room: float) -> tuple[float, list[str]]:
    for share, most in _SIZES:
        size = face.size * share
        lines = simpleSplit(text, face.font, size, room)
        if len(lines) <= most and all(stringWidth(line, face.font, size) <= room for line in lines):
            return size, lines
    kept = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return size, [_cut(line, face.font, size, room) for line in kept]


def _cut(line: str, font: str, size: float, room: float) -> str:
    if stringWidth(line, font, size) <= room:
        return line
    while line and stringWidth(f"{line}{_MORE}", font, size) > room:
        line = line[:-1]
    return f"{line}{_MORE}"
