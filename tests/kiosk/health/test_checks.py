"""Each check says what is wrong and what to do, and raises for nothing that it looks at."""

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
from kiosk.health.clock import ClockCheck
from kiosk.health.damage import DamageCheck
from kiosk.health.finding import Check, Finding
from kiosk.health.journal import JournalCheck
from kiosk.health.lamp import LampCheck
from kiosk.health.reference import ReferenceCheck
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
    "board weak": (lambda: _board(BoardReading(45.0, under_voltage=True)), BAD, "too weak", None),
    "board dumb": (lambda: _board(BoardReading(None, None)), UNKNOWN, "no thermometer", None),
    "board fails": (lambda: _board(None), UNKNOWN, "sensor is gone", None),
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
    units = ("_ms", "_c", "_entries", "_version", "_percent")
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
