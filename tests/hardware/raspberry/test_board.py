"""The Pi's identity and sensors, read from a copy of the files that its kernel shows."""

from pathlib import Path

import pytest

from hardware.errors import BoardFault
from hardware.interfaces import BoardReading
from hardware.raspberry.board import RaspberryBoard


def _write(root: Path, path: str, text: str) -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


@pytest.fixture
def root(tmp_path: Path) -> Path:
    _write(tmp_path, "proc/device-tree/serial-number", "10000000abcd1234\0")
    _write(tmp_path, "proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4\0")
    _write(tmp_path, "sys/block/mmcblk0/device/cid", "035344534c333247\n")
    _write(tmp_path, "sys/class/thermal/thermal_zone0/temp", "48312\n")
    _write(tmp_path, "sys/class/hwmon/hwmon0/name", "cpu_thermal\n")
    _write(tmp_path, "sys/class/hwmon/hwmon1/name", "rpi_volt\n")
    _write(tmp_path, "sys/class/hwmon/hwmon1/in0_lcrit_alarm", "0\n")
    return tmp_path


def test_the_serial_is_of_the_board_and_of_the_card(root: Path) -> None:
    board = RaspberryBoard(root=root)
    assert board.serial() == "10000000abcd1234-035344534c333247"
    assert board.describe() == "Raspberry Pi 4 Model B Rev 1.4"


def test_started_from_usb_the_serial_is_of_the_board_alone(root: Path) -> None:
    (root / "sys/block/mmcblk0/device/cid").unlink()
    assert RaspberryBoard(root=root).serial() == "10000000abcd1234"


def test_under_voltage_once_seen_is_remembered(root: Path) -> None:
    board = RaspberryBoard(root=root)
    alarm = root / "sys/class/hwmon/hwmon1/in0_lcrit_alarm"
    assert board.read() == BoardReading(48.312, under_voltage=False, under_voltage_now=False)
    alarm.write_text("1\n")
    dipping = board.read()
    assert (dipping.under_voltage, dipping.under_voltage_now) == (True, True)
    alarm.write_text("0\n")
    after = board.read()
    assert (after.under_voltage, after.under_voltage_now) == (True, False)


def test_no_sensor_is_none(tmp_path: Path) -> None:
    assert RaspberryBoard(root=tmp_path).read() == BoardReading(None, None)


def test_a_sensor_that_cannot_be_read_is_a_fault(root: Path) -> None:
    sensor = root / "sys/class/thermal/thermal_zone0/temp"
    sensor.write_text("warm\n")
    with pytest.raises(BoardFault):
        RaspberryBoard(root=root).read()
    sensor.unlink()
    sensor.mkdir()
    with pytest.raises(BoardFault):
        RaspberryBoard(root=root).read()
