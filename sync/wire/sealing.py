"""Sealing to a public key: HPKE (RFC 9180), base mode, X25519, HKDF-SHA256, ChaCha20-Poly1305."""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from sync.wire.errors import CannotOpen

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
OVERHEAD_BYTES = 32 + 16


def seal(content: bytes, to: X25519PublicKey, *, info: bytes) -> bytes:
    """Return the encapsulated key followed by the ciphertext. `info` must be the same to open."""
    return _SUITE.encrypt(content, to, info=info)


def unseal(sealed: bytes, key: X25519PrivateKey, *, info: bytes) -> bytes:
    """Open what was sealed to this key's public half.

    Raises:
        CannotOpen: it was sealed to another key, under another `info`, or altered.
    """
    try:
        return _SUITE.decrypt(sealed, key, info=info)
    except (InvalidTag, ValueError) as error:
        raise CannotOpen("the seal does not open with this key") from error
