"""Signs of the parts, as circuit diagrams have them (IEC 60617), each about a point."""

from reportlab.lib.colors import Color

from provisioning.paper.pen import INK, SOFT, WHITE, Face, Pen, Point

_WIDTH_MM = 0.35


def draw_led(pen: Pen, at: Point, colour: Color) -> None:
    """A resistor and a diode that gives light."""
    x, y = at
    pen.line([(x - 12, y), (x + 12, y)], INK, _WIDTH_MM)
    pen.box((x - 9, y - 1.3), (8, 2.6), fill=WHITE, edge=INK)
    pen.text((x - 5, y + 0.9), "330", Face(6.5), align="centre")
    pen.shape([(x + 3, y - 1.9), (x + 3, y + 1.9), (x + 6.4, y)], colour)
    pen.line([(x + 6.4, y - 1.9), (x + 6.4, y + 1.9)], INK, _WIDTH_MM)
    for step in (0.0, 1.7):
        left = x + 4.2 + step
        pen.line([(left, y - 2), (left + 1.4, y - 3.4), (left + 0.7, y - 3.3)], INK, 0.2)
        pen.line([(left + 1.4, y - 3.4), (left + 1.3, y - 2.7)], INK, 0.2)


def draw_piezo(pen: Pen, at: Point, colour: Color) -> None:
    """A disc, and what is heard of it."""
    x, y = at
    pen.line([(x - 12, y), (x + 12, y)], INK, _WIDTH_MM)
    pen.dot((x, y), 2.9, fill=WHITE, edge=INK)
    pen.dot((x, y), 1.5, fill=colour)


def draw_button(pen: Pen, at: Point, colour: Color) -> None:
    """Two contacts, and what closes them."""
    x, y = at
    pen.line([(x - 12, y), (x - 3.2, y)], INK, _WIDTH_MM)
    pen.line([(x + 3.2, y), (x + 12, y)], INK, _WIDTH_MM)
    for side in (-3.2, 3.2):
        pen.dot((x + side, y), 0.7, fill=WHITE, edge=INK)
    pen.line([(x - 3.6, y - 1.7), (x + 3.6, y - 1.7)], colour, 0.7)
    pen.line([(x, y - 1.7), (x, y - 3.4)], colour, 0.7)


def draw_clock(pen: Pen, at: Point, colour: Color) -> None:
    """A face with hands, and the cell beside it."""
    x, y = at
    pen.dot((x - 5, y - 0.4), 2.9, fill=WHITE, edge=INK)
    pen.line([(x - 5, y - 2.2), (x - 5, y - 0.4), (x - 3.6, y + 0.4)], INK, _WIDTH_MM)
    pen.dot((x + 5, y - 0.4), 2.9, fill=colour, edge=SOFT)
    pen.text((x + 5, y + 0.5), "3 V", Face(6.5, WHITE).bold(), align="centre")
