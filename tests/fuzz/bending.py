"""The ways in which bytes are bent, each a function of the bytes and of chance."""

import zlib
from collections.abc import Callable, Sequence
from functools import partial
from random import Random

import cbor2

Bend = Callable[[bytes, Random], bytes]

# Longer than any stage lets pass.
_MUCH_BYTES = 6000
_HEADS = (
    b"\x81",
    b"\xc1",
    b"\xd8\x25",
    b"\xd9\xd9\xf7",
    b"\x9f",
    b"\xbf\x00",
    b"\xa1\x00",
    b"\xc2",
)
_HUGE = (b"\x5b", b"\x7b", b"\x9b", b"\xbb", b"\xdb", b"\x5a", b"\x9a", b"\xba")
_ITEMS = (b"\x00", b"\xc1\x00", b"\x80", b"\xa0", b"\xf9\x7e\x00", b"\xc2\x40", b"\x60", b"\xf6")
_SPELLINGS: tuple[Callable[[object], bytes], ...] = (
    partial(cbor2.dumps, canonical=True),
    partial(cbor2.dumps, indefinite_containers=True),
    partial(cbor2.dumps, value_sharing=True),
    partial(cbor2.dumps, string_referencing=True),
)
_MOST_INFLATED_BYTES = 1 << 16


def bend(content: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    """Bend `content` once, or a few times; `others` are what may be spliced in."""
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        if chance.random() < 0.1:
            content = _splice(content, chance, chance.choice(others))
        else:
            content = chance.choice(_BENDS)(content, chance)
    return content


def _splice(content: bytes, chance: Random, other: bytes) -> bytes:
    return content[: _place(content, chance)] + other[_place(other, chance) :]


def _flip(content: bytes, chance: Random) -> bytes:
    bent = bytearray(content)
    for _ in range(chance.choice((1, 1, 1, 2, 8))):
        if bent:
            bent[chance.randrange(len(bent))] ^= 1 << chance.randrange(8)
    return bytes(bent)


def _overwrite(content: bytes, chance: Random) -> bytes:
    start = _place(content, chance)
    noise = chance.randbytes(chance.randrange(1, 5))
    return content[:start] + noise + content[start + len(noise) :]


def _insert(content: bytes, chance: Random) -> bytes:
    start = _place(content, chance)
    return content[:start] + chance.randbytes(chance.randrange(1, 9)) + content[start:]


def _cut(content: bytes, chance: Random) -> bytes:
    return content[: _place(content, chance)]


def _drop(content: bytes, chance: Random) -> bytes:
    start = _place(content, chance)
    return content[:start] + content[start + chance.randrange(1, 9) :]


def _repeat(content: bytes, chance: Random) -> bytes:
    start = _place(content, chance)
    length = chance.randrange(1, 65)
    return content[: start + length] + content[start:]


def _claim_much(content: bytes, chance: Random) -> bytes:
    """Put the head of an item of enormous length somewhere."""
    start = _place(content, chance)
    length = chance.choice((b"\xff" * 8, b"\x00\x00\x00\x10" + bytes(4), b"\x7f" + b"\xff" * 7))
    return content[:start] + chance.choice(_HUGE) + length + content[start + 1 :]


def _nest(content: bytes, chance: Random) -> bytes:
    start = _place(content, chance)
    depth = chance.choice((1, 2, 8, 12, 13, 40, 400, _MUCH_BYTES))
    return content[:start] + chance.choice(_HEADS) * depth + content[start:]


def _fill(content: bytes, chance: Random) -> bytes:
    """Put an array of very many small items in the place of everything."""
    item = chance.choice(_ITEMS)
    count = chance.choice((100, 600, 4000, _MUCH_BYTES)) // len(item)
    return content[: _place(content, chance)] + b"\x99" + count.to_bytes(2) + item * count


def _widen(content: bytes, chance: Random) -> bytes:
    """Write a head longer than it needs to be."""
    start = _place(content, chance)
    if start == len(content) or content[start] & 0x1F >= 24:
        return content
    major, count = content[start] & 0xE0, content[start] & 0x1F
    width = chance.choice((1, 2, 4, 8))
    info = {1: 24, 2: 25, 4: 26, 8: 27}[width]
    return content[:start] + bytes([major | info]) + count.to_bytes(width) + content[start + 1 :]


def _respell(content: bytes, chance: Random) -> bytes:
    """Say the same in other CBOR."""
    try:
        return chance.choice(_SPELLINGS)(cbor2.loads(content))
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError):
        return _widen(content, chance)


def _repack(content: bytes, chance: Random) -> bytes:
    """Say the same in another zlib stream, or blow it up."""
    try:
        message = zlib.decompressobj().decompress(content, _MOST_INFLATED_BYTES)
    except zlib.error:
        return content + bytes(chance.randrange(1, 4))
    swollen = message + bytes(chance.choice((0, 0, 1, _MUCH_BYTES, 1_000_000)))
    return zlib.compress(swollen, chance.randrange(10))


def _swap_case(content: bytes, _chance: Random) -> bytes:
    return content.swapcase()


def _lengthen(content: bytes, chance: Random) -> bytes:
    return content + content[:1] * chance.choice((1, 100, 1500, 100_000))


def _place(content: bytes, chance: Random) -> int:
    return chance.randrange(len(content) + 1)


# The first are the likeliest to come far.
_BENDS: tuple[Bend, ...] = (
    *(_flip, _flip, _flip, _overwrite, _overwrite),
    *(_insert, _cut, _drop, _repeat, _claim_much, _nest, _fill, _widen, _widen),
    *(_respell, _respell, _repack, _repack, _swap_case, _lengthen),
)
