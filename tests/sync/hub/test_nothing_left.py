"""After retention and a deletion nothing of a person is in any file, and the log still verifies."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command

from kiosk.passes.claims import ANY_UNIT, PassType
from sync.hub.backup.database_copy import copy_database
from sync.hub.database_url import DatabaseSettings, parse_database_url, sqlite_at
from sync.hub.keyring import Keyring
from sync.hub.people.issuing import Order, issue
from sync.hub.people.look_ups import record
from sync.hub.people.models import Subject
from sync.hub.people.revocation import revoked_octets
from sync.hub.privacy.audit import seal, verify
from sync.hub.privacy.erasing import erase
from sync.hub.privacy.forgetting import forget_person
from sync.hub.privacy.retention import retain
from sync.hub.web.roles import Role
from tests.sync.hub.conftest import NOW, chosen
from tests.sync.hub.fake_door import an_enrolled_door, take
from tests.sync.hub.operators import an_operator
from tests.sync.hub.postgres_server import PostgresServer, find_programs

_NAME = "Siti Rahayu Purnamawati"
# Segments that are used again keep what they held, and no file shows whose it was.
_SETTINGS = ("wal_recycle=off", "min_wal_size=32MB", "autovacuum=off")


def a_person(keyring: Keyring, name: str) -> tuple[Subject, bytes]:
    ends = NOW + timedelta(days=5)
    issued = issue(Order(PassType.VISITOR, name, NOW, ends, ANY_UNIT), keyring, NOW)
    return Subject.objects.get(sub=issued.claims.sub), issued.claims.cti


def live(keyring: Keyring) -> tuple[list[bytes], list[bytes]]:
    """Have one who is to be deleted and one whom retention forgets come and be looked up; return
    what must not be found later, and the cti of a pass that must still be refused.
    """
    gone, gone_cti = a_person(keyring, _NAME)
    old, old_cti = a_person(keyring, "Bambang Tri Atmodjo")
    door = an_enrolled_door(keyring)
    for subject, cti in ((gone, gone_cti), (old, old_cti)):
        for _ in range(20):
            door.see(sub=subject.sub, cti=cti, pass_type=int(PassType.VISITOR))
    take(door.send())
    record(an_operator(Role.TRACING), "people", [gone, old], NOW, f"mencari {_NAME}")
    subs = [gone.sub, gone_cti, old.sub]
    return [_NAME.encode(), *subs, *(one.hex().encode() for one in subs)], [gone_cti]


def forget(withdrawn: list[bytes]) -> None:
    gone = next(one for one in Subject.objects.all() if one.label == _NAME)
    forget_person(gone, NOW)
    forget_person(Subject.objects.get(), NOW)
    # Sealed, for as long as doors must refuse it.
    assert withdrawn[0] in revoked_octets(NOW)
    retain(NOW + timedelta(days=4))
    erase(rewrite=True)
    seal(NOW)


def found(needles: list[bytes], *folders: Path) -> set[tuple[str, bytes]]:
    return {
        (path.name, needle)
        for folder in folders
        for path in (folder.rglob("*") if folder.is_dir() else [folder])
        if path.is_file()
        for needle in needles
        if needle in path.read_bytes()
    }


@contextmanager
def on(database: DatabaseSettings) -> Iterator[None]:
    with chosen(database):
        call_command("migrate", verbosity=0, interactive=False)
        yield


@pytest.mark.long
def test_sqlite(tmp_path: Path, keyring: Keyring) -> None:
    database = sqlite_at(tmp_path / "hub" / "db.sqlite3")
    (tmp_path / "hub").mkdir()
    with on(database):
        needles, withdrawn = live(keyring)
        assert {needle for _, needle in found(needles, tmp_path)} == {*needles[1:4]}
        forget(withdrawn)
        copy_database(database, tmp_path / "backup")
        assert found(needles, tmp_path) == set()
        assert verify().number > 0


@pytest.mark.skipif(find_programs() is None, reason="no PostgreSQL server is installed")
def test_postgresql(tmp_path: Path, keyring: Keyring) -> None:
    """Its tables, its statistics, its log of writes and a dump."""
    with PostgresServer(settings=_SETTINGS) as server:
        database = parse_database_url(server.create_database("hub"))
        with on(database):
            needles, withdrawn = live(keyring)
            checkpoint(server)
            assert {needle for _, needle in found(needles, server.data)} >= {*needles[1:4]}
            forget(withdrawn)
            assert verify().number > 0
        checkpoint(server)
        dump = tmp_path / "dump.sql"
        dump.write_text(server.run("pg_dump", "--dbname", server.url("hub")))
        assert "people_subject" in dump.read_text()
        assert found(needles, server.folder, dump) == set()


def checkpoint(server: PostgresServer) -> None:
    """Bring all to the tables' files, and take away what of the log of writes is done with."""
    with closing(psycopg.connect(server.url(), autocommit=True)) as admin:
        for statement in ("CHECKPOINT", "SELECT pg_switch_wal()", "CHECKPOINT", "CHECKPOINT"):
            admin.execute(statement)
