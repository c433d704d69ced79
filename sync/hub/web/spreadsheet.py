"""Tables that a spreadsheet opens and does not execute."""

import csv
import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

# OWASP, CSV injection: what a spreadsheet takes for the beginning of a formula.
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_MARK = "\ufeff"


def inert(cell: str) -> str:
    """Return what a cell shows as text, whatever it begins with."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_BEGINS_A_FORMULA) else cell


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return UTF-8 with its mark, by which Excel knows it."""
    written = io.StringIO()
    table = csv.writer(written)
    for row in (headings, *rows):
        table.writerow([inert(cell) for cell in row])
    # What no file can hold (half of a surrogate) is a question mark.
    return (_MARK + written.getvalue()).encode("utf-8", "replace")


def as_workbook(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return an Excel workbook with one sheet, all of whose cells are text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in (headings, *rows):
        sheet.append([inert(ILLEGAL_CHARACTERS_RE.sub("?", cell)) for cell in row])
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()
