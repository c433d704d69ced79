"""kiosk-status.txt: both languages, for any computer, written only when it says something new."""

import json
from pathlib import Path

import pytest

from kiosk.signalling.cue import Signal
from provisioning.firstboot.report import Report, write_report
from provisioning.firstboot.status_text import NAME, status_text, write_status_text
from provisioning.firstboot.trouble import Trouble
from provisioning.firstboot.words import STATES, TITLES, TROUBLES
from provisioning.language import LANGUAGES, said

WAITING = {
    *(Signal.READY, Signal.OUT_OF_ORDER, Signal.FAULT_CONFIGURATION, Signal.FAULT_NETWORK),
    *(Signal.FAULT_HUB, Signal.FAULT_CLOCK, Signal.FAULT_CAMERA, Signal.FAULT_STORAGE),
}
"""What a door can be waiting for; the other signals pass."""


def test_every_state_and_every_trouble_has_words() -> None:
    assert set(STATES) == {signal.value for signal in WAITING}
    assert set(TROUBLES) == set(Trouble)
    for text in (*STATES.values(), *TROUBLES.values(), *TITLES.values()):
        told = {said(text, language) for language in LANGUAGES}
        assert len(told) == 2, text


def _write(folder: Path, state: str = "fault-network", trouble: str = "network-failed") -> bool:
    (folder / "door.json").write_text(json.dumps({"state": state, "boot_ms": 1}))
    (folder / "sync.json").write_text(json.dumps({"state": "no-network"}))
    write_report(folder, Report("failed", "camera", "network", trouble))
    return write_status_text(folder, folder / "door.json", folder / "sync.json", folder)


def test_it_says_state_error_advice_and_version_in_both_languages(tmp_path: Path) -> None:
    assert _write(tmp_path)
    content = (tmp_path / NAME).read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n") > 10
    told = content.decode("ascii")
    for line in (
        "Keadaan: fault-network",
        "Kesalahan terakhir: WiFi tidak tersambung. Periksa nama, kata sandi, dan jaraknya.",
        "State: fault-network",
        "Last error: The WiFi does not come up. Check name, key and distance.",
        "Network: no-network",
        "Version: gapura ",
    ):
        assert line in told


def test_it_is_written_only_where_it_says_something_else(tmp_path: Path) -> None:
    assert _write(tmp_path)
    before = (tmp_path / NAME).stat()
    assert not _write(tmp_path)
    assert (tmp_path / NAME).stat().st_mtime_ns == before.st_mtime_ns
    assert _write(tmp_path, state="ready", trouble="")
    assert b"Tidak ada yang perlu dilakukan" in (tmp_path / NAME).read_bytes()


def test_a_door_that_does_not_run_is_said(tmp_path: Path) -> None:
    assert write_status_text(tmp_path, tmp_path / "door.json", tmp_path / "x", tmp_path)
    assert b"program does not run" in (tmp_path / NAME).read_bytes()


@pytest.mark.parametrize(
    "content", ["", "[]", "{", "\0", '{"state": ["a"]}', '{"state": "x\\r\\n"}']
)
def test_what_the_programs_show_is_never_believed(content: str, tmp_path: Path) -> None:
    (tmp_path / "door.json").write_text(content)
    (tmp_path / "report.json").write_text(content)
    write_status_text(tmp_path, tmp_path / "door.json", tmp_path / "door.json", tmp_path)
    assert b"State: -\r\n" in (tmp_path / NAME).read_bytes()


def test_a_detail_is_one_line_and_not_long() -> None:
    report = Report(
        "failed", "boot partition", "configuration", "file-faults", ["a\nb" + "x" * 999]
    )
    text = status_text({}, {}, report)
    (line, _) = [line for line in text.split("\r\n") if line.startswith("  - ")]
    assert line.startswith("  - a?b")
    assert len(line) < 320


def test_what_was_said_before_and_is_set_up_now_is_no_error() -> None:
    assert "Last error: none" in status_text({"state": "ready"}, {}, Report("done", "camera"))


@pytest.mark.parametrize(
    ("software", "told"),
    [("gapura 9.8.7", "gapura 9.8.7"), ("x\ny", "gapura "), (7, "gapura "), ("", "gapura ")],
)
def test_the_release_that_runs_is_told(software: object, told: str) -> None:
    """It may be an update; who writes this is the image's own."""
    lines = status_text({"software": software}, {}, None).splitlines()
    assert [told in line for line in lines if line.startswith("Version")] == [True]
