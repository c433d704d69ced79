"""Passes as cards to be printed, and slips with links to them: ten a sheet, in two languages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy, gettext_noop, override
from reportlab.lib.colors import white
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from kiosk.passes.claims import PassType
from sync.hub.people.cards import Card
from sync.hub.web.phone.drawing import (
    BOLD,
    FIXED,
    GOLD,
    INK,
    LANGUAGES,
    PALE,
    SOFT,
    TEAL,
    Face,
    draw_code,
    draw_gate,
    draw_line,
    draw_name,
)
from sync.hub.web.phone.sheet import CARD_HEIGHT, CARD_WIDTH, draw_sheets
from sync.hub.web.words import PASS_TYPES, Word

UNTIL = gettext_noop("Valid until")
LOST = gettext_noop("Lost? Tell the personnel office.")
LENT = gettext_noop("Lost or found? Tell the officer.")
OPEN = gettext_noop("Scan it with your phone. It works once.")
OPEN_UNTIL = gettext_noop("Open it until")
SLIP = gettext_lazy("For your phone")
_DAY, _HOUR = "j M Y", "j M Y H:i"
_HEAD = 9.5 * mm
_MARGIN = 4 * mm
# Of the largest code (version 8, 57 modules with its quiet zone) a module has 0.7 mm.
_CODE = 40 * mm
_CODE_LEFT = CARD_WIDTH - _CODE - 2 * mm
_ROOM = _CODE_LEFT - _MARGIN - 0.5 * mm
_MASK = 0
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Slip:
    """A link for one person; it is drawn once and known to nobody afterwards."""

    url: str
    label: str
    place: str
    good_until: datetime


@dataclass(frozen=True, slots=True)
class _Face:
    """What a piece says; `title`, `until` and `said` are put into each language."""

    code: str
    title: Word
    label: str
    place: str
    until: str
    instant: datetime
    form: str
    said: str
    foot: str


def draw_cards(cards: Sequence[Card]) -> bytes:
    """Return the PDF."""
    return draw_sheets("Gapura", [_of_card(card) for card in cards], _draw)


def draw_slips(slips: Sequence[Slip]) -> bytes:
    """Return the PDF."""
    return draw_sheets("Gapura", [_of_slip(slip) for slip in slips], _draw)


def grouped(cti: bytes) -> str:
    """Return a pass's number as people read it out."""
    digits = cti.hex()
    return " ".join(digits[at : at + _DIGITS] for at in range(0, len(digits), _DIGITS))


def _of_card(card: Card) -> _Face:
    said = LENT if card.kind is PassType.SITE_CARD else LOST
    title, foot = PASS_TYPES[card.kind], grouped(card.cti)
    return _Face(card.text, title, card.label, card.place, UNTIL, card.expires, _DAY, said, foot)


def _of_slip(slip: Slip) -> _Face:
    return _Face(
        slip.url, SLIP, slip.label, slip.place, OPEN_UNTIL, slip.good_until, _HOUR, OPEN, ""
    )


def _draw(canvas: Canvas, face: _Face) -> None:
    _head(canvas, face.title)
    draw_code(canvas, face.code, (_CODE_LEFT, CARD_HEIGHT - _HEAD - 2 * mm), _CODE, _MASK)
    top = CARD_HEIGHT - _HEAD - 7 * mm
    top -= draw_name(canvas, (_MARGIN, top), face.label, Face(12, INK, BOLD), _ROOM)
    draw_name(canvas, (_MARGIN, top), face.place, Face(7.5, SOFT), _ROOM)
    for place, language in enumerate(LANGUAGES):
        with override(language):
            _validity(canvas, face, (17.2 - 4.8 * place) * mm)
            said = gettext(face.said)
        draw_line(canvas, (_MARGIN, (8.4 - 2.6 * place) * mm), said, Face(6, SOFT), _ROOM)
    draw_line(canvas, (_MARGIN, 2.6 * mm), face.foot, Face(6, SOFT, FIXED), _ROOM)


def _validity(canvas: Canvas, face: _Face, bottom: float) -> None:
    """In the language that is chosen."""
    until = face.instant.astimezone(ZoneInfo(settings.TIME_ZONE))
    word = gettext(face.until)
    draw_line(canvas, (_MARGIN, bottom), word, Face(6.5, SOFT), _ROOM)
    beside = _MARGIN + canvas.stringWidth(word, Face(6.5).font, 6.5) + 1.2 * mm
    room = _CODE_LEFT - beside
    draw_line(canvas, (beside, bottom), date_format(until, face.form), Face(8.5, INK, BOLD), room)


def _head(canvas: Canvas, title: Word) -> None:
    canvas.setFillColor(TEAL)
    canvas.rect(0, CARD_HEIGHT - _HEAD, CARD_WIDTH, _HEAD, stroke=0, fill=1)
    canvas.setFillColor(GOLD)
    canvas.rect(0, CARD_HEIGHT - _HEAD - 0.7 * mm, CARD_WIDTH, 0.7 * mm, stroke=0, fill=1)
    draw_gate(canvas, _MARGIN, CARD_HEIGHT - _HEAD + 2 * mm, 5.6 * mm)
    name = (_MARGIN + 7.4 * mm, CARD_HEIGHT - 6.4 * mm)
    draw_line(canvas, name, "Gapura", Face(11, white, BOLD), 30 * mm)
    words = []
    for language in LANGUAGES:
        with override(language):
            words.append(str(title))
    canvas.setFillColor(PALE)
    canvas.setFont(BOLD, 8)
    canvas.drawRightString(CARD_WIDTH - _MARGIN, CARD_HEIGHT - 6.2 * mm, " · ".join(words))
