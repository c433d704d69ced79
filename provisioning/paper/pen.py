"""A pen on sheets of A4. Lengths are in millimetres from the upper left corner, letters in points.

Letters are those that every PDF reader has (Helvetica in Windows' Western character set).
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

WIDTH_MM, HEIGHT_MM = A4[0] / mm, A4[1] / mm
TEAL, GOLD, INK, SOFT, PALE, WHITE, BLACK = (
    HexColor(colour)
    for colour in ("#0b3b3c", "#e9b949", "#14272b", "#546a6f", "#eef3f2", "#ffffff", "#000000")
)
RED, GREEN, AMBER = (HexColor(colour) for colour in ("#c62828", "#12935c", "#e39b0c"))
PLAIN, BOLD, FIXED = "Helvetica", "Helvetica-Bold", "Courier"
_LEADING = 1.22
_POINT_MM = 25.4 / 72
# The split gate of the emblem, on a grid of 32.
_GATE = (
    *((14, 29), (14, 3), (11, 6), (11, 10), (8, 12)),
    *((8, 16), (5, 18), (5, 23), (2, 25), (2, 29)),
)

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Face:
    size: float
    colour: Color = INK
    font: str = PLAIN

    def bold(self) -> "Face":
        return replace(self, font=BOLD)

    @property
    def height_mm(self) -> float:
        return self.size * _LEADING * _POINT_MM


class Pen:
    """`title` and `language` stand in the document itself, for whoever has it read out."""

    def __init__(self, title: str, language: str) -> None:
        self._written = io.BytesIO()
        self._canvas = Canvas(
            self._written, pagesize=A4, invariant=True, lang=language, pageCompression=1
        )
        self._canvas.setTitle(title)

    def next_page(self) -> None:
        self._canvas.showPage()

    def finish(self) -> bytes:
        """Return the PDF."""
        self._canvas.save()
        return self._written.getvalue()

    def box(
        self,
        at: Point,
        size: Point,
        *,
        fill: Color | None = None,
        edge: Color | None = None,
        radius: float = 0,
    ) -> None:
        self._colours(fill, edge, 0.25)
        self._canvas.roundRect(
            at[0] * mm,
            (HEIGHT_MM - at[1] - size[1]) * mm,
            *(size[0] * mm, size[1] * mm, radius * mm),
            stroke=int(edge is not None),
            fill=int(fill is not None),
        )

    def dot(
        self, at: Point, radius: float, *, fill: Color | None = None, edge: Color | None = None
    ) -> None:
        self._colours(fill, edge, 0.25)
        self._canvas.circle(
            *(at[0] * mm, (HEIGHT_MM - at[1]) * mm, radius * mm),
            stroke=int(edge is not None),
            fill=int(fill is not None),
        )

    def line(self, points: Sequence[Point], colour: Color = INK, width: float = 0.3) -> None:
        """Draw from point to point; `width` in millimetres."""
        self._colours(None, colour, width)
        self._canvas.setLineJoin(1)
        self._canvas.setLineCap(1)
        self._canvas.drawPath(self._path(points), stroke=1, fill=0)

    def shape(self, points: Sequence[Point], colour: Color) -> None:
        self._colours(colour, None, 0)
        path = self._path(points)
        path.close()
        self._canvas.drawPath(path, stroke=0, fill=1)

    def gate(self, at: Point, size: float) -> None:
        for side in (1, -1):
            half = [(16 + side * (x - 16), y) for x, y in _GATE]
            points = [(at[0] + x * size / 32, at[1] + y * size / 32) for x, y in half]
            self.shape(points, GOLD)

    def text(self, at: Point, text: str, face: Face, *, align: str = "left") -> float:
        """Set one line with its baseline at a point; return how wide it is."""
        self._canvas.setFont(face.font, face.size)
        self._canvas.setFillColor(face.colour)
        wide = self.width(text, face)
        left = at[0] - {"left": 0.0, "centre": wide / 2, "right": wide}[align]
        self._canvas.drawString(left * mm, (HEIGHT_MM - at[1]) * mm, text)
        return wide

    def width(self, text: str, face: Face) -> float:
        return float(self._canvas.stringWidth(text, face.font, face.size) / mm)

    def paragraph(self, at: Point, text: str, face: Face, room: float) -> float:
        """Set text below a point, in lines as wide as `room`; return how high it is.

        `text` may have reportlab's marks (`<b>`), and so must have & and < as XML has them.
        """
        paragraph, height = _set(text, face, room)
        paragraph.drawOn(self._canvas, at[0] * mm, (HEIGHT_MM - at[1] - height) * mm)
        return height

    def _colours(self, fill: Color | None, edge: Color | None, width: float) -> None:
        if fill is not None:
            self._canvas.setFillColor(fill)
        if edge is not None:
            self._canvas.setStrokeColor(edge)
            self._canvas.setLineWidth(width * mm)

    def _path(self, points: Sequence[Point]) -> Any:
        path = self._canvas.beginPath()
        path.moveTo(points[0][0] * mm, (HEIGHT_MM - points[0][1]) * mm)
        for x, y in points[1:]:
            path.lineTo(x * mm, (HEIGHT_MM - y) * mm)
        return path


def height_of(text: str, face: Face, room: float) -> float:
    """Return how high a paragraph would be."""
    return _set(text, face, room)[1]


def _set(text: str, face: Face, room: float) -> tuple[Paragraph, float]:
    style = ParagraphStyle(
        "text",
        fontName=face.font,
        fontSize=face.size,
        leading=face.size * _LEADING,
        textColor=face.colour,
    )
    paragraph = Paragraph(text, style)
    _, height = paragraph.wrap(room * mm, HEIGHT_MM * mm)
    return paragraph, float(height / mm)
