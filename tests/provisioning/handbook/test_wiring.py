"""No wire crosses another, wherever the parts are wired to."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.config import ButtonSection, BuzzerSection, Configuration, LampSection
from provisioning.handbook import wiring
from provisioning.handbook.header import wires_of
from provisioning.handbook.layout import Box

_BOX = Box(12, 0, 186)
Line = tuple[float, float, float, float]


def _lines(placed: wiring._Placed, lane: float) -> list[Line]:
    """Return what is drawn below the board: down, across, down."""
    below, bottom = wiring._BOARD_MM, wiring._PART_TOP_MM
    return [
        (placed.begins, below, placed.begins, lane),
        (placed.begins, lane, placed.ends, lane),
        (placed.ends, lane, placed.ends, bottom),
    ]


def _meet(one: Line, other: Line) -> bool:
    """Whether two level or upright lines have a point in common."""
    return all(
        max(min(one[at], one[at + 2]), min(other[at], other[at + 2]))
        <= min(max(one[at], one[at + 2]), max(other[at], other[at + 2]))
        for at in (0, 1)
    )


@settings(deadline=None, max_examples=200, derandomize=True)
@given(st.lists(st.integers(4, 27), min_size=4, max_size=4, unique=True))
def test_no_wire_crosses_another(pins: list[int]) -> None:
    configuration = Configuration(
        lamp=LampSection(red_pin=pins[0], green_pin=pins[1]),
        buzzer=BuzzerSection(pin=pins[2]),
        button=ButtonSection(pin=pins[3]),
    )
    wires = wires_of(configuration)
    places = wiring._places(_BOX, wires)
    pitch = _BOX.room / 20
    placed = [
        wiring._Placed(
            wire, wiring._down_from(_BOX, wire.pin, pitch), places[wire.part][wire.terminal]
        )
        for wire in wires
    ]
    lanes = wiring._lanes(placed)
    assert max(lane for _, lane in lanes) < wiring._PART_TOP_MM - 5
    for (one, lane), (other, other_lane) in combinations(lanes, 2):
        for line in _lines(one, lane):
            for other_line in _lines(other, other_lane):
                assert not _meet(line, other_line), (one.wire, other.wire)
