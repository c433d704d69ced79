"""One entry of a door's journal: its open header, its sealed body, and the chain that holds both.

aad    = header || chain of the entry before
sealed = ChaCha20-Poly1305(run key, nonce, padded body, aad)
chain  = SHA-256(chain of the entry before || header || sealed)
"""

from enum import IntEnum
from hashlib import sha256
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from sync.wire import cbor
from sync.wire.errors import CannotOpen, Malformed
from sync.wire.fields import INT64_MAX, Fields

EPOCH_BYTES = 16
CHAIN_BYTES = 32
RUN_KEY_BYTES = 32
NONCE_BYTES = 12
BOOT_ID_BYTES = 16
MAX_BODY_BYTES = 2048
# An entry of an earlier epoch is the body of another, with its place beside it.
_CARRIED_BYTES = 64
# A sealed body's length would tell a valid pass from a refusal.
SMALLEST_PLAIN_BYTES = 64
PAD_STEP_BYTES = 32
_MAX_CODE = 255
# The types of an entry's items.
_PLAIN = (*[int] * 7, bytes)


class Kind(IntEnum):
    """What an entry records. Stored for ever: numbers are never given out twice."""

    VISIT = 1
    ASSISTED = 2
    EVENT = 3
    CARRIED = 4


class WallClock(IntEnum):
    """What the system said of its wall clock when the entry was made."""

    UNSET = 0
    SYNCHRONISED = 1
    BATTERY_BACKED = 2


# Tuples, for a hub reads thousands: a frozen dataclass takes three times as long to make.


class Header(NamedTuple):
    """What may be read by whoever holds the card: when, never who.

    `boot_ms` is CLOCK_BOOTTIME within the run's boot; `wall_ms` is Unix time as the system had it;
    `nonce` counts within the run. `clock` is a WallClock and `kind` a Kind, as numbers: one that
    the reader does not know concerns this entry alone, not its batch.
    """

    seq: int
    run_no: int
    boot_ms: int
    wall_ms: int
    clock: int
    kind: int
    nonce: int

    def to_value(self) -> list[cbor.Value]:
        return [
            *(self.seq, self.run_no, self.boot_ms, self.wall_ms),
            *(int(self.clock), int(self.kind), self.nonce),
        ]

    @classmethod
    def from_fields(cls, fields: Fields) -> "Header":
        return cls(
            seq=fields.uint(0),
            run_no=fields.uint(1),
            boot_ms=fields.uint(2),
            wall_ms=fields.uint(3),
            clock=fields.uint(4, _MAX_CODE),
            kind=fields.uint(5, _MAX_CODE),
            nonce=fields.uint(6),
        )

    def bind(self, epoch: bytes) -> bytes:
        """Return the header as it is hashed: with the epoch that it belongs to."""
        return cbor.encode([epoch, *self.to_value()])


class SealedEntry(NamedTuple):
    header: Header
    sealed: bytes

    def to_value(self) -> cbor.Value:
        return [*self.header.to_value(), self.sealed]

    @classmethod
    def from_value(cls, value: cbor.Value) -> "SealedEntry":
        """Raises Malformed where the value is no entry's."""
        plain = _read_plain(value) if isinstance(value, list) else None
        if plain is not None:
            return plain
        fields = Fields(value, of="entry").only(range(8))
        return cls(
            Header.from_fields(fields), fields.octets(7, most=MAX_BODY_BYTES + _CARRIED_BYTES)
        )

    def chain(self, previous: bytes, epoch: bytes) -> bytes:
        return chain_value(previous, self.header.bind(epoch), self.sealed)


def _read_plain(items: list[Any]) -> SealedEntry | None:
    """Read at once what nearly every entry is; of what is not, its fields tell what is wrong."""
    if tuple(map(type, items)) != _PLAIN:
        return None
    *numbers, clock, kind, nonce, sealed = items
    fits = (
        min(*numbers, clock, kind, nonce) >= 0
        and max(*numbers, nonce) <= INT64_MAX
        and max(clock, kind) <= _MAX_CODE
        and len(sealed) <= MAX_BODY_BYTES + _CARRIED_BYTES
    )
    return SealedEntry(Header(*items[:-1]), sealed) if fits else None


def chain_value(previous: bytes, bound: bytes, sealed: bytes) -> bytes:
    """Return the chain value after an entry; `bound` is what `Header.bind` returns."""
    return sha256(previous + bound + sealed).digest()


def first_chain(device: bytes, epoch: bytes) -> bytes:
    """Return the chain value before the first entry of an epoch."""
    return sha256(b"gapura/chain/1" + device + epoch).digest()


def seal(header: Header, body: bytes, *, run_key: bytes, previous: bytes, epoch: bytes) -> bytes:
    """Return the sealed body; the caller never gives the same nonce twice under one key."""
    nonce = header.nonce.to_bytes(NONCE_BYTES)
    aad = header.bind(epoch) + previous
    return ChaCha20Poly1305(run_key).encrypt(nonce, _pad(body), aad)


def unseal(entry: SealedEntry, *, run_key: bytes, previous: bytes, epoch: bytes) -> bytes:
    """Open a body.

    Raises:
        CannotOpen: wrong key, wrong place in the chain, or altered.
    """
    return RunCipher(run_key).unseal(entry, entry.header.bind(epoch) + previous)


class RunCipher:
    """Opens the entries of one run, whose key (32 bytes) is made ready once."""

    def __init__(self, run_key: bytes) -> None:
        self._cipher = ChaCha20Poly1305(run_key)

    def unseal(self, entry: SealedEntry, aad: bytes) -> bytes:
        """Open a body; `aad` is the bound header and the chain value before the entry.

        Raises:
            CannotOpen: wrong key, wrong place in the chain, or altered.
        """
        nonce = entry.header.nonce.to_bytes(NONCE_BYTES)
        try:
            return _unpad(self._cipher.decrypt(nonce, entry.sealed, aad))
        except (InvalidTag, Malformed) as error:
            raise CannotOpen("the entry does not open under its run's key") from error


def _pad(body: bytes) -> bytes:
    """Pad as ISO/IEC 7816-4 does: 0x80, then zeros."""
    least = max(len(body) + 1, SMALLEST_PLAIN_BYTES)
    return (body + b"\x80").ljust(-(-least // PAD_STEP_BYTES) * PAD_STEP_BYTES, b"\0")


def _unpad(padded: bytes) -> bytes:
    body, mark, zeros = padded.rpartition(b"\x80")
    if not mark or zeros.strip(b"\0"):
        raise Malformed("entry without its padding")
    return body
