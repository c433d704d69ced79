"""The wiring, drawn: the header, the parts below it, a wire from each pin to its part."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from reportlab.lib.colors import Color, HexColor

from provisioning.handbook.header import GROUND, GROUND_PIN, PINS, Part, Wire
from provisioning.handbook.layout import Box
from provisioning.handbook.symbols import draw_button, draw_clock, draw_led, draw_piezo
from provisioning.paper.pen import (
    BOLD,
    GREEN,
    INK,
    PALE,
    RED,
    SOFT,
    TEAL,
    WHITE,
    Face,
    Pen,
    Point,
)

HEIGHT_MM = 89.0
_BLUE, _VIOLET, _BROWN, _POWER, _EARTH = (
    HexColor(colour) for colour in ("#1565c0", "#7b3fa0", "#a85f00", "#f6d9d5", "#d5dbdc")
)
_COLOURS: Mapping[Part, Color] = {
    Part.RED: RED,
    Part.GREEN: GREEN,
    Part.BUZZER: _BLUE,
    Part.BUTTON: _VIOLET,
    Part.CLOCK: _BROWN,
}
_SYMBOLS: Mapping[Part, Callable[[Pen, Point, Color], None]] = {
    Part.RED: draw_led,
    Part.GREEN: draw_led,
    Part.BUZZER: draw_piezo,
    Part.BUTTON: draw_button,
    Part.CLOCK: draw_clock,
}
_COLUMNS = 20
_BOARD_MM, _PIN_MM, _ROW_GAP_MM = 22.0, 6.6, 2.0
_LANE_MM = 2.6
_PART_TOP_MM, _PART_MM = 53.0, 24.0
_RAIL_MM = HEIGHT_MM - 5.5
_CLOCK_WIDTH_MM, _PART_WIDTH_MM = 34.0, 31.0


@dataclass(frozen=True, slots=True)
class Labels:
    """The words beside the drawing; `parts` has two lines for each part."""

    board: str
    ground: str
    parts: Mapping[Part, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A wire with the place of both its ends across the page."""

    wire: Wire
    begins: float
    ends: float


def draw_wiring(pen: Pen, box: Box, wires: Sequence[Wire], labels: Labels) -> Box:
    """Draw it; return what is below."""
    pitch = box.room / _COLUMNS
    places = _places(box, wires)
    _draw_board(pen, box, labels.board, {wire.pin: _COLOURS[wire.part] for wire in wires})
    placed = [
        _Placed(wire, _down_from(box, wire.pin, pitch), places[wire.part][wire.terminal])
        for wire in wires
    ]
    for one, lane in _lanes(placed):
        _draw_wire(pen, box, one, lane)
    for part, ends in places.items():
        _draw_part(pen, box, part, ends, labels.parts[part])
    _draw_ground(pen, box, places, pitch, labels.ground)
    return box.below(HEIGHT_MM)


def _places(box: Box, wires: Sequence[Wire]) -> dict[Part, dict[str, float]]:
    """Give each part its place, in the order of its pins, and each of its ends."""
    parts = list(dict.fromkeys(wire.part for wire in wires))
    widths = [_CLOCK_WIDTH_MM if part is Part.CLOCK else _PART_WIDTH_MM for part in parts]
    # On the right the wire to ground comes down.
    gap = (box.room - 10 - sum(widths)) / (len(parts) - 1)
    places: dict[Part, dict[str, float]] = {}
    left = box.left
    for part, width in zip(parts, widths, strict=True):
        ends = [wire.terminal for wire in wires if wire.part is part]
        step = width / (len(ends) + 1)
        places[part] = {end: left + (place + 1) * step for place, end in enumerate(ends)}
        left += width + gap
    return places


def _pin_at(box: Box, pin: int, pitch: float) -> Point:
    """Return the middle of a pin: odd ones in the lower row."""
    row = 0 if pin % 2 == 0 else 1
    return box.left + ((pin - 1) // 2 + 0.5) * pitch, box.top + 8 + row * (_PIN_MM + _ROW_GAP_MM)


def _down_from(box: Box, pin: int, pitch: float) -> float:
    """Return where a wire leaves the header: from the upper row between two pins of the lower."""
    across = _pin_at(box, pin, pitch)[0]
    return across if pin % 2 else across + pitch / 2


def _draw_board(pen: Pen, box: Box, title: str, used: Mapping[int, Color]) -> None:
    pen.box((box.left, box.top), (box.room, _BOARD_MM), fill=TEAL, radius=1.5)
    pen.text((box.left + 2, box.top + 3.4), title, Face(7.5, PALE))
    pitch = box.room / _COLUMNS
    for pin, name in PINS.items():
        x, y = _pin_at(box, pin, pitch)
        size = (pitch - 0.8, _PIN_MM)
        fill = used.get(pin, _idle(name))
        pen.box((x - size[0] / 2, y - _PIN_MM / 2), size, fill=fill, radius=0.8)
        ink = WHITE if pin in used else INK
        pen.text((x, y - 0.3), str(pin), Face(8, ink, BOLD), align="centre")
        pen.text((x, y + 2.3), name, Face(5.6, ink), align="centre")


def _idle(name: str) -> Color:
    if name == GROUND:
        return _EARTH
    return WHITE if name.startswith("GPIO") else _POWER


def _lanes(placed: Sequence[_Placed]) -> list[tuple[_Placed, float]]:
    """Give each wire the height at which it goes across, so that none crosses another.

    Pins and parts come in the same order: of those that go to the right the last one is highest,
    of those that go to the left the first.
    """
    right = sorted((one for one in placed if one.ends >= one.begins), key=lambda one: -one.begins)
    left = sorted((one for one in placed if one.ends < one.begins), key=lambda one: one.begins)
    return [
        (one, _BOARD_MM + 4 + place * _LANE_MM)
        for group in (right, left)
        for place, one in enumerate(group)
    ]


def _draw_wire(pen: Pen, box: Box, one: _Placed, lane: float) -> None:
    colour = _COLOURS[one.wire.part]
    begin = _pin_at(box, one.wire.pin, box.room / _COLUMNS)
    across, bottom = box.top + lane, box.top + _PART_TOP_MM
    points = [(one.begins, across), (one.ends, across), (one.ends, bottom)]
    below = begin[1] + _PIN_MM / 2
    points.insert(0, (one.begins, below))
    if one.wire.pin % 2 == 0:
        # Between the rows, and down between two pins of the lower one.
        middle = below + _ROW_GAP_MM / 2
        points[:1] = [(begin[0], below), (begin[0], middle), (one.begins, middle)]
    pen.line(points, WHITE, 1.2)
    pen.line(points, colour, 0.7)
    pen.text((one.ends + 0.8, bottom - 1.4), one.wire.name, Face(6.5, colour, BOLD))
    if one.wire.terminal:
        pen.text((one.ends + 0.8, bottom - 4.0), one.wire.terminal, Face(6.5, SOFT))


def _draw_part(
    pen: Pen, box: Box, part: Part, ends: Mapping[str, float], label: tuple[str, str]
) -> None:
    width = _CLOCK_WIDTH_MM if part is Part.CLOCK else _PART_WIDTH_MM
    left = next(iter(ends.values())) - width / (len(ends) + 1)
    top = box.top + _PART_TOP_MM
    pen.box((left, top), (width, _PART_MM), fill=PALE, edge=_COLOURS[part], radius=1.5)
    pen.text((left + width / 2, top + 5), label[0], Face(9.5).bold(), align="centre")
    pen.paragraph((left + 2, top + 6.2), label[1], Face(7, SOFT), width - 4)
    _SYMBOLS[part](pen, (left + width / 2, top + _PART_MM - 3.6), _COLOURS[part])


def _draw_ground(
    pen: Pen,
    box: Box,
    places: Mapping[Part, Mapping[str, float]],
    pitch: float,
    label: str,
) -> None:
    """One black wire joins all parts to a ground of the header."""
    right, below = _pin_at(box, GROUND_PIN, pitch)
    rail = box.top + _RAIL_MM
    middles = [sum(ends.values()) / len(ends) for ends in places.values()]
    pen.line([(right, below + _PIN_MM / 2), (right, rail), (min(middles), rail)], INK, 0.8)
    for middle in middles:
        pen.line([(middle, rail), (middle, box.top + _PART_TOP_MM + _PART_MM)], INK, 0.8)
        pen.dot((middle, rail), 0.9, fill=INK)
    pen.text((right, rail + 3.4), label, Face(7.5, INK, BOLD), align="right")
