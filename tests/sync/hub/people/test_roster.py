from datetime import timedelta

import pytest

from kiosk.passes.roster import HASH_BYTES, ROW_BYTES
from sync.hub.errors import CommandFault
from sync.hub.people import roster as roster_module
from sync.hub.people.models import Roster, Subject
from sync.hub.people.roster import Imported, import_roster, roster_table
from sync.hub.people.roster_file import Person, read_roster_file
from tests.sync.hub.conftest import NOW

_NIP = "198501012010011001"


@pytest.fixture
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roster_module, "COST", 2)


def a_file(*rows: str) -> bytes:
    return "\n".join(["identifier,label", *rows]).encode()


def read_faults(content: bytes) -> str:
    with pytest.raises(CommandFault) as caught:
        read_roster_file(content)
    return str(caught.value)


def test_a_file_is_read_with_its_shapes() -> None:
    """The forms that a door will look up: an alphabet of letters holds digits too."""
    file = read_roster_file(a_file(f"{_NIP},Siti", "12345678,Agus", "ktp00001, Dewi ", ""))
    assert file.people[2] == Person("KTP00001", "Dewi")
    assert file.shapes == (("alphanumeric", 8), ("digits", 18))
    assert read_roster_file(a_file("ktp00001,A", "12345678,B")).shapes == (("alphanumeric", 8),)


def test_a_file_may_come_from_any_spreadsheet() -> None:
    """With a byte order mark, semicolons, line ends of Windows, columns in the other order."""
    content = '\ufefflabel;identifier\r\n"Rahayu; Siti";12345678\r\n'.encode()
    assert read_roster_file(content).people == (Person("12345678", "Rahayu; Siti"),)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("123,Siti", "identifier: must be 4 to 64"),
        (f"{'1' * 65},Siti", "identifier"),
        ("1.98501E+17,Siti", "identifier"),
        ("１２３４５６,Siti", "identifier"),
        (",Siti", "identifier"),
        ("12345678,", "label"),
        (f"12345678,{'x' * 201}", "label"),
        ("12345678,Si\x00ti", "label"),
        ("12345678", "2 cells"),
        ("12345678,Siti,3", "2 cells"),
        ("abcd1234,Siti", "the same as in line 2"),
    ],
)
def test_a_fault_is_told_with_its_line(row: str, why: str) -> None:
    """And never with what stands there."""
    told = read_faults(a_file("ABCD1234,Agus", row, "87654321,Dewi"))
    assert f"line 3: {why}" in told or (why in told and "line 3" in told)
    assert "Siti" not in told
    assert "12345678" not in told


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "names of two columns"),
        (b"nip,nama\n1,2\n", "identifier,label"),
        (b"identifier,label\n", "nobody"),
        (b"identifier,label\n\xff", "UTF-8"),
        (b'identifier,label\n12345678,"' + b"x" * 140_000 + b'"\n', "line"),
    ],
)
def test_what_is_no_roster_at_all_is_told(content: bytes, why: str) -> None:
    """With what is expected instead."""
    assert why in read_faults(content)


def test_every_fault_is_told_up_to_a_number() -> None:
    """A file of the wrong kind does not fill the screen."""
    told = read_faults(a_file(*(["x"] * 30)))
    assert told.count("line ") == 20
    assert "and 10 more" in told


def test_a_door_knows_so_many_lengths_only() -> None:
    """As many as a bundle holds."""
    rows = [f"{'1' * length},Siti" for length in range(4, 21)]
    assert "more than 16 lengths" in read_faults(a_file(*rows))


@pytest.mark.usefixtures("_cheap")
def test_people_stay_the_same_subjects() -> None:
    """Over imports: who stays is the same person, who leaves keeps the visits that were."""
    first = import_roster(read_roster_file(a_file("12345678,Siti", "87654321,Agus")), NOW)
    assert first == Imported(added=2, kept=0, left=0)
    subs = dict(Subject.objects.values_list("label", "sub"))
    later = NOW + timedelta(days=1)
    again = import_roster(read_roster_file(a_file("12345678,Siti Rahayu", "11112222,Dewi")), later)
    assert again == Imported(added=1, kept=1, left=1)
    assert Subject.objects.get(sub=subs["Siti"]).label == "Siti Rahayu"
    assert Subject.objects.get(sub=subs["Agus"]).label == "Agus"
    table = roster_table()
    assert table is not None
    starts = range(0, len(table.rows), ROW_BYTES)
    hashes = [table.rows[start : start + HASH_BYTES] for start in starts]
    assert hashes == sorted(hashes)
    assert len(hashes) == 2


def test_the_number_itself_is_kept_nowhere() -> None:
    """Only its slow hash, at the cost that a door can bear."""
    import_roster(read_roster_file(a_file(f"{_NIP},Siti")), NOW)
    row = Roster.objects.get()
    assert (row.cost, len(row.rows), row.shapes) == (16_384, ROW_BYTES, [["digits", 18]])
    stored = [*Roster.objects.values_list(), *Subject.objects.values_list()]
    assert _NIP not in repr(stored)


def test_there_is_no_roster_before_one_is_imported() -> None:
    assert roster_table() is None
