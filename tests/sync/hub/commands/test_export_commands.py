"""Keys for lists of contacts, and the lists; counting visits anew."""

import json
import stat
from pathlib import Path

import pyrage
import pytest
from pyrage.x25519 import Recipient

from sync.hub.__main__ import main
from sync.hub.home import Home
from sync.hub.tracing.models import HourCount
from tests.sync.hub.tracing.regency import a_door, see


def run(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    assert main([*words, "--json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_a_sealed_list_is_opened_where_its_key_is(
    own_home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With either of two keys; the table is nobody else's, and written over nothing."""
    keys = [tmp_path / "first.key", tmp_path / "second.key"]
    public = [run(capsys, "create-export-key", str(key))["public_key"] for key in keys]
    lines = own_home.tracing_recipients.read_text().splitlines()
    assert lines == public
    assert stat.S_IMODE(keys[0].stat().st_mode) == 0o600
    sealed, table = tmp_path / "kontak.csv.age", tmp_path / "kontak.csv"
    sealed.write_bytes(pyrage.encrypt(b"Siti,60", [Recipient.from_str(line) for line in lines]))
    for key in keys:
        words = ("open-export", str(sealed), "--identity", str(key), "--into", str(table))
        assert run(capsys, *words) == {"file": str(table), "bytes": 7}
        assert table.read_bytes() == b"Siti,60"
        assert stat.S_IMODE(table.stat().st_mode) == 0o600
        assert main(list(words)) == 2
        table.unlink()


def test_what_cannot_be_opened_is_told(
    own_home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No list, one that is missing or damaged, another key; and nothing is written."""
    key, other = tmp_path / "key", tmp_path / "other"
    for path in (key, other):
        run(capsys, "create-export-key", str(path))
    first = own_home.tracing_recipients.read_text().splitlines()[0]
    good = pyrage.encrypt(b"Siti,60", [Recipient.from_str(first)])
    sealed, table = tmp_path / "sealed", tmp_path / "table"
    for content, identity, code, said in (
        (b"Siti,60", key, 1, "not a sealed list"),
        (good[:-1], key, 2, "damaged"),
        (good, other, 2, "another key"),
        (good, tmp_path / "none", 2, "No such file"),
    ):
        sealed.write_bytes(content)
        words = ["open-export", str(sealed), "--identity", str(identity), "--into", str(table)]
        assert main(words) == code
        assert said in capsys.readouterr().err
    assert not table.exists()


def test_a_key_is_not_made_where_the_lists_are(
    own_home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["create-export-key", str(own_home.path / "key")]) == 2
    assert "not in the hub's directory" in capsys.readouterr().err
    assert not own_home.tracing_recipients.exists()


def test_visits_are_counted_anew(capsys: pytest.CaptureFixture[str]) -> None:
    see(a_door(), b"somebody", 9)
    assert run(capsys, "count-visits") == {"days": 1}
    assert HourCount.objects.get().count == 1
