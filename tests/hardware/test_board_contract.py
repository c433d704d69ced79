"""Every board: a serial that stays the same, readings or None, and a fault after closing."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hardware.absent.board import AbsentBoard
from hardware.desktop.board import DesktopBoard
from hardware.errors import BoardFault
from hardware.interfaces import Board, BoardReading
from hardware.raspberry.board import RaspberryBoard
from hardware.simulated.board import SimulatedBoard
from tests.hardware.clock import FakeClock

_MAKERS: dict[str, Callable[[Path], Board]] = {
    "raspberry": lambda root: RaspberryBoard(root=root),
    "desktop": lambda root: DesktopBoard(machine_id=root / "machine-id", thermal=root),
    "simulated": lambda _: SimulatedBoard(boot_ms=FakeClock().boot_ms),
    "absent": lambda _: AbsentBoard(),
}


@pytest.fixture(params=_MAKERS)
def board(request: pytest.FixtureRequest, tmp_path: Path) -> Board:
    return _MAKERS[request.param](tmp_path)


def test_answers_also_where_the_kernel_tells_nothing(board: Board) -> None:
    assert board.serial() == board.serial()
    assert isinstance(board.read(), BoardReading)
    assert board.describe()


def test_closes_twice_and_then_refuses(board: Board) -> None:
    board.close()
    board.close()
    for call in (board.serial, board.read, board.describe):
        with pytest.raises(BoardFault) as caught:
            call()
        assert caught.value.hint
