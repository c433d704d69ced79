"""The hub's keys, by purpose and validity, in a versioned list that the offline root signs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256
from typing import NewType

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from sync.wire import cbor, cose
from sync.wire.errors import Malformed, UnknownKey
from sync.wire.fields import Fields, one_of

Kid = NewType("Kid", bytes)
"""The first 8 bytes of the SHA-256 of a raw public key."""
HubId = NewType("HubId", bytes)
"""The kid of the root: a hub is whatever its root signed."""
DeviceId = NewType("DeviceId", bytes)
"""The first 16 bytes of the SHA-256 of the door's public signing key."""

KID_BYTES = 8
DEVICE_BYTES = 16
PUBLIC_BYTES = 32
MAX_KEYS = 64
_AAD = b"gapura/keys/1"


class Purpose(IntEnum):
    """What a key may do; a key does one thing only."""

    BUNDLE = 1
    RECEIPT = 2
    PASS = 3
    SEALING = 4
    RECOVERY = 5


@dataclass(frozen=True, slots=True)
class HubKey:
    """One public key of the hub's. Times are Unix seconds; `not_after` is the last good one."""

    purpose: Purpose
    public: bytes
    not_before_s: int
    not_after_s: int
    # Asked for at every scan.
    kid: Kid = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kid", key_id(self.public))

    def signing(self) -> Ed25519PublicKey:
        return Ed25519PublicKey.from_public_bytes(self.public)

    def sealing(self) -> X25519PublicKey:
        return X25519PublicKey.from_public_bytes(self.public)

    def is_valid_at(self, time_s: int) -> bool:
        return self.not_before_s <= time_s <= self.not_after_s


@dataclass(frozen=True, slots=True)
class KeyList:
    version: int
    keys: tuple[HubKey, ...]
    _by_name: dict[tuple[bytes | None, Purpose], HubKey] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        # The first of a name counts.
        by_name = {(key.kid, key.purpose): key for key in reversed(self.keys)}
        object.__setattr__(self, "_by_name", by_name)

    def find(self, kid: bytes | None, purpose: Purpose, *, at_s: int | None = None) -> HubKey:
        """Return the key of that name, if it may do this (and did at `at_s`).

        Raises:
            UnknownKey: it may not, or does not exist.
        """
        key = self._by_name.get((kid, purpose))
        if key is None:
            raise UnknownKey(f"no {purpose.name.lower()} key of that name")
        if at_s is not None and not key.is_valid_at(at_s):
            raise UnknownKey(f"the {purpose.name.lower()} key was not valid at that time")
        return key

    def newest(self, purpose: Purpose) -> HubKey:
        """Return the key of that purpose that came into force last.

        Raises:
            UnknownKey: there is none.
        """
        return self.candidates(purpose)[-1]

    def candidates(self, purpose: Purpose) -> Sequence[HubKey]:
        found = [key for key in self.keys if key.purpose is purpose]
        if not found:
            raise UnknownKey(f"the hub's list has no {purpose.name.lower()} key")
        return sorted(found, key=lambda key: key.not_before_s)


def key_id(public: bytes) -> Kid:
    return Kid(sha256(public).digest()[:KID_BYTES])


def hub_id(root_public: bytes) -> HubId:
    return HubId(key_id(root_public))


def device_id(signing_public: bytes) -> DeviceId:
    return DeviceId(sha256(signing_public).digest()[:DEVICE_BYTES])


def sign_key_list(key_list: KeyList, root: Ed25519PrivateKey) -> bytes:
    payload = cbor.encode(
        [
            key_list.version,
            [[int(k.purpose), k.public, k.not_before_s, k.not_after_s] for k in key_list.keys],
        ]
    )
    kid = key_id(root.public_key().public_bytes_raw())
    return cose.sign(payload, key=root, kid=kid, aad=_AAD)


def open_key_list(message: bytes, root_public: bytes) -> KeyList:
    """Check a list against the pinned root (32 bytes, Ed25519).

    Raises:
        WireError: it is not this root's, or malformed.
    """
    sign1 = cose.parse_strictly(message)
    if sign1.kid != key_id(root_public):
        raise UnknownKey("the list of keys is signed by another root")
    cose.verify(sign1, Ed25519PublicKey.from_public_bytes(root_public), aad=_AAD)
    fields = Fields.parse(sign1.payload, of="list of keys").only((0, 1))
    keys = tuple(_key(item) for item in fields.items(1, MAX_KEYS))
    if len({key.kid for key in keys}) != len(keys):
        raise Malformed("list of keys: one key twice")
    return KeyList(fields.uint(0), keys)


def _key(item: cbor.Value) -> HubKey:
    fields = Fields(item, of="key").only((0, 1, 2, 3))
    return HubKey(
        purpose=one_of(Purpose, fields.uint(0), of="key"),
        public=fields.octets(1, PUBLIC_BYTES),
        not_before_s=fields.uint(2),
        not_after_s=fields.uint(3),
    )
