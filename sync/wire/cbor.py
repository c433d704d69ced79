"""CBOR (RFC 8949) in one spelling only: what would not be written so is refused when read."""

from collections.abc import Mapping
from types import NoneType
from typing import TypeAlias

import cbor2

from sync.wire.errors import Malformed

Value: TypeAlias = (
    "bool | int | bytes | str | list[Value] | dict[int | str, Value] | cbor2.CBORTag | None"
)

MAX_DEPTH = 12

# Every number that is not behind a tag fits into 65 bits. The plain type first: to ask an abstract
# one takes longer than what is done with the answer.
_LEAVES = (bytes, int, str, NoneType)
_ARRAYS = (list, tuple)
_MAPS = (dict, Mapping)
_KEY_TYPES = frozenset({int, str})


def encode(value: Value) -> bytes:
    """Encode with shortest lengths and map keys in the order of RFC 8949, section 4.2.3."""
    return cbor2.dumps(value, canonical=True)


def decode(data: bytes) -> Value:
    """Decode one item that spans all of `data`.

    Key order is not judged: it is under every signature, and issuers elsewhere sort differently.

    Raises:
        Malformed: anything that does not re-encode to the same bytes (long spellings, duplicate
            keys, indefinite lengths, trailing bytes), or holds a type outside `Value`.
    """
    try:
        value = cbor2.loads(
            data,
            max_depth=MAX_DEPTH,
            allow_indefinite=False,
            allow_duplicate_keys=False,
            # Tags are left as they are: the library would build dates, sets and patterns of them.
            semantic_decoders=_REFUSED_TAGS,
        )
        plain = _plain(value, MAX_DEPTH)
        same = cbor2.dumps(plain) == data
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise Malformed("not CBOR of the kind that this protocol uses") from error
    if not same:
        raise Malformed("CBOR in another spelling than the shortest one")
    return plain


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
    """Return lists and dicts where the library builds frozen ones, as it does inside a tag."""
    if isinstance(value, _LEAVES):
        return value
    if depth > 0 and isinstance(value, _ARRAYS):
        return [item if isinstance(item, _LEAVES) else _plain(item, depth - 1) for item in value]
    if depth > 0 and isinstance(value, cbor2.CBORTag):
        return cbor2.CBORTag(value.tag, _plain(value.value, depth - 1))
    if depth > 0 and isinstance(value, _MAPS):
        if not _KEY_TYPES.issuperset(map(type, value)):
            raise Malformed("CBOR map key that is neither a number nor text")
        return {
            key: item if isinstance(item, _LEAVES) else _plain(item, depth - 1)
            for key, item in value.items()
        }
    raise Malformed("CBOR type that this protocol does not use")
