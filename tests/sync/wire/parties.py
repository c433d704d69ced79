"""Who signs, seals and reads in these tests. Keys are made from names: every run is the same."""

from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from sync.wire.keys import HubKey, KeyList, Purpose, device_id, sign_key_list

NOT_BEFORE_S = 1_767_225_600  # 1 January 2026
NOT_AFTER_S = 1_798_761_599  # 31 December 2026
WITHIN_S = 1_780_000_000


def signing_key(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest())


def sealing_key(name: str) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(sha256(name.encode()).digest())


def public(key: Ed25519PrivateKey | X25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


ROOT = signing_key("root")
BUNDLE = signing_key("bundle")
RECEIPT = signing_key("receipt")
PASS = signing_key("pass")
SEALING = sealing_key("sealing")
RECOVERY = sealing_key("recovery")
DOOR = signing_key("door")
DOOR_SEALING = sealing_key("door")
OTHER_DOOR = signing_key("other door")
DEVICE = device_id(public(DOOR))
OTHER_DEVICE = device_id(public(OTHER_DOOR))

_OWNERS: tuple[tuple[Purpose, Ed25519PrivateKey | X25519PrivateKey], ...] = (
    (Purpose.BUNDLE, BUNDLE),
    (Purpose.RECEIPT, RECEIPT),
    (Purpose.PASS, PASS),
    (Purpose.SEALING, SEALING),
    (Purpose.RECOVERY, RECOVERY),
)
KEYS = KeyList(
    7, tuple(HubKey(purpose, public(key), NOT_BEFORE_S, NOT_AFTER_S) for purpose, key in _OWNERS)
)
KEY_LIST = sign_key_list(KEYS, ROOT)


def hub_key(purpose: Purpose) -> HubKey:
    return KEYS.newest(purpose)
