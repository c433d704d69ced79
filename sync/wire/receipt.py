"""A receipt: what the hub has stored of a door's journal, signed by the hub, on its way down."""

from dataclasses import dataclass
from enum import IntEnum

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.wire import cbor, cose
from sync.wire.batch import NONCE_BYTES
from sync.wire.entry import CHAIN_BYTES, EPOCH_BYTES
from sync.wire.fields import LATEST_MS, Fields, one_of
from sync.wire.keys import DEVICE_BYTES, KeyList, Purpose, key_id

_AAD = b"gapura/receipt/1"
MAX_REJECTED = 500
MAX_MISSING = 64


class Rejection(IntEnum):
    """Why the hub did not take an entry. Numbers are never given out twice."""

    NO_RUN = 1
    CANNOT_OPEN = 2
    UNREADABLE = 3


@dataclass(frozen=True, slots=True)
class Receipt:
    """`acked_through` is the last seq up to which the hub has settled every entry of the epoch.

    Settled is stored, or listed in `rejected` (then the door keeps it). `chain` is the hub's chain
    value there. `missing` are ranges (first, last) that the door is asked to send again.
    `bundle_version` is the newest that there is for this door: one that has it is up to date.
    `nonce` is that of the batch answered; `hub_time_ms` is Unix time at the signing.
    """

    device: bytes
    epoch: bytes
    acked_through: int
    chain: bytes
    rejected: tuple[tuple[int, Rejection], ...]
    missing: tuple[tuple[int, int], ...]
    nonce: bytes
    hub_time_ms: int
    pause_s: int
    conflict: bool = False
    bundle_version: int = 0


def sign_receipt(receipt: Receipt, key: Ed25519PrivateKey) -> bytes:
    payload = cbor.encode(
        {
            1: receipt.device,
            2: receipt.epoch,
            3: receipt.acked_through,
            4: receipt.chain,
            5: [[seq, int(reason)] for seq, reason in receipt.rejected],
            6: [[first, last] for first, last in receipt.missing],
            7: receipt.nonce,
            8: receipt.hub_time_ms,
            9: receipt.pause_s,
            10: receipt.conflict,
            11: receipt.bundle_version,
        }
    )
    kid = key_id(key.public_key().public_bytes_raw())
    return cose.sign(payload, key=key, kid=kid, aad=_AAD)


def open_receipt(message: bytes, keys: KeyList) -> Receipt:
    """Check a receipt against the hub's list of keys.

    Raises:
        WireError: it is not the hub's, or malformed.
    """
    sign1 = cose.parse_strictly(message)
    fields = Fields.parse(sign1.payload, of="receipt").only(range(1, 12))
    hub_time_ms = fields.uint(8, LATEST_MS)
    key = keys.find(sign1.kid, Purpose.RECEIPT, at_s=hub_time_ms // 1000)
    cose.verify(sign1, key.signing(), aad=_AAD)
    return Receipt(
        device=fields.octets(1, DEVICE_BYTES),
        epoch=fields.octets(2, EPOCH_BYTES),
        acked_through=fields.uint(3),
        chain=fields.octets(4, CHAIN_BYTES),
        rejected=tuple(_rejected(item) for item in fields.items(5, MAX_REJECTED)),
        missing=tuple(_range(item) for item in fields.items(6, MAX_MISSING)),
        nonce=fields.octets(7, NONCE_BYTES),
        hub_time_ms=hub_time_ms,
        pause_s=fields.uint(9, most=86400),
        conflict=fields.flag(10),
        bundle_version=fields.uint(11),
    )


def _rejected(item: cbor.Value) -> tuple[int, Rejection]:
    fields = Fields(item, of="rejected entry").only((0, 1))
    return fields.uint(0), one_of(Rejection, fields.uint(1), of="rejected entry")


def _range(item: cbor.Value) -> tuple[int, int]:
    fields = Fields(item, of="missing range").only((0, 1))
    return fields.uint(0), fields.uint(1)
