"""The journal opens only where a commit that returned is on the card, and says why it does not."""

from pathlib import Path

import apsw
import pytest
from pytest_mock import MockerFixture

from kiosk.errors import JournalDamaged, JournalFault, JournalFull
from kiosk.journal import schema
from kiosk.journal.database import open_database, rows, translated
from tests.kiosk.journal.card import faulty_card


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("trusted_schema", 0),
        ("temp_store", 2),
        ("user_version", schema.VERSION),
    ],
)
def test_a_pragma_is_in_force(tmp_path: Path, pragma: str, value: object) -> None:
    connection = open_database(tmp_path / "journal.db")
    assert connection.pragma(pragma) == value
    connection.close()


def test_the_pragmas_are_set_anew_at_every_opening(tmp_path: Path) -> None:
    open_database(tmp_path / "journal.db").close()
    connection = open_database(tmp_path / "journal.db")
    assert connection.pragma("synchronous") == 2
    assert connection.pragma("foreign_keys") == 1
    connection.close()


def test_a_place_that_keeps_no_write_ahead_log_is_refused() -> None:
    with pytest.raises(JournalFault, match="journal_mode is 'memory'") as fault:
        open_database(Path(":memory:"))
    assert "ext4" in fault.value.hint


def test_every_table_is_strict(tmp_path: Path) -> None:
    connection = open_database(tmp_path / "journal.db")
    tables = rows(connection, "SELECT name, strict FROM pragma_table_list WHERE schema='main'")
    ours = {name: strict for name, strict in tables if not name.startswith("sqlite_")}
    assert set(ours) == {"fact", "identity", "run", "entry", "anchor", "rejected", "presence"} | {
        "progress",
        "settlement",
    }
    assert set(ours.values()) == {1}
    with pytest.raises(apsw.ConstraintError):
        connection.execute("INSERT INTO presence VALUES(x'00', 'in', 0, 0)")
    connection.close()


def test_an_entry_without_its_run_is_refused(tmp_path: Path) -> None:
    connection = open_database(tmp_path / "journal.db")
    with pytest.raises(apsw.ConstraintError):
        connection.execute("INSERT INTO entry VALUES(1,1,1,0,0,0,1,1,x'00',x'00')")
    connection.close()


def test_an_old_sqlite_is_refused(tmp_path: Path, mocker: MockerFixture) -> None:
    mocker.patch.object(apsw, "SQLITE_VERSION_NUMBER", 3_051_002)
    with pytest.raises(JournalFault, match="older than the journal needs"):
        open_database(tmp_path / "journal.db")
    assert not (tmp_path / "journal.db").exists()


@pytest.mark.parametrize("mode", ["wal", "delete"])
def test_a_newer_version_is_refused_untouched(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "journal.db"
    newer = apsw.Connection(str(path))
    newer.execute(f"PRAGMA journal_mode={mode}")
    newer.execute("CREATE TABLE entry(something_else)")
    newer.execute(f"PRAGMA user_version={schema.VERSION + 1}")
    newer.close()
    before = path.read_bytes()
    with pytest.raises(JournalFault, match="newer version") as fault:
        open_database(path)
    assert path.read_bytes() == before
    assert "nothing has been changed" in fault.value.hint


@pytest.mark.parametrize(
    "content", [b"not a database at all" * 50, b"SQLite format 3\0" + b"?" * 5000]
)
def test_a_damaged_file_is_a_fault_and_is_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(content)
    with pytest.raises(JournalDamaged, match="the journal is damaged") as fault:
        open_database(path)
    assert path.read_bytes() == content
    assert "replace the card" in fault.value.hint


def test_a_directory_that_is_missing_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(JournalFault):
        open_database(tmp_path / "absent" / "journal.db")


def test_a_full_card_is_told_from_a_broken_one(tmp_path: Path) -> None:
    connection = open_database(tmp_path / "journal.db")
    connection.execute(f"PRAGMA max_page_count={connection.pragma('page_count')}")
    with pytest.raises(JournalFull) as full, translated():
        connection.execute("INSERT INTO fact VALUES('big', zeroblob(100000))")
    assert "make room" in full.value.hint
    with pytest.raises(JournalFault) as broken, translated():
        raise OSError("input/output error")
    assert not isinstance(broken.value, JournalFull)
    connection.close()


def test_a_card_that_is_full_from_the_start_leaves_no_half_schema(tmp_path: Path) -> None:
    with faulty_card() as card:
        card.full = True
        with pytest.raises(JournalFull):
            open_database(tmp_path / "journal.db")
        card.full = False
        connection = open_database(tmp_path / "journal.db")
        assert connection.pragma("user_version") == schema.VERSION
        connection.close()
