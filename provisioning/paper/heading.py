"""The band at the top of every sheet."""

from provisioning.paper.pen import BOLD, GOLD, PALE, TEAL, WHITE, WIDTH_MM, Face, Pen

MARGIN_MM = 12.0
ROOM_MM = WIDTH_MM - 2 * MARGIN_MM
HEIGHT_MM = 17.0


def draw_heading(pen: Pen, title: str, beside: str) -> float:
    """Draw it; return where the sheet begins below it."""
    pen.box((0, 0), (WIDTH_MM, HEIGHT_MM), fill=TEAL)
    pen.box((0, HEIGHT_MM), (WIDTH_MM, 0.9), fill=GOLD)
    pen.gate((MARGIN_MM, 3.2), 10.5)
    left = MARGIN_MM + 14
    left += pen.text((left, 10.8), "Gapura", Face(17, WHITE, BOLD)) + 4
    pen.text((left, 10.8), title, Face(12, PALE))
    pen.text((WIDTH_MM - MARGIN_MM, 10.8), beside, Face(8.5, PALE), align="right")
    return HEIGHT_MM + 0.9
