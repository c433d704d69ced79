"""CBOR (RFC 8949) as issuers elsewhere write it: any spelling, but bounded and inert."""

from io import BytesIO

import cbor2

from sync.wire.errors import Malformed

# COSE_Sign1 in CWT is 3 deep, a certificate 5.
MAX_DEPTH = 12

# The plain type first: to ask an abstract one takes longer than what is done with the answer.
MAPS = (dict, cbor2.frozendict)
ARRAYS = (list, tuple)


def decode(data: bytes) -> object:
    """Decode one item that spans all of `data`.

    No tag builds anything: a date is the text or number that it was written as, and a tag of no
    meaning here is a CBORTag. Inside a tag containers are immutable: ask for MAPS and ARRAYS.

    Raises:
        Malformed: not CBOR, duplicate keys, too deep, followed by something, or holding a pattern,
            a set, a reference or another thing that has no place in a certificate.
    """
    stream = BytesIO(data)
    try:
        value: object = cbor2.load(
            stream, max_depth=MAX_DEPTH, allow_duplicate_keys=False, semantic_decoders=_TAGS
        )
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise Malformed("not CBOR") from error
    if stream.tell() != len(data):
        raise Malformed("CBOR: bytes behind the item")
    return value


def _content(content: object, _immutable: bool) -> object:
    return content


def _refuse(_content: object, _immutable: bool) -> object:
    raise Malformed("CBOR tag that has no place in a certificate")


# RFC 8949, section 3.4 (dates, and CBOR that says that it is); RFC 8943 (days).
_TRANSPARENT = (0, 1, 100, 1004, 55799)
# Every other tag of which cbor2 6 would build an object of its own.
_REFUSED = (2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 52, 54, 256, 258, 260, 261, 43000)
_TAGS = dict.fromkeys(_TRANSPARENT, _content) | dict.fromkeys(_REFUSED, _refuse)
