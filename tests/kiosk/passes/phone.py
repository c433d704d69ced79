"""The phone of somebody with a turning pass: its key, and the new code that it shows in turn."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

import base45
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from kiosk.passes.claims import HolderKey
from sync.wire import cbor

# The order of the group of P-256 (SEC 2, section 2.4.2).
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def inner_of(static: str | bytes) -> bytes:
    """Return the bytes of a static pass, as the page on the phone got them from the hub."""
    text = static.decode() if isinstance(static, bytes) else static
    message: bytes = base45.b45decode(text.removeprefix("GPS1:"))
    return message


def turning_text(content: cbor.Value) -> str:
    encoded: bytes = base45.b45encode(cbor.encode(content))
    return "GPR1:" + encoded.decode()


def mirrored(signature: bytes) -> bytes:
    """Return the other signature of the same content, which anybody can make: s becomes n - s."""
    return signature[:32] + (ORDER - int.from_bytes(signature[32:])).to_bytes(32)


@dataclass(frozen=True)
class Phone:
    secret: int = 2026

    @cached_property
    def key(self) -> ec.EllipticCurvePrivateKey:
        return ec.derive_private_key(self.secret, ec.SECP256R1())

    @property
    def holder(self) -> HolderKey:
        numbers = self.key.public_key().public_numbers()
        return HolderKey(numbers.x.to_bytes(32), numbers.y.to_bytes(32))

    def signature(self, inner: bytes, slot: int) -> bytes:
        signed = b"GPR1" + sha256(inner).digest() + slot.to_bytes(8)
        r, s = decode_dss_signature(self.key.sign(signed, ec.ECDSA(SHA256())))
        return r.to_bytes(32) + s.to_bytes(32)

    def code(self, static: str | bytes, unix_s: int) -> str:
        """Return what it shows when its own clock says `unix_s`."""
        inner, slot = inner_of(static), unix_s // 30
        return turning_text([inner, slot, self.signature(inner, slot)])
