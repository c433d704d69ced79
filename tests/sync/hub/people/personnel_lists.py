"""Personnel lists as offices send them."""

import io
from collections.abc import Sequence

from openpyxl import Workbook

Row = Sequence[str | int | float | None]

HEADINGS = ("Nama", "OPD", "NIP", "Jenis")
SITI = ("Siti Rahayu", "Dinas Kesehatan", "198501012010012001", "ASN")
BUDI = ("Budi Santoso", "dinas kesehatan", "THL0042", "non-ASN")


def as_csv(*rows: Row, headings: Row = HEADINGS, delimiter: str = ",") -> bytes:
    lines = [delimiter.join(str(cell) for cell in row) for row in (headings, *rows)]
    return "\r\n".join(lines).encode()


def as_workbook(*rows: Row, headings: Row = HEADINGS) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (headings, *rows):
        sheet.append(list(row))
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()
