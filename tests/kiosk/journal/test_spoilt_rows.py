"""What is spoilt in a row costs that row, and no start ever fails by it."""

from pathlib import Path

import pytest

from kiosk.journal.database import open_database, rows
from kiosk.journal.facts import MEMBERSHIP
from kiosk.journal.salvage import damaged_files
from sync.wire.batch import Anchor, AnchorSource
from tests.kiosk.enrolled import Enrolled, membership
from tests.kiosk.journal.damage import COUNT, PAGE_BYTES, arrived, damage, start


@pytest.fixture
def kiosk(damaged: Enrolled) -> Enrolled:
    return damaged


def _with_a_missing_value(path: Path, table: str, column: str) -> None:
    """What a torn page may look like: NULL where the schema has NOT NULL."""
    connection = open_database(path)
    ((sql,),) = rows(connection, "SELECT sql FROM sqlite_schema WHERE name=?", (table,))
    loose = sql.replace(f"{column} BLOB NOT NULL", f"{column} BLOB")
    for text in (loose, sql):
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("UPDATE sqlite_schema SET sql=? WHERE name=?", (text, table))
        connection.execute("PRAGMA writable_schema=RESET")
        if text is loose:
            connection.execute(f"UPDATE {table} SET {column}=NULL")
    connection.close()


@pytest.mark.parametrize(
    ("table", "column", "left"),
    [("fact", "value", COUNT), ("run", "signed", 0), ("entry", "body", 0), ("entry", "chain", 0)],
)
def test_a_value_that_is_missing_is_left_out(
    kiosk: Enrolled, table: str, column: str, left: int
) -> None:
    _with_a_missing_value(kiosk.path, table, column)
    damage(kiosk.path, 9 * PAGE_BYTES, PAGE_BYTES)
    start(kiosk)
    assert len(arrived(kiosk)) == left
    kiosk.record(b"the next visit")


@pytest.mark.parametrize("column", ["boot_ms", "nonce", "kind", "clock"])
def test_a_number_that_no_hub_can_read_holds_up_no_other(kiosk: Enrolled, column: str) -> None:
    connection = open_database(kiosk.path)
    connection.execute(f"UPDATE entry SET {column}=-1 WHERE seq=120")
    connection.close()
    start(kiosk)
    assert arrived(kiosk) == [number for number in range(COUNT) if number != 119]


def test_a_damaged_file_and_its_log_are_kept_as_they_were(kiosk: Enrolled) -> None:
    start(kiosk)
    kiosk.record(b"300")
    names = ("journal.db", "journal.db-wal")
    cut = {name: (kiosk.state_dir / name).read_bytes() for name in names}
    kiosk.journal.close()
    for name, content in cut.items():
        (kiosk.state_dir / name).write_bytes(content)
    cut["journal.db"] = damage(kiosk.path, 9 * PAGE_BYTES, PAGE_BYTES)
    start(kiosk)
    (aside,) = damaged_files(kiosk.state_dir)
    assert {file.name: file.read_bytes() for file in aside.iterdir()} == cut
    assert arrived(kiosk) == list(range(COUNT + 1))


def _spoil_fact(kiosk: Enrolled, name: str, value: bytes) -> None:
    connection = open_database(kiosk.path)
    connection.execute("UPDATE fact SET value=? WHERE name=?", (value, name))
    connection.close()


def test_a_membership_that_cannot_be_read_is_damage_and_its_copy_is_taken(kiosk: Enrolled) -> None:
    _spoil_fact(kiosk, MEMBERSHIP, b"\x00")
    start(kiosk)
    assert len(damaged_files(kiosk.state_dir)) == 1
    assert kiosk.journal.membership() == membership(kiosk.hub, kiosk.keys)
    assert arrived(kiosk) == list(range(COUNT))


def test_what_is_no_fact_is_left_out(kiosk: Enrolled) -> None:
    start(kiosk)
    kiosk.journal.begin_day(20_000)
    kiosk.journal.raise_floor(kiosk.clock.wall_ms)
    kiosk.journal.close()
    _spoil_fact(kiosk, "floor_ms", b"\xff\xff")
    damage(kiosk.path, 9 * PAGE_BYTES, PAGE_BYTES)
    start(kiosk)
    assert kiosk.journal.now(kiosk.clock.moment()).earliest_ms == 0


def test_entries_of_a_run_that_is_spoilt_stay_in_the_file_set_aside(kiosk: Enrolled) -> None:
    connection = open_database(kiosk.path)
    connection.execute("UPDATE run SET signed=x'00' WHERE run_no=2")
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("DELETE FROM identity")
    connection.close()
    damage(kiosk.path, 9 * PAGE_BYTES, PAGE_BYTES)
    start(kiosk)
    assert arrived(kiosk) == [number for number in range(COUNT) if not 50 <= number < 150]
    assert len(damaged_files(kiosk.state_dir)) == 1


def test_what_was_known_of_the_time_dates_what_is_carried(kiosk: Enrolled) -> None:
    """And the hub is told of it anew: nobody knows any more what it was told."""
    start(kiosk)
    moment = kiosk.clock.moment()
    told = Anchor(moment.boot_id, moment.boot_ms, moment.wall_ms, 900, AnchorSource.NTP)
    kiosk.journal.add_anchor(told, moment)
    kiosk.deliver(kiosk.hub.receipt(kiosk.batch(), acked_through=0, chain=bytes(32)))
    kiosk.journal.close()
    damage(kiosk.path, 9 * PAGE_BYTES, PAGE_BYTES)
    start(kiosk)
    assert kiosk.journal.now(moment).width_ms is not None
    assert told in kiosk.batch().anchors
