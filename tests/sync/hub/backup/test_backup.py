"""What is in a backup, what is not, who may make one, and which ones stay."""

import json
import tarfile
from io import BytesIO
from pathlib import Path

import pyrage
import pytest
from pyrage.x25519 import Identity

from sync.hub.age_keys import read_identities
from sync.hub.backup.archive import read_archive
from sync.hub.backup.manifest import read_manifest
from sync.hub.errors import FaultyFile
from tests.sync.hub.backup.conftest import Backups, fails


def _names(path: Path, identity: Path) -> list[str]:
    plain = pyrage.decrypt(path.read_bytes(), read_identities(identity))
    with tarfile.open(fileobj=BytesIO(plain)) as archive:
        return archive.getnames()


def test_what_is_in_it(backups: Backups) -> None:
    """Any program that knows age and tar finds it; the root key is not there, and that is said."""
    said = backups.hub.run("backup", str(backups.folder))
    (path,) = backups.folder.iterdir()
    names = _names(path, backups.identity)
    assert names[0] == "manifest.json"
    assert {
        "database",
        "home/people.key",
        "home/identity.key",
        "home/secret.key",
        "home/keys/key-list",
    } <= set(names)
    assert len([name for name in names if name.endswith(".pem")]) == 4
    assert not [name for name in names if "offline-root" in name or "db.sqlite3" in name]
    assert "offline-root. Put it on two offline media" in said
    assert not list(backups.hub.home.glob(".backup-*"))


def test_it_is_checked_again_with_the_key_alone(backups: Backups) -> None:
    path = str(backups.take())
    words = ("backup", "--verify", path, "--identity", str(backups.identity))
    told = json.loads(backups.hub.run(*words, "--json"))
    assert told["database"] in {"sqlite", "postgresql"}
    assert "sound" in backups.hub.run(*words)


def test_nothing_is_written_without_a_key_to_seal_it_to(on_sqlite: Backups) -> None:
    (on_sqlite.hub.home / "backup.recipients").write_text("# nobody\n")
    assert "create-backup-key" in fails(on_sqlite.hub, "backup", str(on_sqlite.folder))
    (on_sqlite.hub.home / "backup.recipients").unlink()
    assert "create-backup-key" in fails(on_sqlite.hub, "backup", str(on_sqlite.folder))
    assert list(on_sqlite.folder.iterdir()) == []


def test_the_key_does_not_lie_beside_what_it_opens(on_sqlite: Backups) -> None:
    home = on_sqlite.hub.home
    assert "not in the hub's directory" in fails(
        on_sqlite.hub, "create-backup-key", str(home / "x")
    )
    assert "File exists" in fails(on_sqlite.hub, "create-backup-key", str(on_sqlite.identity))
    assert (home / "backup.recipients").read_text().count("age1") == 1


def test_a_second_key_opens_what_comes_after_it(on_sqlite: Backups, tmp_path: Path) -> None:
    before = on_sqlite.take()
    on_sqlite.hub.run("create-backup-key", str(tmp_path / "second.key"))
    before.rename(before.with_name("before.age"))
    after = on_sqlite.take()
    for identity in (on_sqlite.identity, tmp_path / "second.key"):
        assert "database" in _names(after, identity)
    words = ("--verify", str(before.with_name("before.age")), "--identity")
    assert "another key" in fails(on_sqlite.hub, "backup", *words, str(tmp_path / "second.key"))


def test_the_newest_stay(on_sqlite: Backups) -> None:
    """Others' files stay too; what was left of a backup that was cut off does not."""
    folder = on_sqlite.folder
    first = on_sqlite.take()
    own = first.name[: len("gapura-01234567")]
    old = [f"{own}-2026110{day}T010000Z.age" for day in range(1, 5)]
    cut_off = f".{own}-20261101T010000Z.age.0123abcd"
    others = ["gapura-ffffffff-20261101T010000Z.age", "other.age", "notes.txt"]
    for name in (*old, cut_off, *others):
        (folder / name).write_text("")
    first.unlink()
    newest = on_sqlite.take("--keep", "3")
    assert {path.name for path in folder.iterdir()} == {newest.name, *old[-2:], *others}


def test_no_file_is_overwritten(on_sqlite: Backups) -> None:
    path = on_sqlite.folder / "mine"
    path.write_text("mine")
    assert "there is such a file" in fails(on_sqlite.hub, "backup", str(path))
    assert "--keep is for a folder" in fails(on_sqlite.hub, "backup", str(path), "--keep", "2")
    assert path.read_text() == "mine"


def test_what_is_no_plain_file_is_told(on_sqlite: Backups) -> None:
    (on_sqlite.hub.home / "tls").symlink_to("/nowhere")
    told = json.loads(on_sqlite.hub.run("backup", str(on_sqlite.folder), "--json"))
    assert told["left_out"] == ["tls"]


def test_a_damaged_database_is_not_taken_for_a_backup(on_sqlite: Backups) -> None:
    database = on_sqlite.hub.home / "db.sqlite3"
    octets = bytearray(database.read_bytes())
    octets[8_192:90_000] = bytes(90_000 - 8_192)
    database.write_bytes(octets)
    said = fails(on_sqlite.hub, "backup", str(on_sqlite.folder))
    assert "damaged" in said or "cannot be" in said
    assert list(on_sqlite.folder.iterdir()) == []


def _forged(path: Path, identity: Identity, members: dict[str, bytes]) -> Path:
    plain = BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, BytesIO(content))
    path.write_bytes(pyrage.encrypt(plain.getvalue(), [identity.to_public()]))
    return path


@pytest.mark.parametrize(
    "name", ["../keys", "home/../../keys", "/etc/passwd", "home", "database/x", "other"]
)
def test_a_backup_leads_nowhere_else(name: str, tmp_path: Path) -> None:
    """Whoever knows the public key can make one."""
    identity = Identity.generate()
    manifest = json.dumps(
        {
            "format": 1,
            "made_at": "2026-11-02T03:00:00+00:00",
            "hub": "00",
            "software": "0",
            "database": "sqlite",
            "files": {name: {"size": 0, "sha256": ""}},
        }
    ).encode()
    forged = _forged(tmp_path / "forged", identity, {"manifest.json": manifest, name: b""})
    with pytest.raises(FaultyFile, match="manifest cannot be read"):
        read_archive(forged, [identity], tmp_path / "into")
    assert not (tmp_path / "into").exists()


@pytest.mark.parametrize(
    "members",
    [{}, {"manifest.json": b"[]"}, {"database": b""}, {"manifest.json": b'{"format": 2}'}],
)
def test_what_is_no_backup_is_told(members: dict[str, bytes], tmp_path: Path) -> None:
    identity = Identity.generate()
    with pytest.raises(FaultyFile):
        read_archive(_forged(tmp_path / "forged", identity, members), [identity])


def test_what_is_missing_added_or_another_is_told(tmp_path: Path) -> None:
    identity = Identity.generate()
    manifest = json.dumps(
        {
            "format": 1,
            "made_at": "2026-11-02T03:00:00+00:00",
            "hub": "00",
            "software": "0",
            "database": "sqlite",
            "files": {
                "database": {
                    "size": 1,
                    "sha256": "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb",
                }
            },
        }
    ).encode()
    assert read_manifest(manifest).files["database"].size == 1
    whole = {"manifest.json": manifest, "database": b"a"}
    assert read_archive(_forged(tmp_path / "f", identity, whole), [identity]).hub == "00"
    for other in ({"database": b"b"}, {"database": b"aa"}, {"home/x": b""}):
        changed = {**whole, **other}
        with pytest.raises(FaultyFile, match="is not what was put"):
            read_archive(_forged(tmp_path / "f", identity, changed), [identity])
    with pytest.raises(FaultyFile, match="lacks database"):
        read_archive(_forged(tmp_path / "f", identity, {"manifest.json": manifest}), [identity])
