"""Reads the bodies of visits quickly, as `sync.wire.visit.read_visit` does.

Nearly every entry is a visit that this version of the door has written. What is anything else in
any respect is left to the reader that says what is wrong with it.
"""

from typing import Any

import cbor2

from sync.wire.fields import INT64_MAX
from sync.wire.visit import CTI_BYTES, SUBJECT_BYTES, Direction, Visit, read_visit

_MAX_BYTES = 128
_MAX_CODE = 65535
_DIRECTIONS = {int(direction): direction for direction in Direction}
_NUMBERS = {
    **dict.fromkeys((1, 2, 3, 5, 9, 10), _MAX_CODE),
    **dict.fromkeys((6, 7, 8), INT64_MAX),
    4: max(_DIRECTIONS),
}
_OCTETS = {11: SUBJECT_BYTES, 12: CTI_BYTES}
_OWED = frozenset(range(1, 8))


def read_visit_body(body: bytes) -> Visit:
    """Raises Malformed where the body is not a visit's."""
    found = _plain_visit(body) if len(body) <= _MAX_BYTES else None
    return read_visit(body) if found is None else found


def _plain_visit(body: bytes) -> Visit | None:
    try:
        content = cbor2.loads(body)
        if type(content) is not dict or cbor2.dumps(content) != body:
            return None
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError):
        return None
    if not content.keys() >= _OWED or not _fit(content):
        return None
    get = content.get
    return Visit(
        content[1],
        content[2],
        content[3],
        _DIRECTIONS[content[4]],
        content[5],
        content[6],
        content[7],
        get(8),
        get(9),
        get(10),
        get(11),
        get(12),
    )


def _fit(content: dict[Any, Any]) -> bool:
    for key, value in content.items():
        if type(value) is int:
            if not 0 <= value <= _NUMBERS.get(key, -1):
                return False
        elif type(value) is not bytes or _OCTETS.get(key) != len(value):
            return False
    return True
