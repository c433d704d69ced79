"""Identifiers of people who have no pass yet (NIP, card number), looked up by a slow keyed hash."""

import hashlib
from bisect import bisect_left
from dataclasses import dataclass
from enum import Enum

HASH_BYTES = 16
SUB_BYTES = 8
ROW_BYTES = HASH_BYTES + SUB_BYTES
SALT_BYTES = 16


class Alphabet(Enum):
    DIGITS = "digits"
    ALPHANUMERIC = "alphanumeric"

    def holds(self, text: str) -> bool:
        if not text.isascii():
            return False
        return text.isdigit() if self is Alphabet.DIGITS else text.isalnum()


@dataclass(frozen=True, slots=True)
class Shape:
    """Identifiers of exactly `length` characters; anything else is not worth the hash."""

    alphabet: Alphabet
    length: int

    def fits(self, text: str) -> bool:
        return len(text) == self.length and self.alphabet.holds(text)


@dataclass(frozen=True, slots=True)
class Roster:
    """`rows` holds hash (16 bytes) and sub (8 bytes) end to end, sorted by hash.

    `cost` is scrypt's N (RFC 7914); with r=8 and N=16384 a Raspberry Pi 4 takes about 50 ms.
    """

    salt: bytes
    cost: int
    shapes: tuple[Shape, ...]
    rows: bytes

    def lists_shape_of(self, text: str) -> bool:
        return any(shape.fits(text) for shape in self.shapes)

    def find(self, identifier: str) -> bytes | None:
        """Return the sub of an identifier of a listed shape, None where nobody has it."""
        sought = slow_hash(identifier, salt=self.salt, cost=self.cost)
        rows = _Hashes(self.rows)
        place = bisect_left(rows, sought)
        if place == len(rows) or rows[place] != sought:
            return None
        start = place * ROW_BYTES + HASH_BYTES
        return self.rows[start : start + SUB_BYTES]


EMPTY_ROSTER = Roster(b"\0" * SALT_BYTES, 2, (), b"")


def slow_hash(identifier: str, *, salt: bytes, cost: int) -> bytes:
    """Return what stands for an identifier in a roster (16 bytes)."""
    return hashlib.scrypt(
        identifier.upper().encode(),
        salt=salt,
        n=cost,
        r=8,
        p=1,
        maxmem=256 * cost * 8 + (1 << 20),
        dklen=HASH_BYTES,
    )


@dataclass(frozen=True, slots=True)
class _Hashes:
    """The hashes of a roster as a sorted sequence, without unpacking them."""

    rows: bytes

    def __len__(self) -> int:
        return len(self.rows) // ROW_BYTES

    def __getitem__(self, place: int) -> bytes:
        return self.rows[place * ROW_BYTES : place * ROW_BYTES + HASH_BYTES]
