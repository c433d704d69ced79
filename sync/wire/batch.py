"""A batch: what a door has to tell, signed by it, on its way up."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sync.wire import cbor, cose
from sync.wire.entry import BOOT_ID_BYTES, CHAIN_BYTES, EPOCH_BYTES, SealedEntry
from sync.wire.errors import Malformed
from sync.wire.fields import LATEST_MS, Fields
from sync.wire.keys import DEVICE_BYTES, device_id, key_id

MAX_ENTRIES = 500
MAX_BYTES = 256 * 1024
MAX_ANCHORS = 64
MAX_RUNS = MAX_ENTRIES
NONCE_BYTES = 16
_AAD = b"gapura/batch/1"
_MAX_RUN_BYTES = 1024
_MAX_CODE = 255
T = TypeVar("T")


class AnchorSource(IntEnum):
    """Where a trusted time came from. Stored for ever: numbers are never given out twice."""

    NTP = 1
    RTC = 2
    RECEIPT = 3
    OFFICER = 4

    @property
    def rank(self) -> int:
        """Of two that contradict each other the higher is believed: the hub's own answer to a
        nonce can be replayed by nobody.
        """
        return _RANKS[self]


_RANKS = {
    AnchorSource.RECEIPT: 4,
    AnchorSource.OFFICER: 3,
    AnchorSource.NTP: 2,
    AnchorSource.RTC: 1,
}


@dataclass(frozen=True, slots=True)
class Anchor:
    """At `boot_ms` of that boot the true time was `true_ms` (Unix), give or take `error_ms`."""

    boot_id: bytes
    boot_ms: int
    true_ms: int
    error_ms: int
    source: AnchorSource


class State(IntEnum):
    """What a health check found."""

    OK = 0
    BAD = 1
    UNKNOWN = 2


@dataclass(frozen=True, slots=True)
class Reading:
    """One health check's result; `value` is in the unit that the check's name ends with."""

    check: str
    state: State
    value: int | None = None


@dataclass(frozen=True, slots=True)
class Adoption:
    """A run of an earlier epoch, under the number that its carried entries name it by."""

    run_no: int
    signed: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """`previous` is the chain value before the first entry; `newest_seq` the journal's last.

    `oldest_seq` is the first entry that the door can still send: what is before it and not at the
    hub is gone. `acked_through` is how far the door knows its entries as settled.
    `sent_boot_ms` is when the batch was made, in the boot `boot_id`: the nonce was born then.
    `known_ms` is a time (Unix) that the hub has signed and the door has seen: the batch is not
    older, however often it is shown again.
    """

    device: bytes
    epoch: bytes
    previous: bytes
    runs: tuple[bytes, ...]
    anchors: tuple[Anchor, ...]
    entries: tuple[SealedEntry, ...]
    health: tuple[Reading, ...]
    nonce: bytes
    boot_id: bytes
    sent_boot_ms: int
    sent_wall_ms: int
    newest_seq: int
    bundle_version: int
    software: str
    oldest_seq: int = 1
    known_ms: int = 0
    acked_through: int = 0
    adopted: tuple[Adoption, ...] = ()


def sign_batch(batch: Batch, key: Ed25519PrivateKey) -> bytes:
    payload = cbor.encode(
        {
            1: batch.device,
            2: batch.epoch,
            3: batch.previous,
            4: list(batch.runs),
            5: [_anchor_value(anchor) for anchor in batch.anchors],
            6: [entry.to_value() for entry in batch.entries],
            7: [[r.check, int(r.state), r.value] for r in batch.health],
            8: batch.nonce,
            9: batch.boot_id,
            10: batch.sent_boot_ms,
            11: batch.sent_wall_ms,
            12: batch.newest_seq,
            13: batch.bundle_version,
            14: batch.software,
            15: batch.oldest_seq,
            16: batch.known_ms,
            17: batch.acked_through,
            18: [[adoption.run_no, adoption.signed] for adoption in batch.adopted],
        }
    )
    kid = key_id(key.public_key().public_bytes_raw())
    return cose.sign(payload, key=key, kid=kid, aad=_AAD)


def open_batch(message: bytes, door_public: bytes) -> Batch:
    """Check a batch against the door's public key (32 bytes, Ed25519).

    Raises:
        WireError: it is not this door's, malformed, or larger than a batch may be.
    """
    if len(message) > MAX_BYTES:
        raise Malformed(f"batch of more than {MAX_BYTES} bytes")
    sign1 = cose.parse_strictly(message)
    cose.verify(sign1, Ed25519PublicKey.from_public_bytes(door_public), aad=_AAD)
    batch = _from_fields(Fields.parse(sign1.payload, of="batch").only(range(1, 19)))
    if batch.device != device_id(door_public):
        raise Malformed("batch: signed by a door for another one")
    return batch


def _from_fields(fields: Fields) -> Batch:
    return Batch(
        device=fields.octets(1, DEVICE_BYTES),
        epoch=fields.octets(2, EPOCH_BYTES),
        previous=fields.octets(3, CHAIN_BYTES),
        runs=tuple(_run_bytes(item) for item in fields.items(4, MAX_RUNS)),
        anchors=_known(_anchor(item) for item in fields.items(5, MAX_ANCHORS)),
        entries=tuple(SealedEntry.from_value(item) for item in fields.items(6, MAX_ENTRIES)),
        health=_known(_reading(item) for item in fields.items(7, 64)),
        nonce=fields.octets(8, NONCE_BYTES),
        boot_id=fields.octets(9, BOOT_ID_BYTES),
        sent_boot_ms=fields.uint(10),
        sent_wall_ms=fields.uint(11),
        newest_seq=fields.uint(12),
        bundle_version=fields.uint(13),
        software=fields.text(14, most=40),
        oldest_seq=fields.uint(15),
        known_ms=fields.uint(16, LATEST_MS),
        acked_through=fields.uint(17),
        adopted=tuple(_adoption(item) for item in fields.items(18, MAX_RUNS)),
    )


def _anchor_value(anchor: Anchor) -> cbor.Value:
    return [
        *(anchor.boot_id, anchor.boot_ms, anchor.true_ms, anchor.error_ms),
        int(anchor.source),
    ]


def _known(items: Iterable[T | None]) -> tuple[T, ...]:
    """Leave out what a newer door says in words that are not known here yet."""
    return tuple(item for item in items if item is not None)


def _anchor(item: cbor.Value) -> Anchor | None:
    fields = Fields(item, of="anchor").only(range(5))
    source = fields.uint(4, _MAX_CODE)
    if source not in set(AnchorSource):
        return None
    return Anchor(
        boot_id=fields.octets(0, BOOT_ID_BYTES),
        boot_ms=fields.uint(1),
        true_ms=fields.uint(2),
        error_ms=fields.uint(3),
        source=AnchorSource(source),
    )


def _reading(item: cbor.Value) -> Reading | None:
    fields = Fields(item, of="health reading").only(range(3))
    state = fields.uint(1, _MAX_CODE)
    if state not in set(State):
        return None
    return Reading(
        check=fields.text(0, most=40),
        state=State(state),
        value=fields.integer(2) if fields.has(2) else None,
    )


def _adoption(item: cbor.Value) -> Adoption:
    fields = Fields(item, of="adopted run").only((0, 1))
    return Adoption(fields.uint(0), fields.octets(1, most=_MAX_RUN_BYTES))


def _run_bytes(item: cbor.Value) -> bytes:
    if not isinstance(item, bytes) or len(item) > _MAX_RUN_BYTES:
        raise Malformed("batch: a run that is not bytes of a run's size")
    return item
