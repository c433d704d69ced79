"""Reads a personnel list, CSV or XLSX, as text. No fault repeats what a row holds."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sync.hub.errors import FaultyFile
from sync.hub.people.models import PersonKind
from sync.hub.people.workbook import is_workbook, rows_of_workbook

MAX_BYTES = 3 * 512 * 1024
MAX_ROWS = 20_000
_LONGEST_NAME = 200
_NUMBER_LENGTHS = range(4, 65)
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_HEADINGS = {
    "name": ("name", "full name", "nama", "nama lengkap", "nama pegawai"),
    "office": ("office", "opd", "perangkat daerah", "instansi", "unit kerja"),
    "number": ("number", "personnel number", "nip", "nomor pegawai", "nomor induk"),
    "kind": ("kind", "type", "jenis", "jenis pegawai", "status"),
}
_COLUMN_OF = {heading: name for name, headings in _HEADINGS.items() for heading in headings}
_KINDS = {
    PersonKind.ASN: ("asn", "pns", "pppk", "civil servant"),
    PersonKind.NON_ASN: ("non asn", "nonasn", "honorer", "thl", "kontrak", "employee", "pegawai"),
    PersonKind.OFFICER: ("officer", "petugas", "satgas", "petugas pintu", "door officer"),
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words}


@dataclass(frozen=True, slots=True)
class Listed:
    """One row. `number` is in capitals; `office` is the key of the one that is meant."""

    name: str
    office: int
    number: str
    kind: PersonKind


@dataclass(frozen=True, slots=True)
class Fault:
    """`row` counts as a spreadsheet does, 1 being the headings."""

    row: int
    said: str | Promise


@dataclass(frozen=True, slots=True)
class PersonnelFile:
    people: tuple[Listed, ...]
    faults: tuple[Fault, ...]


def read_personnel_file(content: bytes, offices: dict[str, int]) -> PersonnelFile:
    """Read every row, and tell every fault.

    Args:
        content: the file, CSV (UTF-8 or UTF-16 with its mark) or XLSX.
        offices: keys of offices by their names in small letters.

    Raises:
        FaultyFile: it is neither of the two, too long, or has not the columns.
    """
    if len(content) > MAX_BYTES:
        raise FaultyFile(_("The file is too long."))
    rows = rows_of_workbook(content, MAX_ROWS + 2) if is_workbook(content) else _of_csv(content)
    if len(rows) > MAX_ROWS + 1:
        raise FaultyFile(_("The file has too many rows."))
    order = _order(rows[0] if rows else [])
    people: list[Listed] = []
    faults: list[Fault] = []
    first_at: dict[str, int] = {}
    for line, row in enumerate(rows[1:], start=2):
        if not any(row):
            continue
        found = _read({name: _cell(row, place) for name, place in order.items()}, offices)
        if not isinstance(found, Listed):
            faults += [Fault(line, said) for said in found]
        elif found.number in first_at:
            said = _("NIP: the same as in row %(row)d") % {"row": first_at[found.number]}
            faults.append(Fault(line, said))
        else:
            first_at[found.number] = line
            people.append(found)
    if not people and not faults:
        raise FaultyFile(_("Nobody is in the file."))
    return PersonnelFile(tuple(people), tuple(faults))


def _of_csv(content: bytes) -> list[list[str]]:
    try:
        text = content.decode(_MARKS.get(content[:2], "utf-8-sig"))
    except UnicodeDecodeError as error:
        raise FaultyFile(_("The letters cannot be read: save the file as CSV UTF-8.")) from error
    heading = text.partition("\n")[0]
    # A spreadsheet whose decimals have a comma separates cells by semicolons.
    delimiter = next((mark for mark in ";\t" if mark in heading), ",")
    try:
        return [
            [_plain(cell) for cell in row]
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        ]
    except csv.Error as error:
        raise FaultyFile(_("A cell is too long, or a quotation mark is not closed.")) from error


def _plain(cell: str) -> str:
    return " ".join(cell.split())


def _cell(row: list[str], place: int) -> str:
    return _plain(row[place]) if place < len(row) else ""


def _order(headings: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        name = _COLUMN_OF.get(_plain(heading).lower())
        if name in found:
            raise FaultyFile(_("Row 1: two columns mean the same."))
        if name is not None:
            found[name] = place
    if missing := _HEADINGS.keys() - found.keys():
        told = ", ".join(" / ".join(_HEADINGS[name][:3]) for name in sorted(missing))
        raise FaultyFile(_("Row 1: columns are missing: %(columns)s") % {"columns": told})
    return found


def _read(cells: dict[str, str], offices: dict[str, int]) -> Listed | list[str | Promise]:
    name, number = cells["name"], cells["number"].replace(" ", "").upper()
    office = offices.get(cells["office"].lower())
    kind = _KIND_OF.get(cells["kind"].lower().replace("-", " ").replace("_", " "))
    if office is not None and kind is not None and _is_name(name) and _is_number(number):
        return Listed(name, office, number, kind)
    checks = (
        (_is_name(name), _("name: must be text of 1 to 200 characters")),
        (office is not None, _("office: there is none of this name")),
        (_is_number(number), _("NIP: must be 4 to 64 letters and digits, kept as text")),
        (kind is not None, _("kind: must be ASN, non-ASN or petugas")),
    )
    return [said for holds, said in checks if not holds]


def _is_name(text: str) -> bool:
    # Printable leaves out the characters that turn the direction of what follows them.
    return 0 < len(text) <= _LONGEST_NAME and text.isprintable()


def _is_number(text: str) -> bool:
    return len(text) in _NUMBER_LENGTHS and text.isascii() and text.isalnum()
