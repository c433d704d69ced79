"""The poster of a door: one page of A4 by which visitors get a pass for the day, in two languages.

Lengths are in points from the lower left corner, as in PDF.
"""

import io
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop, override
from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from sync.hub.web.phone.drawing import (
    BOLD,
    FIXED,
    GOLD,
    HEIGHT,
    INK,
    LANGUAGES,
    PALE,
    SOFT,
    TEAL,
    WIDTH,
    Face,
    draw_code,
    draw_gate,
    draw_line,
    draw_text,
)
from sync.hub.web.phone.printable import printable

_MARGIN = 16 * mm
_HALF = (WIDTH - 3 * _MARGIN) / 2
_GREEN = HexColor("#12935c")
# Read by a phone at arm's length from the wall.
_QR = 78 * mm

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
    for place, language in enumerate(LANGUAGES):
        with override(language):
            _column(canvas, _MARGIN + place * (_HALF + _MARGIN))
    canvas.showPage()
    canvas.save()
    return written.getvalue()


def _heading(canvas: Canvas, poster: Poster) -> None:
    height = 30 * mm
    canvas.setFillColor(TEAL)
    canvas.rect(0, HEIGHT - height, WIDTH, height, stroke=0, fill=1)
    canvas.setFillColor(GOLD)
    canvas.rect(0, HEIGHT - height - 1.5 * mm, WIDTH, 1.5 * mm, stroke=0, fill=1)
    draw_gate(canvas, _MARGIN, HEIGHT - height + 6 * mm, 18 * mm)
    beside = _MARGIN + 25 * mm
    room = WIDTH - beside - _MARGIN
    draw_line(canvas, (beside, HEIGHT - 14 * mm), poster.site, Face(20, white, BOLD), room)
    below = (beside, HEIGHT - 22 * mm)
    draw_line(canvas, below, f"{poster.office} · {poster.door}", Face(12, PALE), room)


def _titles(canvas: Canvas) -> None:
    room = WIDTH - 2 * _MARGIN
    with override("id"):
        draw_line(canvas, (_MARGIN, 246 * mm), gettext(TITLE), Face(27, INK, BOLD), room)
    with override("en"):
        draw_line(canvas, (_MARGIN, 237.5 * mm), gettext(TITLE), Face(16, SOFT), room)


def _code(canvas: Canvas, url: str) -> None:
    left, top = _MARGIN, 229 * mm
    canvas.setStrokeColor(TEAL)
    canvas.setFillColor(white)
    canvas.roundRect(left, top - _QR, _QR, _QR, 3 * mm, stroke=1, fill=1)
    draw_code(canvas, url, (left, top), _QR)
    draw_line(canvas, (left, top - _QR - 6 * mm), url, Face(9, SOFT, FIXED), _QR)


def _column(canvas: Canvas, left: float) -> None:
    """What to do and the notice, in the language that is chosen, from the middle downwards."""
    top = 134 * mm
    for number, step in enumerate(STEPS, start=1):
        canvas.setFillColor(_GREEN)
        canvas.circle(left + 4.5 * mm, top - 4.5 * mm, 4.5 * mm, stroke=0, fill=1)
        canvas.setFillColor(white)
        canvas.setFont(BOLD, 13)
        canvas.drawCentredString(left + 4.5 * mm, top - 6.2 * mm, str(number))
        height = draw_text(
            canvas, (left + 13 * mm, top), gettext(step), Face(12.5), _HALF - 13 * mm
        )
        top -= max(height, 9 * mm) + 5 * mm
    top -= 1 * mm
    without, title = Face(12.5, font=BOLD), Face(10.5, font=BOLD)
    top -= draw_text(canvas, (left, top), gettext(WITHOUT), without, _HALF) + 7 * mm
    top -= draw_text(canvas, (left, top), gettext(PRIVACY_TITLE), title, _HALF) + 1 * mm
    draw_text(canvas, (left, top), gettext(PRIVACY), Face(9.5, SOFT), _HALF)


def _showing(canvas: Canvas, left: float, bottom: float) -> None:
    """A phone held up to a kiosk: how far, and what is to be seen then."""
    canvas.setFillColor(PALE)
    canvas.roundRect(left, bottom, WIDTH - _MARGIN - left, 76 * mm, 3 * mm, stroke=0, fill=1)
    _phone(canvas, left + 7 * mm, bottom + 16 * mm)
    _kiosk(canvas, left + 59 * mm, bottom + 20 * mm)
    canvas.setStrokeColor(SOFT)
    canvas.setLineWidth(1.2)
    across, height = left + 33 * mm, bottom + 44 * mm
    canvas.setDash(4, 3)
    canvas.line(across, height, across + 22 * mm, height)
    canvas.setDash()
    for x, way in ((across, 1), (across + 22 * mm, -1)):
        canvas.line(x, height, x + way * 2 * mm, height + 1.5 * mm)
        canvas.line(x, height, x + way * 2 * mm, height - 1.5 * mm)
    canvas.setFillColor(SOFT)
    canvas.setFont(BOLD, 11)
    canvas.drawCentredString(across + 11 * mm, height + 4 * mm, "± 20 cm")


def _phone(canvas: Canvas, left: float, bottom: float) -> None:
    width, height = 24 * mm, 46 * mm
    canvas.setFillColor(INK)
    canvas.roundRect(left, bottom, width, height, 3 * mm, stroke=0, fill=1)
    canvas.setFillColor(white)
    canvas.roundRect(left + 1.5 * mm, bottom + 4 * mm, 21 * mm, 38 * mm, 1 * mm, stroke=0, fill=1)
    canvas.setFillColor(INK)
    # Of a code no more than its look: a scanner must not find one here.
    for across, up in ((0.0, 0.0), (0.0, 10.0), (10.0, 10.0)):
        x, y = left + (3.5 + across) * mm, bottom + (18 + up) * mm
        canvas.rect(x, y, 6.5 * mm, 6.5 * mm, stroke=0, fill=1)
        canvas.setFillColor(white)
        canvas.rect(x + 2 * mm, y + 2 * mm, 2.5 * mm, 2.5 * mm, stroke=0, fill=1)
        canvas.setFillColor(INK)
    for across, up in ((11, 1), (14, 4), (11, 5), (15, 0), (13, 2.5)):
        x, y = left + (3.5 + across) * mm, bottom + (18 + up) * mm
        canvas.rect(x, y, 1.6 * mm, 1.6 * mm, stroke=0, fill=1)


def _kiosk(canvas: Canvas, left: float, bottom: float) -> None:
    width, height = 20 * mm, 38 * mm
    canvas.setFillColor(TEAL)
    canvas.roundRect(left, bottom, width, height, 2.5 * mm, stroke=0, fill=1)
    canvas.rect(left + 8 * mm, bottom - 12 * mm, 4 * mm, 13 * mm, stroke=0, fill=1)
    for colour, radius in ((INK, 5), (SOFT, 3.2), (INK, 1.8)):
        canvas.setFillColor(colour)
        canvas.circle(left + width / 2, bottom + 24 * mm, radius * mm, stroke=0, fill=1)
    canvas.setFillColor(HexColor("#4fd08f"))
    canvas.roundRect(left + 4 * mm, bottom + 7 * mm, 12 * mm, 5 * mm, 2 * mm, stroke=0, fill=1)
    draw_gate(canvas, left + 7 * mm, bottom + 31 * mm, 6 * mm)
