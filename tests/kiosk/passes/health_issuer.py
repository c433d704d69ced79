"""Somebody who issues health certificates: keys, X.509 certificates, and any content signed."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from typing import Any, TypeAlias

import base45
import cbor2
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from kiosk.passes.signers import SignerList, read_signers

PrivateKey: TypeAlias = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

NOT_BEFORE_S = 1_620_000_000
NOT_AFTER_S = 1_680_000_000
ISSUED_S = 1_622_000_000
EXPIRES_S = 1_650_000_000
ES256, PS256 = -7, -37
TEST_OID, VACCINATION_OID, RECOVERY_OID = (f"1.3.6.1.4.1.1847.2021.1.{n}" for n in (1, 2, 3))
SERVER_OID = "1.3.6.1.5.5.7.3.1"

_COMMON = {"tg": "840539006", "co": "ID", "is": "Kementerian Kesehatan", "ci": "URN:UVCI:01:ID:7#3"}
VACCINATION: Mapping[str, Any] = {
    **_COMMON,
    "vp": "1119349007",
    "mp": "CoronaVac",
    "ma": "Sinovac-Biotech",
    "dn": 2,
    "sd": 3,
    "dt": "2021-04-17",
}
TEST: Mapping[str, Any] = {
    **_COMMON,
    "tt": "LP6464-4",
    "sc": "2021-05-20T08:30:00+07:00",
    "tr": "260415000",
    "tc": "Klinik",
}
RECOVERY: Mapping[str, Any] = {
    **_COMMON,
    "fr": "2021-03-01",
    "df": "2021-03-15",
    "du": "2021-09-01",
}
NAMES = {"fn": "Wulandari", "fnt": "WULANDARI", "gn": "Sri", "gnt": "SRI"}
BORN = "1987-06-05"


def content(**groups: Any) -> dict[str, Any]:
    """Return the certificate itself; without groups it is one of vaccination."""
    return {"ver": "1.3.0", "nam": NAMES, "dob": BORN, **(groups or {"v": [VACCINATION]})}


def claims(**groups: Any) -> dict[int, Any]:
    return {1: "ID", 4: EXPIRES_S, 6: ISSUED_S, -260: {1: content(**groups)}}


@cache
def p256_key(secret: int = 1987) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(secret, ec.SECP256R1())


@cache
def p384_key() -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(1987, ec.SECP384R1())


@cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


@dataclass(frozen=True)
class Issuer:
    key: PrivateKey
    certificate: bytes

    @property
    def kid(self) -> bytes:
        return sha256(self.certificate).digest()[:8]

    @property
    def algorithm(self) -> int:
        return PS256 if isinstance(self.key, rsa.RSAPrivateKey) else ES256

    @property
    def signers(self) -> SignerList:
        return read_signers([self.certificate])

    def under(self, key: PrivateKey) -> "Issuer":
        """Return one who signs with another key, but as this one."""
        return replace(self, key=key)


def issuer(
    key: PrivateKey | None = None,
    *,
    usages: Sequence[str] | None = None,
    is_critical: bool = False,
    not_before_s: int = NOT_BEFORE_S,
    not_after_s: int = NOT_AFTER_S,
    serial: int = 1,
) -> Issuer:
    key = key or p256_key()
    name = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "ID")])
    builder = (
        x509.CertificateBuilder(name, name, key.public_key(), serial)
        .not_valid_before(datetime.fromtimestamp(not_before_s, UTC))
        .not_valid_after(datetime.fromtimestamp(not_after_s, UTC))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    )
    if usages is not None:
        oids = x509.ExtendedKeyUsage([x509.ObjectIdentifier(usage) for usage in usages])
        builder = builder.add_extension(oids, critical=is_critical)
    return Issuer(key, builder.sign(key, SHA256()).public_bytes(Encoding.DER))


def message(
    payload: Any,
    by: Issuer,
    *,
    protected: Mapping[int, Any] | None = None,
    unprotected: Mapping[int, Any] | None = None,
) -> list[Any]:
    """Return the four parts of a COSE_Sign1; a payload that is not bytes is encoded."""
    headers = {1: by.algorithm, 4: by.kid} if protected is None else protected
    encoded = cbor2.dumps(headers) if headers else b""
    body = payload if isinstance(payload, bytes) else cbor2.dumps(payload)
    signature = sign(by.key, cbor2.dumps(["Signature1", encoded, b"", body]))
    return [encoded, dict(unprotected or {}), body, signature]


def sign(key: PrivateKey, signed: bytes) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(signed, padding.PSS(padding.MGF1(SHA256()), 32), SHA256())
    r, s = decode_dss_signature(key.sign(signed, ec.ECDSA(SHA256())))
    size = (key.key_size + 7) // 8
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def tagged(parts: Any, *tags: int) -> bytes:
    """Encode the parts within the tags, the outermost first; without any, untagged."""
    value = parts
    for tag in reversed(tags):
        value = cbor2.CBORTag(tag, value)
    return cbor2.dumps(value)


def text_of_packed(packed: bytes) -> str:
    encoded: bytes = base45.b45encode(packed)
    return "HC1:" + encoded.decode()


def text_of(cose: bytes, level: int = 9) -> str:
    return text_of_packed(zlib.compress(cose, level))


def issued(payload: Any, by: Issuer, **headers: Any) -> str:
    return text_of(tagged(message(payload, by, **headers), 18))
