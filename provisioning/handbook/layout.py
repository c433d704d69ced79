"""What the pages are made of: sections, numbered steps, tables."""

from collections.abc import Sequence
from dataclasses import dataclass

from provisioning.paper.pen import GOLD, INK, PALE, SOFT, TEAL, WHITE, Face, Pen, height_of

BODY = Face(9)
_SECTION = Face(11.5, TEAL)
_PADDING_MM = 1.1
_NUMBER_MM = 6.5
_STEP_GAP_MM = 1.5


@dataclass(frozen=True, slots=True)
class Box:
    """Where something stands, and how wide it may be."""

    left: float
    top: float
    room: float

    def below(self, height: float) -> "Box":
        return Box(self.left, self.top + height, self.room)


def section(pen: Pen, box: Box, title: str) -> Box:
    """Set a title; return where its text begins."""
    pen.text((box.left, box.top + 4.2), title, _SECTION.bold())
    line = box.top + 5.9
    pen.line([(box.left, line), (box.left + box.room, line)], GOLD, 0.5)
    return box.below(8)


def steps(pen: Pen, box: Box, texts: Sequence[str], face: Face = BODY) -> Box:
    """Set numbered steps; return what is below them."""
    for number, text in enumerate(texts, 1):
        middle = box.top + face.height_mm / 2
        pen.dot((box.left + 2.2, middle), 2.2, fill=TEAL)
        at = (box.left + 2.2, middle + 1.1)
        pen.text(at, str(number), Face(8.5, WHITE).bold(), align="centre")
        room = box.room - _NUMBER_MM
        height = pen.paragraph((box.left + _NUMBER_MM, box.top), text, face, room)
        box = box.below(max(height, 4.4) + _STEP_GAP_MM)
    return box


def table(
    pen: Pen,
    box: Box,
    rows: Sequence[Sequence[str]],
    columns: Sequence[float],
    face: Face = BODY,
) -> Box:
    """Set a table with shaded rows below its head; return what is below it."""
    left = box.left
    for title, room in zip(rows[0], columns, strict=True):
        base = box.top + face.height_mm
        pen.text((left + _PADDING_MM, base), title, Face(face.size - 1, SOFT).bold())
        left += room
    box = box.below(face.height_mm + 2)
    for number, row in enumerate(rows[1:]):
        height = row_height(row, columns, face)
        if number % 2 == 0:
            pen.box((box.left, box.top), (sum(columns), height), fill=PALE)
        left = box.left
        for cell, room in zip(row, columns, strict=True):
            at = (left + _PADDING_MM, box.top + _PADDING_MM)
            pen.paragraph(at, cell, face, room - 2 * _PADDING_MM)
            left += room
        box = box.below(height)
    return box


def row_height(row: Sequence[str], columns: Sequence[float], face: Face = BODY) -> float:
    heights = [
        height_of(cell, face, room - 2 * _PADDING_MM)
        for cell, room in zip(row, columns, strict=True)
    ]
    return max(heights) + 2 * _PADDING_MM


def note(pen: Pen, box: Box, text: str, face: Face = BODY) -> Box:
    """Set what must not be overlooked; return what is below it."""
    height = height_of(text, face, box.room - 7) + 4
    pen.box((box.left, box.top), (box.room, height), fill=PALE)
    pen.box((box.left, box.top), (1.2, height), fill=GOLD)
    pen.paragraph((box.left + 4, box.top + 2), text, Face(face.size, INK), box.room - 7)
    return box.below(height)
