"""A new reference is put in place whole, or the old one stays."""

import contextlib
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlitedict import SqliteDict

from kiosk.errors import ReferenceFault
from kiosk.reference.shelf import publish, take_down


def test_what_is_published_is_taken_down(tmp_path: Path) -> None:
    path = tmp_path / "reference.db"
    for signed in (b"first", bytes(range(256)) * 4000):
        publish(signed, path)
        assert take_down(path) == signed
    assert [file.name for file in tmp_path.iterdir()] == ["reference.db"]


def test_nothing_published_is_none(tmp_path: Path) -> None:
    assert take_down(tmp_path / "reference.db") is None


def test_the_file_is_a_sqlitedict_of_json(tmp_path: Path) -> None:
    publish(b"signed", tmp_path / "reference.db")
    with contextlib.closing(sqlite3.connect(tmp_path / "reference.db")) as connection:
        assert connection.execute("SELECT * FROM reference").fetchall() == [
            ("signed", '"c2lnbmVk"')
        ]


def test_what_a_power_cut_left_beside_it_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / "reference.new").write_bytes(b"half a file")
    publish(b"signed", tmp_path / "reference.db")
    assert take_down(tmp_path / "reference.db") == b"signed"


@pytest.mark.parametrize("deadline_s", [0.001, 0.02])
def test_a_build_that_takes_too_long_leaves_the_old_one(tmp_path: Path, deadline_s: float) -> None:
    path = tmp_path / "reference.db"
    path.write_bytes(b"old")
    with pytest.raises(ReferenceFault, match="could not be built") as fault:
        publish(b"new", path, deadline_s=deadline_s)
    assert path.read_bytes() == b"old"
    assert "the old data stays in use" in fault.value.hint


def test_a_build_that_fails_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "reference.db"
    path.write_bytes(b"old")
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(ReferenceFault):
        publish(b"new", path)
    assert path.read_bytes() == b"old"


def test_a_place_that_is_missing_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ReferenceFault):
        publish(b"new", tmp_path / "absent" / "reference.db")


def test_the_file_is_on_the_card_before_it_gets_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []
    run, replace = subprocess.run, Path.replace

    def running(*words: object, **more: object) -> object:
        happened.append("build")
        return run(*words, **more)  # type: ignore[call-overload]

    def replacing(self: Path, target: Path) -> Path:
        happened.append("rename")
        return replace(self, target)

    monkeypatch.setattr(subprocess, "run", running)
    monkeypatch.setattr(Path, "replace", replacing)
    monkeypatch.setattr("kiosk.reference.shelf._sync", lambda path: happened.append(path.name))
    publish(b"new", tmp_path / "reference.db")
    assert happened == ["build", "reference.new", "rename", tmp_path.name]


def _damaged(content: bytes) -> dict[str, bytes]:
    return {
        "empty": b"",
        "garbage": b"x" * 5000,
        "header alone": content[:100],
        "half": content[: len(content) // 2],
        "free list": content[:36] + b"\0\0\0\5" + content[40:],
        "zeros": bytes(len(content)),
        "middle": content[:4096] + b"?" * 4096 + content[8192:],
    }


@pytest.mark.parametrize("damage", list(_damaged(b"")))
def test_a_damaged_file_is_a_fault_and_not_a_crash(tmp_path: Path, damage: str) -> None:
    """Nor does sqlitedict's own thread die of it, which pytest would tell."""
    path = tmp_path / "reference.db"
    publish(b"signed" * 2000, path)
    path.write_bytes(_damaged(path.read_bytes())[damage])
    with pytest.raises(ReferenceFault, match="cannot be read"):
        take_down(path)


@pytest.mark.parametrize("value", ["not base64!", 5, None, ["c2ln"]])
def test_another_content_is_a_fault(tmp_path: Path, value: object) -> None:
    path = tmp_path / "reference.db"
    publish(b"signed", path)
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE reference SET value=?", (json.dumps(value),))
    with pytest.raises(ReferenceFault, match="cannot be read"):
        take_down(path)


def test_a_pickle_is_never_opened(tmp_path: Path) -> None:
    path = tmp_path / "reference.db"
    with SqliteDict(str(path), tablename="reference") as pickled:
        pickled["signed"] = "c2lnbmVk"
        pickled.commit()
    with pytest.raises(ReferenceFault):
        take_down(path)
