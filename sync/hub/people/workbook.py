"""The first sheet of a workbook (XLSX) as text; a formula is its own letters, never its result."""

import io
import zipfile
import zlib
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from sync.hub.errors import FaultyFile

_BEGINS = b"PK\x03\x04"
_MOST_UNPACKED_BYTES = 64 * 1024 * 1024
_MOST_COLUMNS = 64
# A double tells whole numbers apart up to here; a spreadsheet keeps no more digits of a number.
_LARGEST_WHOLE = 10**15
# What openpyxl lets through of a file that was not written by a spreadsheet.
_FAULTS = (
    AttributeError,
    EOFError,
    InvalidFileException,
    LookupError,
    MemoryError,
    NotImplementedError,
    OSError,
    OverflowError,
    ParseError,
    RuntimeError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


def is_workbook(content: bytes) -> bool:
    return content.startswith(_BEGINS)


def rows_of_workbook(content: bytes, most_rows: int) -> list[list[str]]:
    """Return at most so many rows.

    Raises:
        FaultyFile: it is no workbook, or unpacks to more than 64 MB.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > _MOST_UNPACKED_BYTES:
            raise FaultyFile(_("The file is too long."))
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        rows = book.worksheets[0].iter_rows(
            max_row=most_rows, max_col=_MOST_COLUMNS, values_only=True
        )
        return [[_text(value) for value in row] for row in rows]
    except _FAULTS as error:
        raise FaultyFile(_("This is not a workbook that can be read: save it anew.")) from error


def _text(value: object) -> str:
    """Return nothing for a number of which a spreadsheet has forgotten digits."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, int | float):
        is_whole = abs(value) < _LARGEST_WHOLE and value == int(value)
        return str(int(value)) if is_whole else ""
    return str(value)
