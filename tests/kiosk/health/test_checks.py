"""Each check says what is wrong and what to do, and raises for nothing that it looks at."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hardware.errors import BoardFault
from hardware.interfaces import BoardReading
from hardware.simulated.board import SimulatedBoard
from kiosk.errors import JournalFault
from kiosk.health.board import BoardCheck
from kiosk.health.camera import CameraCheck
from kiosk.health.card import CardCheck
from kiosk.health.clock import ClockCheck
from kiosk.health.damage import DamageCheck
from kiosk.health.finding import Check, Finding
from kiosk.health.journal import JournalCheck
from kiosk.health.lamp import LampCheck
from kiosk.health.power import PowerCheck
from kiosk.health.reference import ReferenceCheck
from kiosk.health.rtc import RtcCheck
from kiosk.health.storage import StorageCheck
from kiosk.instants import Interval
from kiosk.journal.door_keys import make_keys
from kiosk.reference.reference import Reference, read_reference
from kiosk.standing import Stage
from sync.wire.batch import State
from tests.kiosk.hub import Hub

OK, BAD, UNKNOWN = State.OK, State.BAD, State.UNKNOWN


def _board(reading: BoardReading | None) -> Check:
    board = SimulatedBoard(boot_ms=lambda: 0)
    if reading is None:
        board.fault = BoardFault("the sensor is gone", hint="replace the board")
    else:
        board.reading = reading
    return BoardCheck(board)


def _power(now: bool | None, seen: bool | None) -> Check:
    board = SimulatedBoard(boot_ms=lambda: 0)
    board.reading = BoardReading(45.0, under_voltage=seen, under_voltage_now=now)
    return PowerCheck(board)


def _powerless() -> Check:
    board = SimulatedBoard(boot_ms=lambda: 0)
    board.fault = BoardFault("the sensor is gone", hint="replace the board")
    return PowerCheck(board)


def _failing() -> int:
    raise JournalFault("the card does not answer", hint="replace the card")


def _failing_now() -> Interval:
    raise JournalFault("the card does not answer", hint="replace the card")


def _reference() -> Reference:
    hub, keys = Hub(), make_keys()
    signed = hub.signed_bundle(keys, version=4)
    return read_reference(signed, device=keys.device, root_public=hub.root_public)


def _usage(total: int, free: int) -> Callable[[Path], object]:
    class Usage:
        def __init__(self) -> None:
            self.total, self.free, self.used = total, free, total - free

    return lambda _path: Usage()


CASES: dict[str, tuple[Callable[[], Check], State, str, int | None]] = {
    "camera": (lambda: CameraCheck(lambda: 900, lambda: 1000), OK, "pictures come", 100),
    "camera never": (lambda: CameraCheck(lambda: None, lambda: 1000), BAD, "no picture", None),
    "camera at 5 s": (lambda: CameraCheck(lambda: 0, lambda: 5000), OK, "pictures", 5000),
    "camera stale": (lambda: CameraCheck(lambda: 0, lambda: 5001), BAD, "5 s old", 5001),
    "lamp": (lambda: LampCheck(lambda: False), OK, "answer", None),
    "lamp faulty": (lambda: LampCheck(lambda: True), BAD, "fails", None),
    "journal": (lambda: JournalCheck(lambda: 12), OK, "12 entries wait", 12),
    "journal fails": (lambda: JournalCheck(_failing), BAD, "does not answer", None),
    "clock": (lambda: ClockCheck(lambda: Interval(0, 3000)), OK, "±1.5 s", 3000),
    "clock vague": (lambda: ClockCheck(lambda: Interval(0, 120_001)), BAD, "±60.0 s", 120_001),
    "clock unknown": (lambda: ClockCheck(lambda: Interval(5, None)), BAD, "not known", None),
    "clock not told": (lambda: ClockCheck(_failing_now), UNKNOWN, "does not answer", None),
    "board": (lambda: _board(BoardReading(45.4, under_voltage=False)), OK, "45 °C", 45),
    "board hot": (lambda: _board(BoardReading(80.0, under_voltage=False)), BAD, "80 °C", 80),
    "board dumb": (lambda: _board(BoardReading(None, None)), UNKNOWN, "no thermometer", None),
    "board fails": (lambda: _board(None), UNKNOWN, "sensor is gone", None),
    "power": (lambda: _power(now=False, seen=False), OK, "strong enough", 0),
    "power dipped": (lambda: _power(now=False, seen=True), BAD, "at times", 0),
    "power weak": (lambda: _power(now=True, seen=True), BAD, "too weak", 1),
    "power dumb": (lambda: _power(now=None, seen=None), UNKNOWN, "does not measure", None),
    "power fails": (_powerless, UNKNOWN, "sensor is gone", None),
    "no hub": (lambda: ReferenceCheck(lambda: Stage.UNKNOWN, lambda: None), BAD, "no hub", None),
    "asking": (lambda: ReferenceCheck(lambda: Stage.ASKING, lambda: None), BAD, "answered", None),
    "lost": (lambda: ReferenceCheck(lambda: Stage.ENROLLED, lambda: None), BAD, "is lost", None),
    "reference": (
        lambda: ReferenceCheck(lambda: Stage.ENROLLED, _reference),
        OK,
        "bundle 4 for Pintu utama",
        4,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_check_says_what_it_finds(name: str) -> None:
    make, state, said, value = CASES[name]
    finding = make().find()
    assert finding.state is state
    assert said in finding.said
    assert finding.value == value
    assert finding.reading.state is state
    assert finding.reading.check == finding.check


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case[1] is BAD])
def test_what_is_bad_comes_with_what_to_do(name: str) -> None:
    assert CASES[name][0]().find().advice


def test_a_value_ends_with_its_unit() -> None:
    units = ("_ms", "_c", "_entries", "_version", "_percent", "under_voltage")
    for make, _state, _said, _value in CASES.values():
        finding = make().find()
        assert finding.value is None or finding.check.endswith(units)


@pytest.mark.parametrize(("free", "state"), [(100, OK), (50, OK), (49, BAD), (0, BAD)])
def test_a_card_with_less_than_a_twentieth_free_is_an_alarm(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free: int, state: State
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", _usage(1000, free))
    finding = StorageCheck(tmp_path).find()
    assert (finding.state, finding.value) == (state, free // 10)
    assert bool(finding.advice) is (state is BAD)


def test_a_card_that_is_gone_is_bad(tmp_path: Path) -> None:
    finding: Finding = StorageCheck(tmp_path / "absent").find()
    assert finding.state is BAD
    assert "replace the card" in finding.advice


def test_a_journal_that_was_set_aside_is_told_until_the_card_is_replaced(tmp_path: Path) -> None:
    check = DamageCheck(tmp_path)
    assert check.find().state is State.OK
    for number in (1, 2):
        (tmp_path / f"journal.db.damaged-{number}").mkdir()
    finding = check.find()
    assert (finding.state, finding.value) == (State.BAD, 2)
    assert "replace the card" in finding.advice


def _kernel_says(root: Path, path: str, text: str) -> None:
    file = root / path
    file.parent.mkdir(parents=True)
    file.write_text(text)


@pytest.mark.parametrize(
    ("counts", "state", "value"),
    [((), UNKNOWN, None), ((0, 0), OK, 0), ((0, 3), BAD, 3), (("x",), UNKNOWN, None)],
)
def test_errors_of_the_card_are_counted(
    tmp_path: Path, counts: tuple[object, ...], state: State, value: int | None
) -> None:
    for number, count in enumerate(counts):
        _kernel_says(tmp_path, f"sys/fs/ext4/mmcblk0p{number}/errors_count", f"{count}\n")
    finding = CardCheck(tmp_path, root=tmp_path).find()
    assert (finding.check, finding.state, finding.value) == ("card_errors", state, value)
    assert bool(finding.advice) is (state is BAD)


def test_a_card_that_was_made_read_only_is_bad(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As the kernel does with a file system in which it found errors."""

    class Statistics:
        f_flag = os.ST_RDONLY | os.ST_NOSUID

    monkeypatch.setattr(os, "statvfs", lambda _path: Statistics())
    finding = CardCheck(tmp_path, root=tmp_path).find()
    assert finding.state is BAD
    assert "read-only" in finding.said


def test_a_directory_that_is_gone_says_nothing_of_the_card(tmp_path: Path) -> None:
    assert CardCheck(tmp_path / "absent", root=tmp_path).find().state is UNKNOWN


@pytest.mark.parametrize(
    ("microvolts", "state", "value"),
    [("2999000\n", OK, 2999), ("2000000", OK, 2000), ("1999999", BAD, 1999), ("?", UNKNOWN, None)],
)
def test_the_clocks_battery_is_told(
    tmp_path: Path, microvolts: str, state: State, value: int | None
) -> None:
    _kernel_says(tmp_path, "sys/class/rtc/rtc0/battery_voltage", microvolts)
    finding = RtcCheck(root=tmp_path).find()
    assert (finding.check, finding.state, finding.value) == ("rtc_battery_mv", state, value)
    assert bool(finding.advice) is (state is BAD)


def test_a_clock_that_does_not_tell_is_unknown(tmp_path: Path) -> None:
    assert RtcCheck(root=tmp_path).find().state is UNKNOWN
