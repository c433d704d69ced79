"""A laptop is told from others without giving its machine id away."""

from pathlib import Path

import pytest

from hardware.desktop.board import DesktopBoard
from hardware.errors import BoardFault


def test_the_serial_is_made_from_the_machine_id(tmp_path: Path) -> None:
    machine_id = tmp_path / "machine-id"
    machine_id.write_text("0123456789abcdef0123456789abcdef\n")
    serial = DesktopBoard(machine_id=machine_id, thermal=tmp_path).serial()
    assert len(serial) == 16
    assert int(serial, 16)
    assert serial not in machine_id.read_text()
    machine_id.write_text("1123456789abcdef0123456789abcdef\n")
    assert DesktopBoard(machine_id=machine_id, thermal=tmp_path).serial() != serial


def test_reads_the_first_sensor_and_none_without_one(tmp_path: Path) -> None:
    board = DesktopBoard(machine_id=tmp_path / "none", thermal=tmp_path)
    assert board.serial() == ""
    assert board.read().temperature_c is None
    zone = tmp_path / "thermal_zone0"
    zone.mkdir()
    (zone / "temp").write_text("51000\n")
    assert board.read().temperature_c == 51.0
    (zone / "temp").write_text("?")
    with pytest.raises(BoardFault):
        board.read()
