"""Reads a list of special days, as the operator brings it. The hub has none of its own."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sync.hub.attendance.models import DayKind, SpecialDay
from sync.hub.errors import FaultyFile

MAX_BYTES = 128 * 1024
MAX_ROWS = 1_000
_LONGEST_NAME = 100
_YEARS = range(2000, 3000)
_KINDS = {
    DayKind.HOLIDAY: ("", "holiday", "libur", "cuti bersama"),
    DayKind.HALF: ("half", "setengah", "setengah hari"),
    DayKind.WORKING: ("working", "kerja", "masuk"),
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words}
_HEADINGS = {"date": ("date", "tanggal"), "name": ("name", "nama", "keterangan")}
_KIND_HEADINGS = ("kind", "jenis")


@dataclass(frozen=True, slots=True)
class Listed:
    day: date
    name: str
    kind: DayKind


@dataclass(frozen=True, slots=True)
class Fault:
    row: int
    said: str | Promise


@dataclass(frozen=True, slots=True)
class DayList:
    days: tuple[Listed, ...]
    faults: tuple[Fault, ...]


def read_day_list(content: bytes) -> DayList:
    """Read CSV (UTF-8) with the columns date (2026-12-25), name and, if it has one, kind.

    Raises:
        FaultyFile: it is no such file.
    """
    if len(content) > MAX_BYTES:
        raise FaultyFile(_("The file is too long."))
    rows = _rows(content)
    order = _order(rows[0] if rows else [])
    days: dict[date, Listed] = {}
    faults: list[Fault] = []
    for line, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        found = _read({name: _cell(row, place) for name, place in order.items()})
        if not isinstance(found, Listed):
            faults.append(Fault(line, found))
        elif found.day in days:
            faults.append(Fault(line, _("the same date stands in a row above")))
        else:
            days[found.day] = found
    if not days and not faults:
        raise FaultyFile(_("No day is in the file."))
    return DayList(tuple(days.values()), tuple(faults))


def take_over(days: Sequence[Listed]) -> int:
    """Store them for all offices; what was on record for these dates is replaced."""
    with transaction.atomic():
        dates = [one.day for one in days]
        SpecialDay.objects.filter(office=None, day__in=dates).delete()
        SpecialDay.objects.bulk_create(
            SpecialDay(day=one.day, name=one.name, kind=one.kind) for one in days
        )
    return len(days)


def _rows(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FaultyFile(_("The letters cannot be read: save the file as CSV UTF-8.")) from error
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise FaultyFile(_("A cell is too long, or a quotation mark is not closed.")) from error
    if len(rows) > MAX_ROWS + 1:
        raise FaultyFile(_("The file has too many rows."))
    return rows


def _order(headings: Sequence[str]) -> dict[str, int]:
    given = {" ".join(heading.split()).lower(): place for place, heading in enumerate(headings)}
    wanted = {**_HEADINGS, "kind": _KIND_HEADINGS}
    order = {name: given[word] for name, words in wanted.items() for word in words if word in given}
    if not order.keys() >= _HEADINGS.keys():
        missing = ", ".join(" / ".join(_HEADINGS[name]) for name in _HEADINGS if name not in order)
        raise FaultyFile(_("Row 1: columns are missing: %(columns)s") % {"columns": missing})
    return order


def _cell(row: Sequence[str], place: int) -> str:
    return " ".join(row[place].split()) if place < len(row) else ""


def _read(cells: dict[str, str]) -> Listed | str | Promise:
    try:
        day = date.fromisoformat(cells["date"])
    except ValueError:
        return _("date: must be written as 2026-12-25")
    if day.year not in _YEARS:
        return _("date: must be written as 2026-12-25")
    name = cells["name"]
    if not name.isprintable() or not 0 < len(name) <= _LONGEST_NAME:
        return _("name: must be text of 1 to 100 characters")
    kind = _KIND_OF.get(cells.get("kind", "").lower())
    if kind is None:
        return _("kind: must be libur, setengah hari or kerja")
    return Listed(day, name, kind)
