"""Who was seen is kept under a keyed hash that is thrown away, and only together with an entry."""

from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from kiosk.journal.database import open_database, rows, scalar
from kiosk.journal.presence import PresenceTable
from kiosk.journal.sightings import Sighting
from sync.wire.visit import Direction
from tests.kiosk.enrolled import Enrolled

ANI, BUDI = b"cti-of-A", b"cti-of-B"


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[apsw.Connection]:
    connection = open_database(tmp_path / "journal.db")
    yield connection
    connection.close()


def test_what_was_noted_is_found_for_that_pass_alone(connection: apsw.Connection) -> None:
    table = PresenceTable(connection)
    table.note(ANI, Sighting(Direction.IN, slot=5), 1000)
    assert table.find(ANI) == Sighting(Direction.IN, slot=5)
    assert table.find(BUDI) is None


def test_the_direction_is_the_last_and_the_slot_the_highest(connection: apsw.Connection) -> None:
    table = PresenceTable(connection)
    table.note(ANI, Sighting(Direction.IN, slot=7), 1000)
    table.note(ANI, Sighting(Direction.OUT, slot=3), 2000)
    assert table.find(ANI) == Sighting(Direction.OUT, slot=7)
    assert scalar(connection, "SELECT seen_boot_ms FROM presence") == 2000


def test_the_tag_depends_on_a_key_of_this_card(tmp_path: Path) -> None:
    tags = []
    for name in ("one.db", "two.db"):
        connection = open_database(tmp_path / name)
        PresenceTable(connection).note(ANI, Sighting(Direction.IN), 0)
        tags.append(rows(connection, "SELECT tag FROM presence"))
        connection.close()
    assert tags[0] != tags[1]


def test_forgetting_leaves_neither_key_nor_rows(
    connection: apsw.Connection, tmp_path: Path
) -> None:
    table = PresenceTable(connection)
    table.note(ANI, Sighting(Direction.IN), 0)
    tag = scalar(connection, "SELECT tag FROM presence")
    key = scalar(connection, "SELECT value FROM fact WHERE name='presence_key'")
    with connection:
        table.forget_all()
    assert table.find(ANI) is None
    assert scalar(connection, "SELECT count(*) FROM presence") == 0
    table.note(ANI, Sighting(Direction.IN), 0)
    assert scalar(connection, "SELECT tag FROM presence") != tag
    connection.pragma("wal_checkpoint(TRUNCATE)")
    on_card = (tmp_path / "journal.db").read_bytes()
    assert key not in on_card
    assert tag not in on_card


def test_a_visit_notes_the_pass_and_outlives_a_restart(tmp_path: Path) -> None:
    kiosk = Enrolled(tmp_path)
    kiosk.record(b"visit", cti=ANI, sighting=Sighting(Direction.IN))
    kiosk.record(b"refusal")
    kiosk.restart()
    assert kiosk.journal.sighting(ANI) == Sighting(Direction.IN)
    kiosk.journal.close()
