"""Reads the bodies of visits quickly, as `sync.wire.visit.read_visit` does.

Nearly every entry is a visit that this version of the door has written. What is anything else in
any respect is left to the reader that says what is wrong with it.
"""

import re
from typing import Any

from sync.wire.visit import CTI_BYTES, SUBJECT_BYTES, Direction, Visit, read_visit

_DIRECTIONS = {int(direction): direction for direction in Direction}
_NUMBERS = 10
_FIELDS = 12
_MAP = 0xA0

# Unsigned numbers of up to two bytes, and up to four, in their shortest spelling (RFC 8949, section
# 3): what a visit has, in the order in which doors write it. To decode a map and to encode it again
# for a look at its spelling takes three times as long.
_CODE = rb"([\x00-\x17]|\x18[\x18-\xff]|\x19(?!\x00).{2})"
_WIDE = _CODE[:-1] + rb"|\x1a(?!\x00\x00).{4})"
_VISIT = re.compile(
    rb"[\xa7-\xac]"
    + b"".join(
        (
            rb"\x01" + _CODE,
            rb"\x02" + _CODE,
            rb"\x03" + _CODE,
            rb"\x04([\x00-\x02])",
            rb"\x05" + _CODE,
            rb"\x06" + _WIDE,
            rb"\x07" + _WIDE,
            rb"(?:\x08" + _WIDE + b")?",
            rb"(?:\x09" + _CODE + b")?",
            rb"(?:\x0a" + _CODE + b")?",
            b"(?:\x0b%c(.{%d}))?" % (0x40 | SUBJECT_BYTES, SUBJECT_BYTES),
            b"(?:\x0c%c(.{%d}))?" % (0x40 | CTI_BYTES, CTI_BYTES),
        )
    ),
    re.DOTALL,
)


def read_visit_body(body: bytes) -> Visit:
    """Raises Malformed where the body is not a visit's."""
    found = _plain_visit(body)
    return read_visit(body) if found is None else found


def _plain_visit(body: bytes) -> Visit | None:
    spelt = _VISIT.fullmatch(body)
    if spelt is None:
        return None
    fields = spelt.groups()
    if body[0] != _MAP + _FIELDS - fields.count(None):
        return None
    numbers: list[Any] = [
        one and (one[0] if len(one) == 1 else int.from_bytes(one[1:])) for one in fields[:_NUMBERS]
    ]
    numbers[3] = _DIRECTIONS[numbers[3]]
    return Visit(*numbers, *fields[_NUMBERS:])
