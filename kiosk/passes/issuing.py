"""Makes the text of a native pass, for whoever holds a pass key: the hub."""

import base45
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.passes.claims import Claims, encode_claims
from sync.wire import cose
from sync.wire.keys import key_id

STATIC_PREFIX = "GPS1:"
# A pass is recognised by its prefix and its claims; its form is fixed without associated data.
PASS_AAD = b""


def issue_static(claims: Claims, key: Ed25519PrivateKey) -> str:
    """Return the text for the QR."""
    kid = key_id(key.public_key().public_bytes_raw())
    message = cose.sign(encode_claims(claims), key=key, kid=kid, aad=PASS_AAD)
    encoded: bytes = base45.b45encode(message)
    return STATIC_PREFIX + encoded.decode()
