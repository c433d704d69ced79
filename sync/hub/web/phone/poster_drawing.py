"""The poster of a door: one page of A4 by which visitors get a pass for the day, in two languages.

Lengths are in points from the lower left corner, as in PDF.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass

import segno
from django.utils.translation import gettext, gettext_noop, override
from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from sync.hub.web.phone.printable import printable

_WIDTH, _HEIGHT = A4
_MARGIN = 16 * mm
_HALF = (_WIDTH - 3 * _MARGIN) / 2
_TEAL, _GOLD, _INK, _SOFT = (
    HexColor(colour) for colour in ("#0b3b3c", "#e9b949", "#14272b", "#546a6f")
)
_PALE, _GREEN = HexColor("#f3f6f5"), HexColor("#12935c")
# Read by a phone at arm's length from the wall.
_QR = 78 * mm
_QUIET_MODULES = 4  # ISO/IEC 18004, section 9.1
_LANGUAGES = ("id", "en")
_PLAIN, _BOLD = "Helvetica", "Helvetica-Bold"

TITLE = gettext_noop("Get your pass for today")
STEPS = (
    gettext_noop("Scan this code with the camera of your phone."),
    gettext_noop("Read the notice, agree, and get your pass. It takes half a minute."),
    gettext_noop("Hold the phone a hand's length before the kiosk, with its screen bright."),
)
WITHOUT = gettext_noop("No phone? Ask the officer at the door.")
PRIVACY_TITLE = gettext_noop("Your data")
PRIVACY = gettext_noop(
    "The pass holds random numbers: no name, no ID number, nothing about your health. The door "
    "notes when it was shown, to count visits and to warn people after a reported case of illness. "
    "A name that you give is erased after 30 days."
)


@dataclass(frozen=True, slots=True)
class Face:
    size: float
    colour: Color = _INK
    font: str = _PLAIN


@dataclass(frozen=True, slots=True)
class Poster:
    """What stands on it; `url` is what the code opens."""

    site: str
    office: str
    door: str
    url: str


def draw_poster(poster: Poster) -> bytes:
    """Return the PDF."""
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=A4, invariant=True, lang="id")
    canvas.setTitle(f"Gapura – {printable(poster.door)}")
    _heading(canvas, poster)
    _titles(canvas)
    _code(canvas, poster.url)
    _showing(canvas, _MARGIN + _QR + 14 * mm, 153 * mm)
    for place, language in enumerate(_LANGUAGES):
        with override(language):
            _column(canvas, _MARGIN + place * (_HALF + _MARGIN))
    canvas.showPage()
    canvas.save()
    return written.getvalue()


def _heading(canvas: Canvas, poster: Poster) -> None:
    height = 30 * mm
    canvas.setFillColor(_TEAL)
    canvas.rect(0, _HEIGHT - height, _WIDTH, height, stroke=0, fill=1)
    canvas.setFillColor(_GOLD)
    canvas.rect(0, _HEIGHT - height - 1.5 * mm, _WIDTH, 1.5 * mm, stroke=0, fill=1)
    _gate(canvas, _MARGIN, _HEIGHT - height + 6 * mm, 18 * mm)
    beside = _MARGIN + 25 * mm
    room = _WIDTH - beside - _MARGIN
    _line(canvas, (beside, _HEIGHT - 14 * mm), poster.site, Face(20, white, _BOLD), room)
    below = (beside, _HEIGHT - 22 * mm)
    _line(canvas, below, f"{poster.office} · {poster.door}", Face(12, _PALE), room)


def _titles(canvas: Canvas) -> None:
    room = _WIDTH - 2 * _MARGIN
    with override("id"):
        _line(canvas, (_MARGIN, 246 * mm), gettext(TITLE), Face(27, _INK, _BOLD), room)
    with override("en"):
        _line(canvas, (_MARGIN, 237.5 * mm), gettext(TITLE), Face(16, _SOFT), room)


def _code(canvas: Canvas, url: str) -> None:
    rows = list(segno.make(url, error="m", micro=False).matrix)
    module = _QR / (len(rows) + 2 * _QUIET_MODULES)
    left, top = _MARGIN, 229 * mm
    canvas.setStrokeColor(_TEAL)
    canvas.setFillColor(white)
    canvas.roundRect(left, top - _QR, _QR, _QR, 3 * mm, stroke=1, fill=1)
    canvas.setFillColorRGB(0, 0, 0)
    path = canvas.beginPath()
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            if dark:
                x = left + (across + _QUIET_MODULES) * module
                y = top - (down + _QUIET_MODULES + 1) * module
                path.rect(x, y, module, module)
    canvas.drawPath(path, stroke=0, fill=1)
    _line(canvas, (left, top - _QR - 6 * mm), url, Face(9, _SOFT, "Courier"), _QR)


def _column(canvas: Canvas, left: float) -> None:
    """What to do and the notice, in the language that is chosen, from the middle downwards."""
    top = 134 * mm
    for number, step in enumerate(STEPS, start=1):
        canvas.setFillColor(_GREEN)
        canvas.circle(left + 4.5 * mm, top - 4.5 * mm, 4.5 * mm, stroke=0, fill=1)
        canvas.setFillColor(white)
        canvas.setFont(_BOLD, 13)
        canvas.drawCentredString(left + 4.5 * mm, top - 6.2 * mm, str(number))
        height = _text(canvas, (left + 13 * mm, top), gettext(step), Face(12.5), _HALF - 13 * mm)
        top -= max(height, 9 * mm) + 5 * mm
    top -= 1 * mm
    without, title = Face(12.5, font=_BOLD), Face(10.5, font=_BOLD)
    top -= _text(canvas, (left, top), gettext(WITHOUT), without, _HALF) + 7 * mm
    top -= _text(canvas, (left, top), gettext(PRIVACY_TITLE), title, _HALF) + 1 * mm
    _text(canvas, (left, top), gettext(PRIVACY), Face(9.5, _SOFT), _HALF)


def _showing(canvas: Canvas, left: float, bottom: float) -> None:
    """A phone held up to a kiosk: how far, and what is to be seen then."""
    canvas.setFillColor(_PALE)
    canvas.roundRect(left, bottom, _WIDTH - _MARGIN - left, 76 * mm, 3 * mm, stroke=0, fill=1)
    _phone(canvas, left + 7 * mm, bottom + 16 * mm)
    _kiosk(canvas, left + 59 * mm, bottom + 20 * mm)
    canvas.setStrokeColor(_SOFT)
    canvas.setLineWidth(1.2)
    across, height = left + 33 * mm, bottom + 44 * mm
    canvas.setDash(4, 3)
    canvas.line(across, height, across + 22 * mm, height)
    canvas.setDash()
    for x, way in ((across, 1), (across + 22 * mm, -1)):
        canvas.line(x, height, x + way * 2 * mm, height + 1.5 * mm)
        canvas.line(x, height, x + way * 2 * mm, height - 1.5 * mm)
    canvas.setFillColor(_SOFT)
    canvas.setFont(_BOLD, 11)
    canvas.drawCentredString(across + 11 * mm, height + 4 * mm, "± 20 cm")


def _phone(canvas: Canvas, left: float, bottom: float) -> None:
    width, height = 24 * mm, 46 * mm
    canvas.setFillColor(_INK)
    canvas.roundRect(left, bottom, width, height, 3 * mm, stroke=0, fill=1)
    canvas.setFillColor(white)
    canvas.roundRect(left + 1.5 * mm, bottom + 4 * mm, 21 * mm, 38 * mm, 1 * mm, stroke=0, fill=1)
    canvas.setFillColor(_INK)
    # Of a code no more than its look: a scanner must not find one here.
    for across, up in ((0.0, 0.0), (0.0, 10.0), (10.0, 10.0)):
        x, y = left + (3.5 + across) * mm, bottom + (18 + up) * mm
        canvas.rect(x, y, 6.5 * mm, 6.5 * mm, stroke=0, fill=1)
        canvas.setFillColor(white)
        canvas.rect(x + 2 * mm, y + 2 * mm, 2.5 * mm, 2.5 * mm, stroke=0, fill=1)
        canvas.setFillColor(_INK)
    for across, up in ((11, 1), (14, 4), (11, 5), (15, 0), (13, 2.5)):
        x, y = left + (3.5 + across) * mm, bottom + (18 + up) * mm
        canvas.rect(x, y, 1.6 * mm, 1.6 * mm, stroke=0, fill=1)


def _kiosk(canvas: Canvas, left: float, bottom: float) -> None:
    width, height = 20 * mm, 38 * mm
    canvas.setFillColor(_TEAL)
    canvas.roundRect(left, bottom, width, height, 2.5 * mm, stroke=0, fill=1)
    canvas.rect(left + 8 * mm, bottom - 12 * mm, 4 * mm, 13 * mm, stroke=0, fill=1)
    for colour, radius in ((_INK, 5), (_SOFT, 3.2), (_INK, 1.8)):
        canvas.setFillColor(colour)
        canvas.circle(left + width / 2, bottom + 24 * mm, radius * mm, stroke=0, fill=1)
    canvas.setFillColor(HexColor("#4fd08f"))
    canvas.roundRect(left + 4 * mm, bottom + 7 * mm, 12 * mm, 5 * mm, 2 * mm, stroke=0, fill=1)
    _gate(canvas, left + 7 * mm, bottom + 31 * mm, 6 * mm)


def _gate(canvas: Canvas, left: float, bottom: float, size: float) -> None:
    """The split gate of the hub's emblem, on its grid of 32."""
    canvas.setFillColor(_GOLD)
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


def _line(canvas: Canvas, at: tuple[float, float], text: str, face: Face, room: float) -> None:
    """One line, set smaller where it would not fit."""
    shown = printable(text)
    wide = canvas.stringWidth(shown, face.font, face.size)
    canvas.setFont(face.font, face.size * min(1, room / wide) if wide else face.size)
    canvas.setFillColor(face.colour)
    canvas.drawString(*at, shown)


def _text(canvas: Canvas, at: tuple[float, float], text: str, face: Face, room: float) -> float:
    """Set a paragraph below a point; return how high it is."""
    style = ParagraphStyle(
        "text",
        fontName=face.font,
        fontSize=face.size,
        leading=face.size * 1.3,
        textColor=face.colour,
    )
    paragraph = Paragraph(text, style)
    _, height = paragraph.wrap(room, _HEIGHT)
    paragraph.drawOn(canvas, at[0], at[1] - height)
    return float(height)
