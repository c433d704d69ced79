"""What is left of a test: a file that can be compared, and an event without anybody's name."""

import hashlib
import json
import stat
from pathlib import Path

import pytest

from kiosk.handover import SignedOff
from provisioning.acceptance.bench import PARTS
from provisioning.acceptance.report import LEFT_FILE, initials, leave_for_door
from sync.wire.visit import MAX_DETAIL, Event, read_event
from tests.provisioning.acceptance.reports import SERIAL, a_report, bad


def test_the_file_has_all_that_was_found() -> None:
    content = json.loads(a_report("AB", bad("lamp", "solder it")).to_json())
    parts = {part["part"]: part for part in content.pop("parts")}
    assert content == {
        "format": 1,
        "made_at": "2026-02-03T04:05:06+00:00",
        "software": "gapura 0.1.0",
        "serial": SERIAL,
        "outcome": "bad",
        "signed_by": "AB",
    }
    assert tuple(parts) == PARTS
    assert parts["lamp"]["advice"] == "solder it"
    assert parts["hub"]["figures"] == {"round_trip_ms": 412, "answered_ago_s": 46}


def test_its_number_is_the_files_checksum() -> None:
    report = a_report()
    assert report.mark == hashlib.sha256(report.to_json()).hexdigest()[:8]
    assert report.mark != a_report("CD").mark


def test_one_that_nobody_signed_says_so() -> None:
    content = json.loads(a_report("").to_json())
    assert (content["signed_by"], content["outcome"]) == (None, "ok")


def test_the_event_fits_into_the_journal() -> None:
    report = a_report("ABCD", bad("lamp", "x"), bad("hub", "y"))
    event = report.event()
    assert event == Event("acceptance", 2, is_bad=True, detail=f"ABCD 2026-02-03 {report.mark}")
    assert len(event.detail) <= MAX_DETAIL
    assert read_event(event.to_bytes()) == event
    assert a_report().event().is_bad is False


def test_the_door_finds_what_the_bench_leaves(tmp_path: Path) -> None:
    report = a_report()
    leave_for_door(report, tmp_path)
    assert SignedOff(tmp_path).event == report.event()
    assert stat.S_IMODE((tmp_path / LEFT_FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [LEFT_FILE]


@pytest.mark.parametrize("text", ["ab", " AB ", "Abcd"])
def test_initials_are_capitals(text: str) -> None:
    assert initials(text) == text.strip().upper()


@pytest.mark.parametrize("text", ["", "A", "ABCDE", "A B", "Budi S", "A1", "ÄB", "A\n"])
def test_a_name_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        initials(text)
