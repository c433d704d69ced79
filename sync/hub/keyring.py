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
    """`sealing` holds retired keys too: doors may have sealed runs to them long ago.

    `earlier_receipts` are receipt keys that came before `receipt`, the earliest first, each with
    its entry in the list.
    """

    root_public: bytes
    key_list_message: bytes
    key_list: KeyList
    bundle: Ed25519PrivateKey
    receipt: Ed25519PrivateKey
    passes: Ed25519PrivateKey
    sealing: tuple[X25519PrivateKey, ...]
    earlier_receipts: tuple[tuple[HubKey, Ed25519PrivateKey], ...] = ()

    @property
    def hub(self) -> HubId:
        return hub_id(self.root_public)

    @property
    def pass_key(self) -> HubKey:
        return self.key_list.newest(Purpose.PASS)

    def receipt_for(self, at_s: int, *, is_behind: bool) -> Ed25519PrivateKey:
        """Return the key for a door's receipt.

        One that `is_behind` with its bundle may not know the newest key yet: an earlier one that
        is still in force does for it.
        """
        earlier = (key for listed, key in self.earlier_receipts if listed.is_valid_at(at_s))
        return next(earlier, self.receipt) if is_behind else self.receipt


def load_keyring(folder: Path) -> Keyring:
    """Read the keys from `folder`, anew only where their list is another than the last time.

    Raises:
        HomeFault: one is missing, readable by others, or not what the signed list says.
    """
    try:
        found = (folder / KEY_LIST).stat()
    except OSError as error:
        raise HomeFault(f"{error.filename}: no keys; run `gapura-hub migrate` first") from error
    return _load(folder, (found.st_ino, found.st_mtime_ns, found.st_size))


@lru_cache(maxsize=1)
def _load(folder: Path, _mark: tuple[int, int, int]) -> Keyring:
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
        sealing=tuple(_sealing(path) for path in sealing_files(folder, key_list)),
        earlier_receipts=_earlier_receipts(folder, key_list),
    )


def sealing_files(folder: Path, key_list: KeyList) -> list[Path]:
    """Return where the sealing keys are: those of the list, the newest first, then those that
    have left it.
    """
    listed = [folder / file_name(key) for key in reversed(key_list.candidates(Purpose.SEALING))]
    kept = sorted(folder.glob(f"{Purpose.SEALING.name.lower()}-*.pem"))
    return [*listed, *(path for path in kept if path not in listed)]


def file_name(key: HubKey) -> str:
    return f"{key.purpose.name.lower()}-{key.kid.hex()}.pem"


def _newest(folder: Path, key_list: KeyList, purpose: Purpose) -> Ed25519PrivateKey:
    return _signing(folder / file_name(key_list.newest(purpose)))


def _earlier_receipts(
    folder: Path, key_list: KeyList
) -> tuple[tuple[HubKey, Ed25519PrivateKey], ...]:
    earlier = key_list.candidates(Purpose.RECEIPT)[:-1]
    files = [(key, folder / file_name(key)) for key in earlier]
    return tuple((key, _signing(path)) for key, path in files if path.exists())


def _signing(path: Path) -> Ed25519PrivateKey:
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
