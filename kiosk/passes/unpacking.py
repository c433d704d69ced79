"""From the text of a code to bytes: base45, and an inflate that cannot be made to swell."""

import zlib

from sync.wire.errors import Malformed

# Four times the largest certificate of the EU interoperability tests, and little enough that the
# worst that fits, a tag around every byte, is read in half of the 5 ms that a code may cost.
MAX_INFLATED_BYTES = 4 * 1024

# RFC 9285, table 1.
_ALPHABET = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_NONE = 255
_VALUES = bytes(_ALPHABET.find(code) % 256 for code in range(256))

# The low byte of each lane of three, for every length that a code may have.
_LANE = b"\0\0\xff"
_LANES = 512
_LOW = int.from_bytes(_LANE * _LANES)
_HIGH = _LOW << 16


def decode_base45(text: str) -> bytes:
    """Decode as RFC 9285, section 4, without tolerance for anything around the text.

    Many times as fast as the `base45` package, whose decoding costs more than a signature check.

    Raises:
        Malformed: another character, a length that cannot be, or a group that is too large.
    """
    try:
        digits = text.encode("ascii").translate(_VALUES)
    except UnicodeEncodeError as error:
        raise Malformed("base45: a character beyond ASCII") from error
    rest = len(digits) % 3
    if _NONE in digits or rest == 1:
        raise Malformed("base45: another character, or one that is left over")
    whole = len(digits) - rest
    return _pairs(digits[:whole]) + _last(digits[whole:])


def _pairs(digits: bytes) -> bytes:
    """Return two bytes for each three digits, all computed at once in lanes of one number.

    The largest group, 44 + 44 * 45 + 44 * 2025, takes three bytes: no lane runs into the next.
    """
    groups = len(digits) // 3
    lanes = int.from_bytes(digits)
    low, high = _LOW, _HIGH
    if groups > _LANES:
        low = int.from_bytes(_LANE * groups)
        high = low << 16
    values = (lanes >> 16 & low) + 45 * ((lanes >> 8 & low) + 45 * (lanes & low))
    if values & high:
        raise Malformed("base45: a group beyond two bytes")
    pairs = bytearray(values.to_bytes(len(digits)))
    del pairs[0::3]
    return bytes(pairs)


def _last(digits: bytes) -> bytes:
    """Return the byte of the two digits that end a text of an odd number of bytes, if any."""
    if not digits:
        return b""
    value = digits[0] + 45 * digits[1]
    if value > 255:
        raise Malformed("base45: a group beyond one byte")
    return bytes([value])


def inflate(packed: bytes) -> bytes:
    """Unpack a zlib stream (RFC 1950).

    Raises:
        Malformed: not one whole stream and nothing else, or more than MAX_INFLATED_BYTES in it.
    """
    stream = zlib.decompressobj()
    try:
        content = stream.decompress(packed, MAX_INFLATED_BYTES + 1)
    except zlib.error as error:
        raise Malformed("not a zlib stream") from error
    if len(content) > MAX_INFLATED_BYTES:
        raise Malformed("zlib: more than any certificate holds")
    if not stream.eof or stream.unused_data:
        raise Malformed("zlib: cut short, or something behind it")
    return content
