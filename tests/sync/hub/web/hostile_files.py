"""Files that were made to harm whoever opens them."""

import io
import zipfile
from collections.abc import Mapping

_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_LAUGHS = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{}]><x>&a20;</x>'.format(
    "".join(f'<!ENTITY a{number + 1} "{f"&a{number};" * 10}">' for number in range(20))
)
_OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>'
_SPAN = b"Nama,OPD,NIP,Jenis\n"


def hostile_files() -> Mapping[str, bytes]:
    """Return each by a name under which a browser would send it."""
    return {
        "laughs.xlsx": _workbook(_LAUGHS),
        "outside.xlsx": _workbook(_OUTSIDE),
        "bomb.xlsx": _workbook(" " * (100 * 1024 * 1024)),
        "columns.csv": b"," * 1_000_000 + b"\n" + _SPAN,
        "quotes.csv": _SPAN + b'"' * 1_000_001,
        "formula.csv": _SPAN + b'=HYPERLINK("http://elsewhere.example"),x,1,ASN\n',
        "\u202efdp.exe": b"%PDF-1.7\n" + b"<< /Length 1e999 >>" * 1000,
        "../../letter.pdf": b"\0" * 1000,
        "surrogate.csv": _SPAN + b"\xed\xa0\x80,x,1,ASN\n",
        "deep.json": b"[" * 200_000,
    }


def _workbook(content: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        for name in ("xl/workbook.xml", "xl/sharedStrings.xml", "_rels/.rels"):
            archive.writestr(name, content)
    return packed.getvalue()
