"""Who was seen is kept under a keyed hash that is thrown away, and only together with an entry."""

from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from kiosk.errors import JournalFault
from kiosk.journal.database import open_database, rows, scalar
from kiosk.journal.presence import PresenceTable
from kiosk.journal.sightings import Sighting
from sync.wire.entry import WallClock
from sync.wire.visit import Direction, read_assisted
from tests.kiosk.enrolled import Enrolled
from tests.kiosk.journal.card import faulty_card

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
    tag = scalar(connection, "SELECT tag FROM presence LIMIT 1")
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


def _on_card(state_dir: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(state_dir.glob("journal.db*")))


def _kept(path: Path) -> tuple[bytes, bytes]:
    """Return the key and the tag that lie on the card, read by another program."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    key = scalar(connection, "SELECT value FROM fact WHERE name='presence_key'")
    tag = scalar(connection, "SELECT tag FROM presence LIMIT 1")
    connection.close()
    assert isinstance(key, bytes)
    assert isinstance(tag, bytes)
    return key, tag


def test_after_the_night_neither_key_nor_tag_is_on_the_card(tmp_path: Path) -> None:
    """Not in the database, not in its log: while the process runs on, and after it."""
    kiosk = Enrolled(tmp_path)
    kiosk.journal.begin_day(1)
    for number in range(50):
        kiosk.record(b"visit", cti=b"cti-%04d" % number, sighting=Sighting(Direction.IN))
    key, tag = _kept(kiosk.path)
    assert key in _on_card(tmp_path)
    assert tag in _on_card(tmp_path)
    kiosk.journal.begin_day(2)
    for _ in range(2):
        assert key not in _on_card(tmp_path)
        assert tag not in _on_card(tmp_path)
        kiosk.restart()
    assert kiosk.journal.count_inside() == 0
    assert kiosk.journal.backlog() == 50
    kiosk.journal.close()


def test_a_day_is_begun_once(tmp_path: Path) -> None:
    kiosk = Enrolled(tmp_path)
    kiosk.journal.begin_day(7)
    kiosk.record(b"visit", cti=ANI, sighting=Sighting(Direction.IN))
    kiosk.journal.begin_day(7)
    kiosk.restart()
    kiosk.journal.begin_day(7)
    assert kiosk.journal.sighting(ANI) == Sighting(Direction.IN)
    kiosk.journal.begin_day(6)
    assert kiosk.journal.sighting(ANI) is None
    kiosk.journal.close()


def test_only_who_was_last_seen_to_come_in_is_inside(tmp_path: Path) -> None:
    kiosk = Enrolled(tmp_path)
    for cti, direction in (
        (ANI, Direction.IN),
        (BUDI, Direction.IN),
        (BUDI, Direction.OUT),
        (b"cti-of-C", Direction.UNKNOWN),
        (ANI, Direction.UNKNOWN),
    ):
        kiosk.record(b"visit", cti=cti, sighting=Sighting(direction))
    assert kiosk.journal.count_inside() == 1
    assert kiosk.journal.sighting(ANI) == Sighting(Direction.IN)
    kiosk.journal.close()


def test_a_press_is_numbered_only_with_its_entry(tmp_path: Path) -> None:
    kiosk = Enrolled(tmp_path)

    def press(cti: bytes | None = None) -> int:
        return kiosk.journal.record_assisted(
            kiosk.clock.moment(), WallClock.UNSET, of_seq=None, cti=cti, direction=Direction.IN
        )

    assert [press(), press(ANI)] == [1, 2]
    assert kiosk.journal.sighting(ANI) == Sighting(Direction.IN)
    kiosk.send()
    assert [read_assisted(body).number for body in kiosk.bodies()] == [1, 2]
    kiosk.journal.close()
    with faulty_card() as card:
        kiosk.open()
        kiosk.begin_run()
        card.full = True
        with pytest.raises(JournalFault):
            press(BUDI)
        card.full = False
        assert kiosk.journal.sighting(BUDI) is None
        press()
        kiosk.send()
        assert [read_assisted(body).number for body in kiosk.bodies()] == [1, 2, 3]
        kiosk.journal.close()


def test_a_press_before_a_run_is_refused(tmp_path: Path) -> None:
    kiosk = Enrolled(tmp_path)
    kiosk.journal.close()
    kiosk.open()
    with pytest.raises(JournalFault, match="no run"):
        kiosk.journal.record_assisted(
            kiosk.clock.moment(),
            WallClock.UNSET,
            of_seq=None,
            cti=None,
            direction=Direction.IN,
        )
    kiosk.journal.close()
