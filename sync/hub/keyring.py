"""The hub's keys as files: what a running hub needs, and nothing of the root."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from sync.hub.errors import HomeFault
from sync.hub.home import read_private
from sync.wire.errors import WireError
from sync.wire.keys import HubId, HubKey, KeyList, Purpose, hub_id, open_key_list

ROOT_PUBLIC = "root.pub"
KEY_LIST = "key-list"


@dataclass(frozen=True, slots=True)
class Keyring:
    """`sealing` holds retired keys too: doors may have sealed runs to them long ago."""

    root_public: bytes
    key_list_message: bytes
    key_list: KeyList
    bundle: Ed25519PrivateKey
    receipt: Ed25519PrivateKey
    passes: Ed25519PrivateKey
    sealing: tuple[X25519PrivateKey, ...]

    @property
    def hub(self) -> HubId:
        return hub_id(self.root_public)

    @property
    def pass_key(self) -> HubKey:
        return self.key_list.newest(Purpose.PASS)


@lru_cache(maxsize=1)
def load_keyring(folder: Path) -> Keyring:
    """Read the keys from `folder`.

    Raises:
        HomeFault: one is missing, readable by others, or not what the signed list says.
    """
    try:
        root_public = (folder / ROOT_PUBLIC).read_bytes()
        message = (folder / KEY_LIST).read_bytes()
        key_list = open_key_list(message, root_public)
    except OSError as error:
        raise HomeFault(f"{error.filename}: no keys; run `gapura-hub migrate` first") from error
    except (WireError, ValueError) as error:
        raise HomeFault(f"{folder / KEY_LIST}: not signed by {ROOT_PUBLIC}: {error}") from error
    return Keyring(
        root_public=root_public,
        key_list_message=message,
        key_list=key_list,
        bundle=_newest(folder, key_list, Purpose.BUNDLE),
        receipt=_newest(folder, key_list, Purpose.RECEIPT),
        passes=_newest(folder, key_list, Purpose.PASS),
        sealing=tuple(
            _sealing(folder / file_name(key))
            for key in reversed(key_list.candidates(Purpose.SEALING))
        ),
    )


def file_name(key: HubKey) -> str:
    return f"{key.purpose.name.lower()}-{key.kid.hex()}.pem"


def _newest(folder: Path, key_list: KeyList, purpose: Purpose) -> Ed25519PrivateKey:
    path = folder / file_name(key_list.newest(purpose))
    key = _private(path)
    if not isinstance(key, Ed25519PrivateKey):
        raise HomeFault(f"{path}: not an Ed25519 key")
    return key


def _sealing(path: Path) -> X25519PrivateKey:
    key = _private(path)
    if not isinstance(key, X25519PrivateKey):
        raise HomeFault(f"{path}: not an X25519 key")
    return key


def _private(path: Path) -> PrivateKeyTypes:
    try:
        return load_pem_private_key(read_private(path), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise HomeFault(f"{path}: not a private key in PEM without a password") from error
