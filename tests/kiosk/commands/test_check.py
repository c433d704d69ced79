"""`check` says everything that is wrong at once, changes nothing, and its exit code tells."""

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from kiosk.commands import check
from kiosk.config import load
from kiosk.journal.door_keys import store_keys
from kiosk.state_directory import claim, directory
from tests.kiosk.enrolled import Enrolled

CONFIGURATION = """
[kiosk]
state_dir = "{root}/state"
run_dir = "{root}/run"
[camera]
driver = "{camera}"
source = "{root}/stage"
[lamp]
driver = "{lamp}"
"""


def _write(root: Path, *, camera: str = "simulated", lamp: str = "simulated") -> Path:
    path = root / "kiosk.toml"
    path.write_text(CONFIGURATION.format(root=root, camera=camera, lamp=lamp))
    return path


def _run(path: Path, *words: str) -> int:
    parser = argparse.ArgumentParser()
    check.add_arguments(parser)
    return check.run(parser.parse_args(["--config", str(path), *words]))


def _found(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, Any]]:
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return {line["check"]: line for line in lines}


def test_a_kiosk_of_no_hub_works_but_for_its_hub(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(_write(tmp_path), "--jsonl") == 1
    found = _found(capsys)
    states = {name: finding["state"] for name, finding in found.items()}
    assert states == {
        "configuration": "ok",
        "camera": "ok",
        "lamp": "ok",
        "disk_free_percent": states["disk_free_percent"],
        "backlog_entries": "ok",
        "damaged_journals": "ok",
        "clock_width_ms": "bad",
        "bundle_version": "bad",
    }
    assert "640×480" in found["camera"]["said"]
    assert "enrolment card" in found["bundle_version"]["advice"]


def test_what_is_bad_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(_write(tmp_path, camera="absent")) == 1
    said = capsys.readouterr().out
    assert "BAD camera: no camera is fitted\n      -> connect a camera" in said
    assert "ok  configuration" in said


def test_an_unknown_camera_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(_write(tmp_path, camera="rasberry"), "--jsonl") == 1
    found = _found(capsys)["configuration"]
    assert "there is no 'rasberry'" in found["said"]
    assert "raspberry" in found["advice"]


def test_a_wrong_configuration_lists_its_faults(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "kiosk.toml").write_text("[camra]\n[lamp]\nred = 1\n")
    assert _run(tmp_path / "kiosk.toml", "--jsonl") == 1
    found = _found(capsys)
    assert list(found) == ["configuration"]
    assert "2 fault(s)" in found["configuration"]["said"]


def test_what_waits_to_be_sent_is_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "state").mkdir()
    kiosk = Enrolled(tmp_path / "state")
    for _ in range(3):
        kiosk.record(b"visit")
    kiosk.journal.close()
    before = (tmp_path / "state" / "door.key").read_bytes()
    _run(_write(tmp_path), "--jsonl")
    assert "3 entries wait" in _found(capsys)["backlog_entries"]["said"]
    assert (tmp_path / "state" / "door.key").read_bytes() == before


def test_a_broken_journal_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "state" / "journal.db").mkdir(parents=True)
    assert _run(_write(tmp_path), "--jsonl") == 1
    found = _found(capsys)
    assert found["journal"]["state"] == "bad"
    assert "camera" in found


def test_a_damaged_journal_is_set_aside_and_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "journal.db").write_bytes(b"?" * 5000)
    assert _run(_write(tmp_path), "--jsonl") == 1
    found = _found(capsys)
    assert found["damaged_journals"]["state"] == "bad"
    assert found["backlog_entries"]["state"] == "ok"


def test_broken_keys_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "state").mkdir()
    kiosk = Enrolled(tmp_path / "state")
    kiosk.journal.close()
    store_keys(tmp_path / "state" / "door.key", kiosk.keys)
    (tmp_path / "state" / "door.key").write_bytes(b"short")
    assert _run(_write(tmp_path), "--jsonl") == 1
    assert "move it aside" in _found(capsys)["bundle_version"]["advice"]


def test_a_state_directory_that_cannot_be_used_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "state").write_text("a file")
    assert _run(_write(tmp_path), "--jsonl") == 1
    assert _found(capsys)["state_dir"]["state"] == "bad"


DOOR = {
    "caption": "Ready",
    "health": [{"check": "lamp", "state": "bad", "said": "it fails", "advice": "see the plug"}],
}


def test_a_door_that_runs_is_asked_for_what_it_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _write(tmp_path)
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "door.json").write_text(json.dumps(DOOR))
    with claim(directory(load(path).kiosk.state_dir)):
        assert _run(path, "--jsonl") == 1
    found = _found(capsys)
    assert found["door"]["said"] == "the door runs; it shows: Ready"
    assert found["lamp"] == {**DOOR["health"][0], "value": None}  # type: ignore[dict-item]


@pytest.mark.parametrize(
    "content", [None, "", "[]", "{}", '{"caption": 1, "health": 5}', '{"health": [{}]}', "null"]
)
def test_a_door_that_says_nothing_of_use_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    path = _write(tmp_path)
    (tmp_path / "run").mkdir()
    if content is not None:
        (tmp_path / "run" / "door.json").write_text(content)
    with claim(directory(load(path).kiosk.state_dir)):
        assert _run(path, "--jsonl") == 0
    assert _found(capsys)["door"]["state"] == "unknown"
