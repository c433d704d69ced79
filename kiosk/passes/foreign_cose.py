"""COSE_Sign1 (RFC 9052) as issuers of health certificates write it: ES256 or PS256.

Section numbers without a document are those of the EU "Technical Specifications for EU Digital
COVID Certificates", volume 1.
"""

from collections.abc import Callable, Mapping
from enum import IntEnum
from functools import lru_cache
from typing import Any, NamedTuple

from cbor2 import CBORTag
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from kiosk.passes import foreign_cbor
from sync.wire import cose
from sync.wire.errors import BadSignature, Malformed

CWT_TAG = 61  # RFC 8392, section 6
HEADER_CRIT = 2  # RFC 9052, table 3
# Section 3.2.2 names a modulus of 2048 bits; issuers took more, and less would be weak.
MIN_RSA_BITS = 2048
_PSS = padding.PSS(padding.MGF1(SHA256()), salt_length=32)  # RFC 8230, section 2
_SHA256 = SHA256()
_KEPT_HEADER_BYTES = 64


class Algorithm(IntEnum):
    """Section 3.2.2; the numbers are those of RFC 9053, table 1, and RFC 8230, table 1."""

    ES256 = -7
    PS256 = -37


# To ask the enumeration itself takes five times as long.
_ALGORITHMS = {int(member): member for member in Algorithm}


class SignedMessage(NamedTuple):
    """A parsed message; nothing in it is to be believed before `verify` returned."""

    protected: bytes
    algorithm: Algorithm
    kid: bytes | None
    payload: bytes
    signature: bytes


def parse(data: bytes) -> SignedMessage:
    """Take a message apart, with its tags or without.

    Raises:
        Malformed: not a COSE_Sign1 with an attached payload, or one that asks for what we ignore.
    """
    parts = _tagged(_tagged(foreign_cbor.decode(data), CWT_TAG), cose.SIGN1_TAG)
    if not isinstance(parts, foreign_cbor.ARRAYS) or len(parts) != 4:
        raise Malformed("COSE_Sign1 without its four parts")
    protected, unprotected, payload, signature = parts
    if not (
        isinstance(protected, bytes)
        and isinstance(unprotected, foreign_cbor.MAPS)
        and isinstance(payload, bytes)
        and isinstance(signature, bytes)
    ):
        raise Malformed("COSE_Sign1 with parts of other types")
    headers = _headers(protected) if protected else {}
    if not isinstance(headers, foreign_cbor.MAPS) or HEADER_CRIT in headers:
        raise Malformed("COSE_Sign1 with unusable headers")
    return SignedMessage(
        # RFC 9052, section 4.4: without protected headers an empty string is signed, however spelt.
        protected if headers else b"",
        _algorithm(_header(cose.HEADER_ALG, headers, unprotected)),
        _kid(_header(cose.HEADER_KID, headers, unprotected)),
        payload,
        signature,
    )


def verify(message: SignedMessage, key: object) -> None:
    """Return if the signature holds under `key` by the algorithm that the message names.

    Raises:
        BadSignature: it does not, or key and algorithm do not go together.
    """
    kind: Any = type(key)
    check = _check_for(kind, message.algorithm)
    if check is None:
        raise BadSignature("the key is not one for the algorithm that the message names")
    signed = cose.to_be_signed(message.protected, b"", message.payload)
    try:
        check(key, message.signature, signed)
    except InvalidSignature as error:
        raise BadSignature("the signature does not fit the content") from error


# To ask an abstract class takes a hundredth of a whole certificate's time.
@lru_cache(maxsize=16)
def _check_for(key: type, algorithm: Algorithm) -> Callable[[Any, bytes, bytes], None] | None:
    if algorithm is Algorithm.ES256 and issubclass(key, ec.EllipticCurvePublicKey):
        return cose.verify_es256
    if algorithm is Algorithm.PS256 and issubclass(key, rsa.RSAPublicKey):
        return _verify_ps256
    return None


def _verify_ps256(key: rsa.RSAPublicKey, signature: bytes, signed: bytes) -> None:
    if key.key_size < MIN_RSA_BITS:
        raise InvalidSignature
    key.verify(signature, signed, _PSS, _SHA256)


def _tagged(value: object, tag: int) -> object:
    return value.value if isinstance(value, CBORTag) and value.tag == tag else value


def _header(
    label: int, protected: Mapping[object, object], unprotected: Mapping[object, object]
) -> object:
    """Section 3.2.3: where both buckets have it, the protected one counts."""
    return protected[label] if label in protected else unprotected.get(label)


def _algorithm(value: object) -> Algorithm:
    algorithm = _ALGORITHMS.get(value) if isinstance(value, int) else None
    if algorithm is None:
        raise Malformed("COSE_Sign1 with another algorithm than ES256 and PS256")
    return algorithm


def _headers(data: bytes) -> object:
    return _kept_headers(data) if len(data) <= _KEPT_HEADER_BYTES else foreign_cbor.decode(data)


# A signer writes the same headers in all its certificates, and nobody changes what was read.
@lru_cache(maxsize=64)
def _kept_headers(data: bytes) -> object:
    return foreign_cbor.decode(data)


def _kid(value: object) -> bytes | None:
    if value is not None and not isinstance(value, bytes):
        raise Malformed("COSE_Sign1 with a key identifier that is not bytes")
    return value
