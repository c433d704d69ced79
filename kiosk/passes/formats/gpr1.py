"""`GPR1:`, the rotating native pass: a static pass, a 30 s slot, and the signature of a phone.

The phone signs "GPR1" || SHA-256(pass bytes) || slot (8 bytes, big-endian) with the P-256 key that
the pass names, so that a photograph of the screen is worth nothing soon after.
"""

from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from kiosk.passes.claims import HolderKey
from kiosk.passes.format import Format
from kiosk.passes.formats import gps1
from kiosk.passes.reading import Pass, PassKeys, Refusal
from kiosk.passes.reason import Reason
from kiosk.passes.unpacking import decode_base45
from sync.wire import cbor, cose
from sync.wire.errors import Malformed
from sync.wire.fields import LATEST_MS

PREFIX = "GPR1:"
SLOT_S = 30

# Those of the pass inside, whose holder must have signed the slot.
STAGES = gps1.STAGES
_MAX_SLOT = LATEST_MS // 1000 // SLOT_S
_P256 = SECP256R1()
_POINT = b"\x04"  # SEC 1, section 2.3.3: x and y follow


def read(text: str, keys: PassKeys) -> Pass | Refusal:
    """Judge the text of a code that begins with the prefix."""
    try:
        message = decode_base45(text.removeprefix(PREFIX))
    except Malformed:
        return _refuse(Reason.BAD_ENCODING)
    try:
        inner, slot, signature = _parts(message)
    except Malformed:
        return _refuse(Reason.BAD_STRUCTURE)
    presented = gps1.verify(inner, keys)
    if isinstance(presented, Refusal):
        return _refuse(presented.reason)
    if presented.claims.holder_key is None:
        return _refuse(Reason.BAD_CLAIMS)
    if not _is_signed(presented.claims.holder_key, inner, slot, signature):
        return _refuse(Reason.BAD_HOLDER_SIGNATURE)
    return Pass(Format.GPR1, presented.claims, presented.signer, slot)


def to_be_signed(inner: bytes, slot: int) -> bytes:
    """Return what the phone signs for a slot (Unix time in seconds // 30)."""
    return b"GPR1" + sha256(inner).digest() + slot.to_bytes(8)


def _parts(message: bytes) -> tuple[bytes, int, bytes]:
    value = cbor.decode(message)
    if not isinstance(value, list) or len(value) != 3:
        raise Malformed("rotating pass: not an array of three")
    inner, slot, signature = value
    if not isinstance(inner, bytes) or not isinstance(signature, bytes):
        raise Malformed("rotating pass: something else than a pass and a signature")
    if type(slot) is not int or not 0 <= slot <= _MAX_SLOT:
        raise Malformed("rotating pass: a slot that no clock shows")
    if len(signature) != cose.ES256_SIGNATURE_BYTES:
        raise Malformed("rotating pass: a signature of another length")
    return inner, slot, signature


def _is_signed(holder: HolderKey, inner: bytes, slot: int, signature: bytes) -> bool:
    try:
        key = EllipticCurvePublicKey.from_encoded_point(_P256, _POINT + holder.x + holder.y)
        cose.verify_es256(key, signature, to_be_signed(inner, slot))
    except (InvalidSignature, ValueError):  # ValueError: the point is not on the curve
        return False
    return True


def _refuse(reason: Reason) -> Refusal:
    return Refusal(Format.GPR1, reason)
