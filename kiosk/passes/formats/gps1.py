"""`GPS1:`, the static native pass: base45 (RFC 9285) of a COSE_Sign1 with CBOR claims."""

from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.passes.claims import decode_claims
from kiosk.passes.format import Format
from kiosk.passes.issuing import PASS_AAD, STATIC_PREFIX
from kiosk.passes.reading import Pass, PassKeys, Refusal
from kiosk.passes.reason import Reason
from kiosk.passes.unpacking import decode_base45
from sync.wire import cose
from sync.wire.errors import BadSignature, Malformed, UnknownKey
from sync.wire.keys import MAX_KEYS, Purpose

PREFIX = STATIC_PREFIX

# In the order in which they are passed, each with the one reason for which it refuses. The last
# refuses a pass that only a turning code may show.
STAGES = {
    "length": Reason.TOO_LONG,
    "base45": Reason.BAD_ENCODING,
    "structure": Reason.BAD_STRUCTURE,
    "signer": Reason.UNKNOWN_KEY,
    "signature": Reason.BAD_SIGNATURE,
    "claims": Reason.BAD_CLAIMS,
    "signer validity": Reason.KEY_NOT_IN_FORCE,
    "holder": Reason.BAD_HOLDER_SIGNATURE,
}


def read(text: str, keys: PassKeys) -> Pass | Refusal:
    """Judge the text of a code that begins with the prefix."""
    try:
        message = decode_base45(text.removeprefix(PREFIX))
    except Malformed:
        return _refuse(Reason.BAD_ENCODING)
    presented = verify(message, keys)
    if isinstance(presented, Pass) and presented.claims.holder_key is not None:
        # It lies open in every turning code: a photograph of one would be good for ever.
        return _refuse(Reason.BAD_HOLDER_SIGNATURE)
    return presented


def verify(message: bytes, keys: PassKeys) -> Pass | Refusal:
    """Judge the bytes of a static pass, alone or inside a rotating one."""
    try:
        sign1 = cose.parse_strictly(message)
    except Malformed:
        return _refuse(Reason.BAD_STRUCTURE)
    try:
        signer = keys.find(sign1.kid, Purpose.PASS)
        cose.verify(sign1, _load(signer.public), aad=PASS_AAD)
    except UnknownKey:
        return _refuse(Reason.UNKNOWN_KEY)
    except BadSignature:
        return _refuse(Reason.BAD_SIGNATURE)
    try:
        claims = decode_claims(sign1.payload)
    except Malformed:
        return _refuse(Reason.BAD_CLAIMS)
    if not signer.is_valid_at(claims.not_before_s):
        return _refuse(Reason.KEY_NOT_IN_FORCE)
    return Pass(Format.GPS1, claims, signer)


@lru_cache(maxsize=MAX_KEYS)
def _load(public: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(public)


def _refuse(reason: Reason) -> Refusal:
    return Refusal(Format.GPS1, reason)
