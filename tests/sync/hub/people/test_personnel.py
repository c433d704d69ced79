import io
import random
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from sync.hub.errors import FaultyFile
from sync.hub.fleet.models import Office
from sync.hub.people.models import Person, PersonKind
from sync.hub.people.personnel import Taken, compare, number_hash, take_over
from sync.hub.people.personnel_file import (
    MAX_BYTES,
    MAX_ROWS,
    Listed,
    PersonnelFile,
    read_personnel_file,
)
from tests.sync.hub.conftest import NOW
from tests.sync.hub.people.personnel_lists import BUDI, HEADINGS, SITI, Row, as_csv, as_workbook

_OFFICES = {"dinas kesehatan": 7}
_KEY = b"k" * 64
_SITI = Listed("Siti Rahayu", 7, "198501012010012001", PersonKind.ASN)
_BUDI = Listed("Budi Santoso", 7, "THL0042", PersonKind.NON_ASN)


def read(content: bytes) -> PersonnelFile:
    return read_personnel_file(content, _OFFICES)


def faults(content: bytes) -> list[tuple[int, str]]:
    return [(fault.row, str(fault.said)) for fault in read(content).faults]


@pytest.mark.parametrize("write", [as_csv, as_workbook])
@pytest.mark.parametrize(
    "headings", [HEADINGS, ("Name", "Office", "Number", "Kind"), (" NAMA ", "Opd", "nip", "jenis")]
)
def test_both_kinds_of_file_in_both_languages(write: Callable[..., bytes], headings: Row) -> None:
    """Whatever the office's spreadsheet is set to."""
    assert read(write(SITI, BUDI, headings=headings)).people == (_SITI, _BUDI)


@pytest.mark.parametrize(
    "content",
    [
        as_csv(SITI, delimiter=";"),
        as_csv(SITI, delimiter="\t"),
        b"\xef\xbb\xbf" + as_csv(SITI),
        as_csv(SITI).decode().encode("utf-16"),
        as_csv(("x", *SITI), headings=("No", *HEADINGS)),
        as_csv((), SITI, ("", "", "", "")),
    ],
)
def test_what_spreadsheets_make_of_csv(content: bytes) -> None:
    """Other separators, marks, columns of no meaning here, and empty rows."""
    assert read(content).people == (_SITI,)


@pytest.mark.parametrize("write", [as_csv, as_workbook])
def test_every_fault_is_told_with_its_row(write: Callable[..., bytes]) -> None:
    """All at once; what the row holds is not repeated."""
    rows = [
        SITI,
        ("", "Dinas Kesehatan", "123456", "ASN"),
        ("Agus", "Dinas Laut", "12", "raja"),
        ("Siti lagi", "Dinas Kesehatan", SITI[2].lower(), "asn"),
    ]
    found = faults(write(*rows))
    assert [row for row, _said in found] == [3, 4, 4, 4, 5]
    assert not any(word in said for _row, said in found for word in ("Agus", "Laut", "raja"))


def test_a_number_that_lost_its_digits_is_refused() -> None:
    """A spreadsheet keeps fifteen digits of a number; of a text it keeps all."""
    of_number = as_workbook(("Siti", "Dinas Kesehatan", 198501012010012001, "ASN"))
    assert [row for row, _said in faults(of_number)] == [2]
    short = as_workbook(("Siti", "Dinas Kesehatan", 123456, "ASN"))
    assert read(short).people[0].number == "123456"


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x","y")', "=1+1", "@SUM(A1)", "+62", "-1"])
@pytest.mark.parametrize("write", [as_csv, as_workbook])
def test_a_formula_is_text(write: Callable[..., bytes], text: str) -> None:
    """It is neither counted out nor followed, but kept as the letters that it is."""
    cell = '"' + text.replace('"', '""') + '"' if write is as_csv else text
    assert read(write((cell, *SITI[1:]))).people[0].name == text


def test_names_of_all_scripts_but_no_turned_text() -> None:
    """Right-to-left letters are letters; a mark that turns what follows is none."""
    assert read(as_csv(("سيتي رحايو", *SITI[1:]))).people[0].name == "سيتي رحايو"
    assert [row for row, _said in faults(as_csv(("Siti\u202egnp.exe", *SITI[1:])))] == [2]
    assert [row for row, _said in faults(as_csv(("Si\0ti", *SITI[1:])))] == [2]


def _bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (65 * 1024 * 1024))
    return packed.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\xff",
        b"\xff\xfe\x00",
        b"\xe9 Latin 1",
        b"PK\x03\x04 no workbook",
        as_csv(headings=("Nama", "OPD")),
        as_csv(headings=(*HEADINGS, "NIP")),
        as_csv(("A" * 200_000, *SITI[1:])),
        as_csv(("A" * 10_000_000, *SITI[1:])),
        as_csv(*[SITI] * (MAX_ROWS + 1))[:MAX_BYTES],
        _bomb(),
    ],
)
def test_a_file_that_cannot_be_used_is_told(content: bytes) -> None:
    """In words, whatever it is."""
    with pytest.raises(FaultyFile) as fault:
        read(content)
    assert str(fault.value)


def test_damaged_workbooks_are_told_too() -> None:
    """Whichever of their octets are others, or missing."""
    good, chance = as_workbook(SITI), random.Random(7)
    for _attempt in range(300):
        spoilt = bytearray(good)
        for _octet in range(chance.randint(1, 4)):
            spoilt[chance.randrange(4, len(spoilt))] = chance.randrange(256)
        cut = bytes(spoilt[: chance.choice((len(spoilt), chance.randrange(4, len(spoilt))))])
        with suppress(FaultyFile):
            read(cut)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("xl/worksheets/sheet1.xml", b"<sheetData>", b'<sheetData><row r="800000000"/>'),
        ("xl/worksheets/sheet1.xml", b'r="A2"', b'r="XFD1048576"'),
        ("xl/worksheets/sheet1.xml", b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet'),
        ("xl/workbook.xml", b"<sheets>", b"<sheets><sheet/>"),
        ("xl/worksheets/sheet1.xml", b't="inlineStr"', b't="s"'),
    ],
)
def test_workbooks_made_to_harm(name: str, old: bytes, new: bytes) -> None:
    """Rows without end, columns far out, entities, sheets without a name, strings not there."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(as_workbook(SITI))) as good,
        zipfile.ZipFile(packed, "w") as bad,
    ):
        for entry in good.namelist():
            content = good.read(entry)
            if entry == name:
                assert old in content
                # The size that a sheet gives itself is believed where it is not set otherwise.
                content = content.replace(old, new).replace(b":D2", b":D900000000")
            bad.writestr(entry, content)
    with suppress(FaultyFile):
        assert len(read(packed.getvalue()).people) <= 1


@pytest.fixture
def office() -> Office:
    return Office.objects.create(name="Dinas Kesehatan", unit=7)


def test_the_next_list_finds_the_same_people(office: Office) -> None:
    """By a hash that nobody makes without the key; who is not listed stays."""
    siti = Listed("Siti Rahayu", office.pk, "198501012010012001", PersonKind.ASN)
    budi = Listed("Budi Santoso", office.pk, "THL0042", PersonKind.NON_ASN)
    assert compare([siti, budi], _KEY) == Taken(2, 0, 0)
    assert not Person.objects.exists()
    assert take_over([siti, budi], _KEY, NOW) == Taken(2, 0, 0)
    before = {person.number: person.subject.sub for person in Person.objects.all()}
    married = Listed("Siti Rahayu Santoso", office.pk, siti.number, PersonKind.OFFICER)
    assert compare([married], _KEY) == Taken(0, 1, 0)
    assert take_over([married], _KEY, NOW + timedelta(days=1)) == Taken(0, 1, 0)
    assert take_over([married, budi], _KEY, NOW + timedelta(days=2)) == Taken(0, 0, 2)
    after = {person.number: person.subject.sub for person in Person.objects.all()}
    assert after == before
    found = Person.objects.get(number=number_hash(siti.number, _KEY))
    assert (found.subject.label, found.kind) == ("Siti Rahayu Santoso", "officer")
    assert number_hash(siti.number, b"another") not in before


def test_no_number_is_in_the_database(office: Office) -> None:
    """Only its hash is."""
    take_over([Listed("Siti", office.pk, "THL0042", PersonKind.ASN)], _KEY, NOW)
    person = Person.objects.get()
    held = [str(value) for value in (*vars(person).values(), *vars(person.subject).values())]
    assert not any("THL0042" in value for value in held)


def test_a_long_list_is_stored_in_few_statements(office: Office) -> None:
    """A regency's list must not hold up the doors."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    people = [
        Listed(f"Orang {number}", office.pk, f"NIP{number:06}", PersonKind.ASN)
        for number in range(1_500)
    ]
    with CaptureQueriesContext(connection) as queries:
        take_over(people, _KEY, NOW)
    assert Person.objects.count() == 1_500
    assert len(queries) < 24
