"""One valid code of each signed format, with the bare checks of the signatures in it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from benchmarks.alternation import Work
from kiosk.passes import foreign_cose
from kiosk.passes.formats import gpr1
from kiosk.passes.issuing import issue_static
from kiosk.passes.reading import Trust
from kiosk.passes.unpacking import decode_base45, inflate
from sync.wire import cose
from tests.kiosk.passes.health_issuer import Issuer, claims, issued, issuer, rsa_key
from tests.kiosk.passes.issued import KEYS, VISITOR
from tests.kiosk.passes.phone import Phone, inner_of
from tests.sync.wire.parties import PASS, public

_SLOT = VISITOR.not_before_s // gpr1.SLOT_S
_P256 = ec.SECP256R1()
_ECDSA = ec.ECDSA(SHA256())
_PSS = padding.PSS(padding.MGF1(SHA256()), 32)
_SHA256 = SHA256()
_NATIVE_GOAL, _FOREIGN_GOAL = 1.5, 2.5


@dataclass(frozen=True, slots=True)
class Specimen:
    """`bare` checks the same signatures over the same bytes, the issuer's key loaded already."""

    name: str
    payload: bytes
    trust: Trust
    bare: Work
    goal: float


def specimens() -> Iterator[Specimen]:
    yield _static()
    yield _turning()
    yield _certificate("HC1 ES256", issuer())
    yield _certificate("HC1 PS256", issuer(rsa_key()))


def _static() -> Specimen:
    text = issue_static(VISITOR, PASS)
    return Specimen("GPS1", text.encode(), Trust(KEYS), _bare_static(text), _NATIVE_GOAL)


def _turning() -> Specimen:
    phone = Phone()
    static = issue_static(replace(VISITOR, holder_key=phone.holder), PASS)
    payload = phone.code(static, VISITOR.not_before_s).encode()
    bare_static = _bare_static(static)
    signed = gpr1.to_be_signed(inner_of(static), _SLOT)
    dss = _dss(phone.signature(inner_of(static), _SLOT))
    point = phone.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def bare() -> None:
        bare_static()
        # The holder's key comes with the code: whoever checks the signature has to load it.
        key = ec.EllipticCurvePublicKey.from_encoded_point(_P256, point)
        key.verify(dss, signed, _ECDSA)

    return Specimen("GPR1", payload, Trust(KEYS), bare, _NATIVE_GOAL)


def _certificate(name: str, by: Issuer) -> Specimen:
    text = issued(claims(), by)
    message = foreign_cose.parse(inflate(decode_base45(text.removeprefix("HC1:"))))
    signed = cose.to_be_signed(message.protected, b"", message.payload)
    key = by.key.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        bare = _bare_ps256(key, message.signature, signed)
    else:
        bare = _bare_es256(key, message.signature, signed)
    return Specimen(name, text.encode(), Trust(KEYS, by.signers), bare, _FOREIGN_GOAL)


def _bare_static(text: str) -> Work:
    sign1 = cose.parse(inner_of(text))
    signed = cose.to_be_signed(sign1.protected_bytes, b"", sign1.payload)
    key = Ed25519PublicKey.from_public_bytes(public(PASS))
    return lambda: key.verify(sign1.signature, signed)


def _bare_es256(key: ec.EllipticCurvePublicKey, signature: bytes, signed: bytes) -> Work:
    dss = _dss(signature)
    return lambda: key.verify(dss, signed, _ECDSA)


def _dss(signature: bytes) -> bytes:
    return encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))


def _bare_ps256(key: rsa.RSAPublicKey, signature: bytes, signed: bytes) -> Work:
    return lambda: key.verify(signature, signed, _PSS, _SHA256)
