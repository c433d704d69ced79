"""COSE_Sign1 (RFC 9052, section 4.2) with EdDSA on Ed25519 and ES256."""

from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import TypeAlias

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from sync.wire import cbor
from sync.wire.errors import BadSignature, Malformed

SIGN1_TAG = 18  # RFC 9052, table 1
_TAGGED = bytes([0xC0 | SIGN1_TAG])  # RFC 8949, section 3: major type 6, shortest spelling
HEADER_ALG = 1  # RFC 9052, table 3
HEADER_KID = 4
ES256_SIGNATURE_BYTES = 64
# An array of four, the text that begins it.
_SIG_STRUCTURE = b"\x84" + cbor2.dumps("Signature1")
_OWN_HEADERS = frozenset({HEADER_ALG, HEADER_KID})
_KEPT_HEADER_BYTES = 64
_ECDSA = ec.ECDSA(SHA256())

PublicKey: TypeAlias = Ed25519PublicKey | ec.EllipticCurvePublicKey
Headers: TypeAlias = dict[int | str, cbor.Value]


class Algorithm(IntEnum):
    """RFC 9053, section 2."""

    EDDSA = -8
    ES256 = -7


@dataclass(frozen=True, slots=True)
class Sign1:
    """A parsed message; nothing in it is to be believed before `verify` returned."""

    protected_bytes: bytes
    protected: Headers
    unprotected: Headers
    payload: bytes
    signature: bytes

    @property
    def algorithm(self) -> cbor.Value:
        return self.protected.get(HEADER_ALG, self.unprotected.get(HEADER_ALG))

    @property
    def kid(self) -> bytes | None:
        kid = self.protected.get(HEADER_KID, self.unprotected.get(HEADER_KID))
        return kid if isinstance(kid, bytes) else None


def sign(payload: bytes, *, key: Ed25519PrivateKey, kid: bytes, aad: bytes) -> bytes:
    """Return the tagged message. `aad` keeps one kind of message from passing for another."""
    protected = cbor.encode({HEADER_ALG: int(Algorithm.EDDSA), HEADER_KID: kid})
    signature = key.sign(to_be_signed(protected, aad, payload))
    return cbor.encode(cbor2.CBORTag(SIGN1_TAG, [protected, {}, payload, signature]))


def parse(message: bytes) -> Sign1:
    """Take a message apart.

    Raises:
        Malformed: not a tagged COSE_Sign1 with an attached payload in its one spelling.
    """
    if not message.startswith(_TAGGED):
        raise Malformed("not a tagged COSE_Sign1")
    # Inside a tag the library builds other containers, which would have to be built again.
    return from_parts(cbor.decode(message[len(_TAGGED) :], max_depth=cbor.MAX_DEPTH - 1))


def from_parts(parts: cbor.Value) -> Sign1:
    """Take the four parts of an untagged message.

    Raises:
        Malformed: they are not the parts of a COSE_Sign1.
    """
    if not isinstance(parts, list) or len(parts) != 4:
        raise Malformed("COSE_Sign1 without its four parts")
    protected_bytes, unprotected, payload, signature = parts
    if not (
        isinstance(protected_bytes, bytes)
        and isinstance(unprotected, dict)
        and isinstance(payload, bytes)
        and isinstance(signature, bytes)
    ):
        raise Malformed("COSE_Sign1 with parts of other types")
    protected = _headers(protected_bytes) if protected_bytes else {}
    if not isinstance(protected, dict) or protected.keys() & unprotected.keys():
        raise Malformed("COSE_Sign1 with unusable headers")
    return Sign1(protected_bytes, protected, unprotected, payload, signature)


def _headers(data: bytes) -> cbor.Value:
    return _kept_headers(data) if len(data) <= _KEPT_HEADER_BYTES else cbor.decode(data)


# A key writes the same headers in all its messages, and nobody changes what was read.
@lru_cache(maxsize=16)
def _kept_headers(data: bytes) -> cbor.Value:
    return cbor.decode(data)


def parse_strictly(message: bytes) -> Sign1:
    """Parse a message of our own: algorithm and key identifier protected, nothing unprotected.

    Raises:
        Malformed: it is not of that form.
    """
    sign1 = parse(message)
    if sign1.protected.keys() != _OWN_HEADERS or sign1.unprotected:
        raise Malformed("COSE_Sign1 with other headers than alg and kid")
    if sign1.algorithm != Algorithm.EDDSA or sign1.kid is None:
        raise Malformed("COSE_Sign1 with another algorithm than EdDSA")
    return sign1


def verify(sign1: Sign1, key: PublicKey, *, aad: bytes) -> None:
    """Return if the signature holds under `key` by the algorithm that the message names.

    Raises:
        BadSignature: it does not, or key and algorithm do not go together.
    """
    # RFC 9052, section 4.4: without protected headers an empty string is signed, however spelt.
    protected_bytes = sign1.protected_bytes if sign1.protected else b""
    signed = to_be_signed(protected_bytes, aad, sign1.payload)
    try:
        if isinstance(key, Ed25519PublicKey) and sign1.algorithm == Algorithm.EDDSA:
            key.verify(sign1.signature, signed)
        elif isinstance(key, ec.EllipticCurvePublicKey) and sign1.algorithm == Algorithm.ES256:
            verify_es256(key, sign1.signature, signed)
        else:
            raise BadSignature("the key is not one for the algorithm that the message names")
    except InvalidSignature as error:
        raise BadSignature("the signature does not fit the content") from error


def verify_es256(key: ec.EllipticCurvePublicKey, signature: bytes, signed: bytes) -> None:
    """Check r || s of 32 bytes each (RFC 9053, section 2.1).

    Raises:
        InvalidSignature: it does not hold.
    """
    if not isinstance(key.curve, ec.SECP256R1) or len(signature) != ES256_SIGNATURE_BYTES:
        raise InvalidSignature
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    key.verify(encode_dss_signature(r, s), signed, _ECDSA)


def to_be_signed(protected: bytes, aad: bytes, payload: bytes) -> bytes:
    """Return the Sig_structure of RFC 9052, section 4.4."""
    return _SIG_STRUCTURE + _octets(protected) + _octets(aad) + _octets(payload)


# Every scan has one to write, of which only lengths differ: an encoder takes twice as long.
def _octets(content: bytes) -> bytes:
    """Return a byte string in its shortest spelling (RFC 8949, section 3)."""
    length = len(content)
    if length < 24:
        return bytes((0x40 | length,)) + content
    if length < 256:
        return bytes((0x58, length)) + content
    return cbor.encode(content) if length > 0xFFFF else b"\x59" + length.to_bytes(2) + content
