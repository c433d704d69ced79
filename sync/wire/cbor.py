"""CBOR (RFC 8949) in one spelling only: what would not be written so is refused when read."""

from types import NoneType
from typing import TypeAlias

import cbor2

from sync.wire.errors import Malformed

Value: TypeAlias = (
    "bool | int | bytes | str | list[Value] | dict[int | str, Value] | cbor2.CBORTag | None"
)

MAX_DEPTH = 12
# The fullest honest message is a bundle with 4,096 signers, of six items each.
MAX_ITEMS = 65_536
_ARGUMENT_BYTES = {24: 1, 25: 2, 26: 4, 27: 8}
_STRINGS = (2, 3)

# Every number that is not behind a tag fits into 65 bits. The library builds these very types: to
# ask for a whole container at once takes a fraction of asking for each item whether it is one.
_LEAVES = frozenset({bytes, int, str, bool, NoneType})
_ARRAYS = (list, tuple)
_MAPS = (dict, cbor2.frozendict)
_KEY_TYPES = frozenset({int, str})


def encode(value: Value) -> bytes:
    """Encode with shortest lengths and map keys in the order of RFC 8949, section 4.2.3."""
    return cbor2.dumps(value, canonical=True)


def decode(data: bytes, *, max_depth: int = MAX_DEPTH) -> Value:
    """Decode one item that spans all of `data`.

    Key order is not judged: it is under every signature, and issuers elsewhere sort differently.

    Raises:
        Malformed: anything that does not re-encode to the same bytes (long spellings, duplicate
            keys, indefinite lengths, trailing bytes), or holds a type outside `Value`.
    """
    # Each takes a byte at least.
    if len(data) > MAX_ITEMS:
        _refuse_too_many_items(data)
    try:
        value = cbor2.loads(
            data,
            max_depth=max_depth,
            allow_indefinite=False,
            allow_duplicate_keys=False,
            # Tags are left as they are: the library would build dates, sets and patterns of them.
            semantic_decoders=_REFUSED_TAGS,
        )
        plain = _plain(value, max_depth)
        same = cbor2.dumps(plain) == data
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise Malformed("not CBOR of the kind that this protocol uses") from error
    if not same:
        raise Malformed("CBOR in another spelling than the shortest one")
    return plain


def _refuse_too_many_items(data: bytes) -> None:
    """Walk over the heads alone (RFC 8949, section 3): a megabyte of empty arrays would become a
    hundred megabytes of objects before it could be refused.
    """
    place, items = 0, 0
    while place < len(data):
        items += 1
        if items > MAX_ITEMS:
            raise Malformed(f"CBOR with more than {MAX_ITEMS} items")
        major, info = data[place] >> 5, data[place] & 0x1F
        place += 1
        width = _ARGUMENT_BYTES.get(info, 0)
        argument = int.from_bytes(data[place : place + width]) if width else info
        place += width + (argument if major in _STRINGS else 0)


def _refuse_tag(_content: object, _immutable: bool) -> Value:
    raise Malformed("CBOR tag that this protocol does not use")


# Every tag that cbor2 6 would turn into an object of its own.
_REFUSED_TAGS = dict.fromkeys(
    (
        *(0, 1, 2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 52, 54, 100, 256, 258, 260, 261),
        *(1004, 43000, 55799),
    ),
    _refuse_tag,
)


def _plain(value: object, depth: int) -> Value:
    """Return lists and dicts where the library builds frozen ones, as it does inside a tag; what
    is plain already is changed in its place, as nobody else has it.
    """
    if type(value) in _LEAVES:
        return value  # type: ignore[return-value]
    if depth > 0 and isinstance(value, _MAPS):
        if not _KEY_TYPES.issuperset(map(type, value)):
            raise Malformed("CBOR map key that is neither a number nor text")
        fields = value if type(value) is dict else dict(value)
        if not _LEAVES.issuperset(map(type, fields.values())):
            for key, item in fields.items():
                if type(item) not in _LEAVES:
                    fields[key] = _plain(item, depth - 1)
        return fields
    if depth > 0 and isinstance(value, _ARRAYS):
        items = value if type(value) is list else list(value)
        if not _LEAVES.issuperset(map(type, items)):
            items[:] = [i if type(i) in _LEAVES else _plain(i, depth - 1) for i in items]
        return items
    if depth > 0 and isinstance(value, cbor2.CBORTag):
        return cbor2.CBORTag(value.tag, _plain(value.value, depth - 1))
    raise Malformed("CBOR type that this protocol does not use")
