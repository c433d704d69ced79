"""The content of a health certificate: CWT claims with an EU DCC in the claim `hcert`.

What a certificate must have to be one is checked here; the rest is the schema's to report.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from math import floor
from typing import TypeAlias

from kiosk.passes import certificate_schema, foreign_cbor
from kiosk.passes.certificate import Certificate, InfectionTest, Recovery, Statement, Vaccination
from sync.wire.errors import Malformed
from sync.wire.fields import LATEST_MS

_EXP, _IAT = 4, 6  # RFC 8392, section 4
_HCERT = -260  # IANA, CBOR Web Token (CWT) Claims
_EU_DCC_V1 = 1  # EU "Technical Specifications ...", volume 1, section 3.2.7
_MAX_TIME_S = 2**40
_NUMBERS = (int, float)

Entry: TypeAlias = Mapping[object, object]

# The value sets hold codes such as 840539006, LP6464-4 and EU/1/20/1528: nobody's name.
_CODE = re.compile(r"[A-Za-z0-9/_.+-]{1,50}", re.ASCII)


def read_certificate(payload: bytes) -> Certificate:
    """Read the signed content of a COSE_Sign1.

    Raises:
        Malformed: it is not a certificate with a time of issue, a time of expiry and a statement.
    """
    claims = _mapping(foreign_cbor.decode(payload))
    content = _content(claims)
    issued_at_s, expires_s = _numeric_date(claims.get(_IAT)), _numeric_date(claims.get(_EXP))
    if expires_s < issued_at_s:
        raise Malformed("certificate: it expires before it is issued")
    statements = tuple(_statements(content))
    if not statements:
        raise Malformed("certificate: it states nothing")
    return Certificate(issued_at_s, expires_s, statements)


def fits_schema(payload: bytes) -> bool:
    """Report whether the EU's JSON schema would take a certificate; validity does not hang on it.

    Raises:
        Malformed: it is not a certificate.
    """
    return certificate_schema.fits(_content(_mapping(foreign_cbor.decode(payload))))


def _content(claims: Entry) -> Entry:
    return _mapping(_mapping(claims.get(_HCERT)).get(_EU_DCC_V1))


def _statements(content: Entry) -> list[Statement]:
    statements: list[Statement] = []
    for group, read in _READERS.items():
        entries = content.get(group)
        if entries is None:
            continue
        if not isinstance(entries, foreign_cbor.ARRAYS):
            raise Malformed("certificate: a group of statements that is not a list")
        statements.extend([read(_mapping(entry)) for entry in entries])
    return statements


def _vaccination(entry: Entry) -> Vaccination:
    return Vaccination(
        disease=_code(entry.get("tg")),
        product=_code(entry.get("mp")),
        dose=_count(entry.get("dn")),
        doses_in_series=_count(entry.get("sd")),
        given_on=_day(entry.get("dt")),
    )


def _test(entry: Entry) -> InfectionTest:
    return InfectionTest(
        disease=_code(entry.get("tg")),
        test_type=_code(entry.get("tt")),
        result=_code(entry.get("tr")),
        sampled_at_s=_instant_s(entry.get("sc")),
    )


def _recovery(entry: Entry) -> Recovery:
    return Recovery(
        disease=_code(entry.get("tg")),
        first_positive_on=_day(entry.get("fr")),
        valid_from=_day(entry.get("df")),
        valid_until=_day(entry.get("du")),
    )


_READERS: dict[str, Callable[[Entry], Statement]] = {
    "v": _vaccination,
    "t": _test,
    "r": _recovery,
}


def _mapping(value: object) -> Entry:
    if not isinstance(value, foreign_cbor.MAPS):
        raise Malformed("certificate: something else where a map is expected")
    return value


def _numeric_date(value: object) -> int:
    """Return the whole seconds of a NumericDate (RFC 8392, section 2), which may have parts."""
    if isinstance(value, bool) or not isinstance(value, _NUMBERS):
        raise Malformed("certificate: a time that is not a number")
    if not 0 <= value <= _MAX_TIME_S:
        raise Malformed("certificate: a time beyond all calendars")
    return floor(value)


def _code(value: object) -> str | None:
    return value if isinstance(value, str) and _CODE.fullmatch(value) else None


def _count(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= 99 else None


def _day(value: object) -> date | None:
    """Return the day of a date, or of a time, which some issuers write in its place."""
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


def _instant_s(value: object) -> int | None:
    if not isinstance(value, str):
        return None
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        return None
    if instant.tzinfo is None:
        return None
    instant_s = floor(instant.timestamp())
    return instant_s if 0 <= instant_s <= LATEST_MS // 1000 else None
