"""Passes as the hub issues them, the keys behind them, and a way to sign what it never would."""

import base45

from kiosk.passes.claims import Claims, HolderKey, PassType
from kiosk.passes.issuing import PASS_AAD, STATIC_PREFIX, issue_static
from kiosk.passes.reading import Trust
from sync.wire import cose
from sync.wire.keys import HubKey, KeyList, Purpose, key_id
from tests.sync.wire.parties import BUNDLE, NOT_AFTER_S, NOT_BEFORE_S, PASS, WITHIN_S, public

KEYS = KeyList(
    1,
    (
        HubKey(Purpose.PASS, public(PASS), NOT_BEFORE_S, NOT_AFTER_S),
        HubKey(Purpose.BUNDLE, public(BUNDLE), NOT_BEFORE_S, NOT_AFTER_S),
    ),
)
TRUST = Trust(KEYS)
SIGNER = KEYS.keys[0]
VISITOR = Claims(
    sub=b"subject1",
    cti=b"token--1",
    not_before_s=WITHIN_S,
    expires_s=WITHIN_S + 86_400,
    pass_type=PassType.VISITOR,
)
HOLDER = HolderKey(x=bytes(32), y=b"\xff" * 32)


def text_of(message: bytes) -> bytes:
    encoded: bytes = base45.b45encode(message)
    return STATIC_PREFIX.encode() + encoded


def signed(payload: bytes, *, aad: bytes = PASS_AAD) -> bytes:
    """Return the text of a code whose content is rightly signed, whatever it is."""
    return text_of(cose.sign(payload, key=PASS, kid=key_id(public(PASS)), aad=aad))


GOOD = issue_static(VISITOR, PASS).encode()
