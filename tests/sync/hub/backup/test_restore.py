"""Yesterday's backup in a new place: kiosks bring back what the hub lost, each entry once."""

import json
from pathlib import Path

import pytest

from tests.sync.hub.backup.conftest import Backups, fails, status_of, without_programs
from tests.sync.hub.fake_door import take
from tests.sync.hub.hub_process import HttpClient
from tests.sync.hub.load import Sender, missing_entries


def test_a_restored_hub_has_all_that_its_kiosks_still_have(backups: Backups) -> None:
    hub, other = backups.hub, backups.other
    door = hub.a_door("Pintu utara", hub.serve())
    door.see(100)
    take(door.send(1, 60))
    backup = backups.take()
    assert take(door.send(61)).acked_through == 100
    hub.stop()

    backups.restore(backup)
    other.run("migrate")
    door.client = HttpClient(other.serve())
    receipt = take(door.heartbeat(acked_through=100))
    assert (receipt.acked_through, receipt.missing) == (60, ((61, 100),))
    door.see(20)
    assert take(door.send(61)).acked_through == 120

    found = status_of(other)
    (device,) = found["devices"]
    (epoch,) = device["epochs"]
    assert (found["visits"], found["entries"], found["conflicts"]) == (120, 120, 0)
    assert (epoch["acked_through"], epoch["gaps"], epoch["rejected"]) == (120, [], 0)
    if backups.server is not None:
        dsn = f"host={backups.server.folder} user=gapura dbname=other"
        assert missing_entries(dsn, [Sender(door, 120)]) == []


@pytest.mark.long
def test_what_people_did_since_is_lost_and_can_be_done_again(backups: Backups) -> None:
    """Restoring says so. A door that knew a newer version keeps it until somebody has confirmed
    that all was done again, and then takes what it is told.
    """
    hub, other = backups.hub, backups.other
    words = ("issue-pass", "--type", "visitor", "--label", "Budi", "--days", "1", "--json")
    cti = json.loads(hub.run(*words))["cti"]
    door = hub.a_door("Pintu utara", hub.serve())
    backup = backups.take()
    hub.run("revoke-pass", cti)
    told = door.heartbeat().bundle
    assert told is not None
    assert bytes.fromhex(cti) in told.revoked
    door.bundle_version = told.version
    hub.stop()

    said = backups.restore(backup)
    assert "revoke passes, kiosks and keys that were revoked since" in said
    assert "confirm-restore" in other.run("migrate")
    (one,) = json.loads(other.run("list-passes", "--json"))["passes"]
    assert (one["cti"], one["label"], one["revoked"]) == (cti, "Budi", None)
    door.client = HttpClient(other.serve())
    assert door.heartbeat().bundle is None
    assert json.loads(other.run("revoke-pass", cti, "--json"))["revoked"] == [cti]
    assert door.heartbeat().bundle is None
    assert len(json.loads(other.run("confirm-restore", "--json"))["confirmed"]) == 1
    assert json.loads(other.run("confirm-restore", "--json"))["confirmed"] == []
    again = door.heartbeat().bundle
    assert again is not None
    assert again.version > told.version
    assert bytes.fromhex(cti) in again.revoked


def test_all_that_was_made_by_hand_comes_back_with_its_mode(on_sqlite: Backups) -> None:
    home, restored = on_sqlite.hub.home, on_sqlite.other.home
    on_sqlite.hub.run("create-certificate", "--name", "hub.example.go.id")
    for name in ("notify", "metrics.token"):
        (home / name).write_text("a word of more than twenty characters\n")
        (home / name).chmod(0o600)
    on_sqlite.restore(on_sqlite.take())
    wanted = _files(home)
    found = _files(restored)
    assert found.pop(".restored")[0] & 0o777 == 0o600
    assert found == wanted
    assert {"people.key", "secret.key", "keys/key-list", "tls/ca.key", "notify"} <= set(wanted)
    assert not (restored / "keys" / "offline-root").exists()


def _files(home: Path) -> dict[str, tuple[int, bytes]]:
    paths = [path for path in home.rglob("*") if path.is_file()]
    kept = [path for path in paths if not path.name.startswith("db.sqlite3")]
    return {
        path.relative_to(home).as_posix(): (path.stat().st_mode, path.read_bytes())
        for path in kept
        if "offline-root" not in path.parts
    }


def test_a_restore_changes_no_hub_that_there_is(backups: Backups) -> None:
    """Neither its directory nor its database."""
    path, identity = str(backups.take()), str(backups.identity)
    said = fails(backups.hub, "restore", path, "--identity", identity)
    assert "not empty" in said
    assert "mv " in said
    backups.hub.home.rename(backups.hub.home.with_name("aside"))
    if backups.server is not None:
        said = fails(backups.hub, "restore", path, "--identity", identity)
        assert "is not empty; make an empty one with createdb" in said
        assert not backups.hub.home.exists()


@pytest.mark.long
def test_of_a_bent_backup_nothing_is_restored(on_sqlite: Backups) -> None:
    path = on_sqlite.take()
    octets = bytearray(path.read_bytes())
    octets[-5] ^= 1
    path.write_bytes(octets)
    said = fails(on_sqlite.other, "restore", str(path), "--identity", str(on_sqlite.identity))
    assert "damaged or cut off" in said
    assert list(on_sqlite.other.home.iterdir()) == []
    on_sqlite.restore(on_sqlite.take("--keep", "1"))


def test_a_backup_goes_into_a_database_of_its_own_kind(on_sqlite: Backups, tmp_path: Path) -> None:
    path = on_sqlite.take()
    on_sqlite.other.environment["DATABASE_URL"] = f"sqlite:///{tmp_path}/elsewhere/db.sqlite3"
    on_sqlite.restore(path)
    assert (tmp_path / "elsewhere" / "db.sqlite3").exists()
    assert not (on_sqlite.other.home / "db.sqlite3").exists()


def test_what_a_restore_left_that_was_cut_off_is_taken_for_no_hub(on_sqlite: Backups) -> None:
    """Otherwise `migrate` would make new keys beside half of the old ones."""
    on_sqlite.other.home.mkdir()
    (on_sqlite.other.home / ".restoring-abc").mkdir()
    assert "a restore was cut off" in fails(on_sqlite.other, "migrate")
    assert not (on_sqlite.other.home / "keys").exists()


def test_without_the_programs_of_postgresql_it_is_said_what_to_install(
    backups: Backups, tmp_path: Path
) -> None:
    if backups.server is None:
        pytest.skip("SQLite needs none")
    without_programs(backups.hub, tmp_path / "nothing")
    assert "postgresql-client" in fails(backups.hub, "backup", str(backups.folder))
    assert list(backups.folder.iterdir()) == []
