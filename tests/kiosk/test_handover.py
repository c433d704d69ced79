"""What door and setup helper leave for each other: whole files, for nobody else, not for ever."""

import os
import stat
from pathlib import Path

import pytest

from kiosk.handover import (
    ACCEPTANCE_FILE,
    CARD_FILE,
    ENROLLED_FILE,
    OFFERED_FILE,
    REPORT_FILE,
    UNTAKEN_MS,
    Handover,
    SignedOff,
)
from sync.wire.visit import Event


@pytest.fixture
def handover(tmp_path: Path) -> Handover:
    (tmp_path / "run").mkdir()
    (tmp_path / "setup").mkdir()
    return Handover(tmp_path / "run", tmp_path / "setup")


def test_a_card_is_left_for_the_doors_own_group(handover: Handover, tmp_path: Path) -> None:
    handover.give("GPC1:ONE", 0)
    handover.give("GPC1:TWO", 0)
    path = tmp_path / "run" / CARD_FILE
    assert path.read_text() == "GPC1:TWO"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert path.stat().st_gid == os.getegid()
    assert [file.name for file in path.parent.iterdir()] == [CARD_FILE]


def test_a_card_that_nobody_takes_does_not_stay(handover: Handover, tmp_path: Path) -> None:
    handover.give("GPC1:ONE", 1000)
    handover.tidy(1000 + UNTAKEN_MS)
    assert (tmp_path / "run" / CARD_FILE).exists()
    handover.tidy(1001 + UNTAKEN_MS)
    assert list((tmp_path / "run").iterdir()) == []
    handover.tidy(10 * UNTAKEN_MS)


def test_where_nothing_can_be_left_the_door_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    handover = Handover(tmp_path / "gone", tmp_path)
    handover.give("GPC1:SECRET", 0)
    assert not handover.tell_enrolled(bytes(32))
    assert "No such file" in caplog.text
    assert "SECRET" not in caplog.text


def test_the_root_is_left_in_hexadecimal(handover: Handover, tmp_path: Path) -> None:
    assert handover.tell_enrolled(bytes(range(32)))
    assert bytes.fromhex((tmp_path / "run" / ENROLLED_FILE).read_text()) == bytes(range(32))


def test_an_offered_card_is_looked_at_once(handover: Handover, tmp_path: Path) -> None:
    assert handover.offered() is None
    path = tmp_path / "setup" / OFFERED_FILE
    path.write_text("GPC1:ONE")
    assert [handover.offered(), handover.offered()] == ["GPC1:ONE", None]
    beside = path.with_name("new")
    beside.write_text("GPC1:TWO")
    beside.rename(path)
    assert [handover.offered(), handover.offered()] == ["GPC1:TWO", None]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ('{"outcome": "failed", "step": "network"}', "network"),
        ('{"outcome": "done", "step": "network"}', ""),
        ('{"outcome": "failed"}', ""),
        ("[]", ""),
        ("{", ""),
        ("[" * 9999, ""),
        ("\0", ""),
    ],
)
def test_what_the_helper_could_not_do(
    content: str, fault: str, handover: Handover, tmp_path: Path
) -> None:
    assert handover.fault() == ""
    (tmp_path / "setup" / REPORT_FILE).write_text(content)
    assert handover.fault() == fault


def test_the_couriers_state_is_what_it_shows(handover: Handover, tmp_path: Path) -> None:
    assert handover.courier() == ""
    (tmp_path / "run/sync.json").write_text('{"state": "portal"}')
    assert handover.courier() == "portal"


def test_what_the_bench_has_signed_off_is_found_and_goes_once_it_is_told(tmp_path: Path) -> None:
    assert SignedOff(tmp_path).event is None
    event = Event("acceptance", 1, is_bad=True, detail="AB 2026-02-03 0badcafe")
    (tmp_path / ACCEPTANCE_FILE).write_bytes(event.to_bytes())
    found = SignedOff(tmp_path)
    seen = found.event
    assert seen == event
    found.forget()
    assert list(tmp_path.iterdir()) == []
    found.forget()
    assert found.event is None


@pytest.mark.parametrize(
    "content", [b"", b"\xff" * 9000, Event("start", detail="x").to_bytes(), b"{}"]
)
def test_anything_else_there_is_nothing_that_a_door_would_tell(
    content: bytes, tmp_path: Path
) -> None:
    (tmp_path / ACCEPTANCE_FILE).write_bytes(content)
    assert SignedOff(tmp_path).event is None
    (tmp_path / ACCEPTANCE_FILE).unlink()
    (tmp_path / ACCEPTANCE_FILE).mkdir()
    assert SignedOff(tmp_path).event is None
