"""Reads a roster from a personnel office's CSV. No fault repeats what a row holds."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from kiosk.passes.roster import Alphabet
from sync.hub.errors import FaultyFile

COLUMNS = ("identifier", "label")
LENGTHS = range(4, 65)
MOST_SHAPES = 16
"""As many as a bundle holds."""
_MOST_FAULTS = 20
_MAX_LABEL = 200


@dataclass(frozen=True, slots=True)
class Person:
    """`identifier` as the door compares it: in capitals."""

    identifier: str
    label: str


@dataclass(frozen=True, slots=True)
class RosterFile:
    """`shapes` are (alphabet, length), none within another."""

    people: tuple[Person, ...]
    shapes: tuple[tuple[str, int], ...]


def read_roster_file(content: bytes) -> RosterFile:
    """Read all of it or nothing.

    Raises:
        FaultyFile: every fault, each with its line.
    """
    rows = _rows(content)
    faults: list[str] = []
    people: dict[str, tuple[int, Person]] = {}
    for line, cells in rows:
        fault = _fault(cells)
        if fault is not None:
            faults.append(f"line {line}: {fault}")
            continue
        person = Person(cells[0].upper(), cells[1])
        if person.identifier in people:
            first, _ = people[person.identifier]
            faults.append(f"line {line}: identifier: the same as in line {first}")
            continue
        people[person.identifier] = (line, person)
    shapes = shapes_of(people)
    if len(shapes) > MOST_SHAPES:
        faults.append(f"identifiers of more than {MOST_SHAPES} lengths: a door knows no more")
    if not people and not faults:
        faults.append("nobody is in it")
    if faults:
        raise FaultyFile(_in_short(faults))
    return RosterFile(tuple(person for _, person in people.values()), shapes)


def _rows(content: bytes) -> list[tuple[int, list[str]]]:
    """Return the rows below the heading with their lines, the cells in the order of `COLUMNS`."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FaultyFile("not UTF-8: save it as CSV UTF-8") from error
    heading = text.partition("\n")[0]
    # A spreadsheet whose decimals have a comma separates cells by semicolons.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in heading else ",")
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        if sorted(names) != sorted(COLUMNS):
            raise FaultyFile(f"line 1: must be the names of two columns: {','.join(COLUMNS)}")
        order = [names.index(name) for name in COLUMNS]
        return [(reader.line_num, _in_order(row, order)) for row in reader if any(row)]
    except csv.Error as error:
        raise FaultyFile(f"line {reader.line_num}: {error}") from error


def _in_order(row: list[str], order: list[int]) -> list[str]:
    return [row[place].strip() for place in order] if len(row) == len(order) else []


def _fault(cells: list[str]) -> str | None:
    if not cells:
        return f"must have {len(COLUMNS)} cells"
    identifier, label = cells
    if len(identifier) not in LENGTHS or not Alphabet.ALPHANUMERIC.holds(identifier):
        return f"identifier: must be {LENGTHS[0]} to {LENGTHS[-1]} letters and digits"
    if not 0 < len(label) <= _MAX_LABEL or not label.isprintable():
        return f"label: must be text of 1 to {_MAX_LABEL} characters"
    return None


def shapes_of(identifiers: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """Return (alphabet, length) of what a door is to look up, none within another."""
    found: dict[int, Alphabet] = {}
    for identifier in identifiers:
        fits_digits = Alphabet.DIGITS.holds(identifier)
        if not fits_digits or len(identifier) not in found:
            alphabet = Alphabet.DIGITS if fits_digits else Alphabet.ALPHANUMERIC
            found[len(identifier)] = alphabet
    return tuple((alphabet.value, length) for length, alphabet in sorted(found.items()))


def _in_short(faults: list[str]) -> str:
    more = len(faults) - _MOST_FAULTS
    rest = [f"and {more} more"] if more > 0 else []
    return "\n  ".join(["nothing was imported:", *faults[:_MOST_FAULTS], *rest])
