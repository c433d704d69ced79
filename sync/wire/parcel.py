"""A parcel: an envelope as it lies on a stick, sealed to whom it is for.

Who finds the stick reads neither what is in it nor which door it is of. The checksum needs no key:
by it the courier tells a parcel from half of one.
"""

from collections.abc import Sequence
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from sync.wire import cbor, sealing
from sync.wire.batch import MAX_BYTES as MAX_BATCH_BYTES
from sync.wire.bundle import MAX_BYTES as MAX_BUNDLE_BYTES
from sync.wire.envelope import Envelope, open_envelope
from sync.wire.errors import CannotOpen, Malformed
from sync.wire.fields import Fields
from sync.wire.keys import DeviceId

MAGIC = "gapura-parcel"
VERSION = 1
_WRAPPING_BYTES = 512
MAX_UP_BYTES = MAX_BATCH_BYTES + _WRAPPING_BYTES
MAX_DOWN_BYTES = MAX_BUNDLE_BYTES + _WRAPPING_BYTES
# Where parcels lie on a stick: ROOT/UP/folder_of(device)/name.parcel, and the same under DOWN.
ROOT, UP, DOWN, SUFFIX = "gapura", "up", "down", ".parcel"
_DIGEST_BYTES = 32
_FOLDER_BYTES = 8
_INFO = b"gapura/parcel/1"


def pack_parcel(envelope: Envelope, to: X25519PublicKey) -> bytes:
    sealed = sealing.seal(envelope.to_bytes(), to, info=_INFO)
    return cbor.encode([MAGIC, VERSION, sha256(sealed).digest(), sealed])


def check_parcel(data: bytes) -> bytes:
    """Return what is sealed in a parcel that has come whole.

    Raises:
        Malformed: it is cut off, damaged, or no parcel.
    """
    fields = Fields.parse(data, of="parcel").only(range(4))
    if fields.text(0) != MAGIC or fields.uint(1) != VERSION:
        raise Malformed("parcel: not one of this protocol's version")
    sealed = fields.octets(3, most=MAX_DOWN_BYTES)
    if fields.octets(2, _DIGEST_BYTES) != sha256(sealed).digest():
        raise Malformed("parcel: damaged on the way")
    return sealed


def open_parcel(data: bytes, keys: Sequence[X25519PrivateKey]) -> Envelope:
    """Open a parcel with whichever of the keys it is sealed to.

    Raises:
        Malformed: it is cut off, damaged, or no parcel.
        CannotOpen: it is for somebody else.
    """
    sealed = check_parcel(data)
    for key in keys:
        try:
            return open_envelope(sealing.unseal(sealed, key, info=_INFO))
        except CannotOpen:
            continue
    raise CannotOpen("the parcel is sealed to somebody else")


def folder_of(device: DeviceId) -> str:
    """Return the name of a kiosk's folder on a stick, from which its number cannot be told."""
    return sha256(b"gapura/stick/1" + device).digest()[:_FOLDER_BYTES].hex()
