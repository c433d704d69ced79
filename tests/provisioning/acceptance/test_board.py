"""A board that is hot, badly powered or nameless is not sent to a door."""

import pytest

from hardware.interfaces import BoardReading
from hardware.simulated.board import SimulatedBoard
from provisioning.acceptance.board import try_board
from provisioning.acceptance.result import Outcome, Result


def _tried(reading: BoardReading, identity: str = "10000000abcd") -> Result:
    board = SimulatedBoard(boot_ms=lambda: 1, identity=identity)
    board.reading = reading
    return try_board(board)


def test_a_good_board() -> None:
    result = _tried(BoardReading(temperature_c=45.0, under_voltage=False))
    assert result.outcome is Outcome.OK
    assert {figure.name: figure.value for figure in result.figures} == {
        "serial": "10000000abcd",
        "temperature_c": 45.0,
        "under_voltage": False,
    }


def test_a_sensor_that_does_not_exist_is_no_fault() -> None:
    result = _tried(BoardReading(temperature_c=None, under_voltage=None))
    assert result.outcome is Outcome.OK
    assert [figure.name for figure in result.figures] == ["serial"]


@pytest.mark.parametrize(
    ("reading", "identity", "wrong"),
    [
        (BoardReading(temperature_c=79.9, under_voltage=True), "a", "voltage is too low"),
        (BoardReading(temperature_c=80.0, under_voltage=False), "a", "too hot"),
        (BoardReading(temperature_c=45.0, under_voltage=False), "", "no serial"),
    ],
)
def test_what_is_wrong_is_said(reading: BoardReading, identity: str, wrong: str) -> None:
    result = _tried(reading, identity)
    assert result.outcome is Outcome.BAD
    assert wrong in result.said
    assert result.advice
