"""Renews and ends the hub's keys, each time under a list that the offline root signs anew."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from sync.hub import home
from sync.hub.errors import CommandFault
from sync.hub.key_making import BACKDATED, LASTS, ROOT_FILE, make_key
from sync.hub.keyring import KEY_LIST, ROOT_PUBLIC, file_name, load_keyring
from sync.wire.keys import MAX_KEYS, HubKey, KeyList, Purpose, sign_key_list


@dataclass(frozen=True, slots=True)
class Vault:
    """Where the keys are: the hub's own, and the offline root while it is here."""

    keys: Path
    offline_root: Path

    def root(self) -> Ed25519PrivateKey:
        """Raises CommandFault where the root is not here, or not this hub's."""
        path = self.offline_root / ROOT_FILE
        try:
            # Media that are carried about know no owners: their modes say nothing.
            root = load_pem_private_key(path.read_bytes(), password=None)
        except OSError as error:
            raise CommandFault(
                f"{path}: {error.strerror}; bring the offline root and name its folder "
                "with --offline-root"
            ) from error
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise CommandFault(f"{path}: not a private key in PEM without a password") from error
        if not isinstance(root, Ed25519PrivateKey) or _is_another(root, self.keys / ROOT_PUBLIC):
            raise CommandFault(f"{path}: the root of another hub")
        return root


@dataclass(frozen=True, slots=True)
class Change:
    """The new list's version, the key that was made, and the one that ends, as the list has them.

    A key that left the list at once is in `ended` with its last good second.
    """

    version: int
    made: HubKey | None
    ended: HubKey


def rotate(vault: Vault, purpose: Purpose, *, ends_s: int, now: datetime) -> Change:
    """Make a new key of a purpose; the old one stays in the list until `ends_s`, or its own end.

    Raises:
        HubError: the root is not here, or the keys are not as they must be.
    """
    root, before = vault.root(), load_keyring(vault.keys).key_list
    old = before.newest(purpose)
    if len(before.keys) >= MAX_KEYS:
        raise CommandFault(f"the list holds {MAX_KEYS} keys already: retire some first")
    # The key that came into force last is the one that signs: strictly later than the old one.
    begins_s = max(int((now - BACKDATED).timestamp()), old.not_before_s + 1)
    made = make_key(vault.keys, purpose, begins_s, int((now + LASTS).timestamp()))
    ended = replace(old, not_after_s=min(old.not_after_s, ends_s))
    kept = [ended if key == old else key for key in before.keys]
    version = _publish(vault, root, before, [*kept, made], now)
    return Change(version, made, ended)


def retire(vault: Vault, kid: bytes, now: datetime) -> Change:
    """End a key now, and delete its private half unless it still opens what was sealed to it.

    A pass key stays in the list with its end, so that a door can say why it refuses. Any other
    leaves the list: the times that it is held against are its holder's own word.

    Raises:
        HubError: it is in use or unknown, or the root is not here.
    """
    root, before = vault.root(), load_keyring(vault.keys).key_list
    key = _find(before, kid)
    if before.newest(key.purpose) == key:
        raise CommandFault(
            f"{kid.hex()}: this is the hub's {key.purpose.name.lower()} key; "
            "make another first: gapura-hub keys rotate"
        )
    ended = replace(key, not_after_s=min(key.not_after_s, int(now.timestamp())))
    stays = key.purpose is Purpose.PASS
    kept = [ended if one == key else one for one in before.keys if one != key or stays]
    version = _publish(vault, root, before, kept, now)
    _forget(vault, key)
    return Change(version, None, ended)


def _is_another(root: Ed25519PrivateKey, public: Path) -> bool:
    return root.public_key().public_bytes_raw() != public.read_bytes()


def _find(key_list: KeyList, kid: bytes) -> HubKey:
    for key in key_list.keys:
        if key.kid == kid:
            return key
    raise CommandFault(f"{kid.hex()}: there is no such key in the list; see: gapura-hub keys list")


def _publish(
    vault: Vault, root: Ed25519PrivateKey, before: KeyList, keys: list[HubKey], now: datetime
) -> int:
    """Sign and write the next list, without the keys whose time is over."""
    now_s = int(now.timestamp())
    over = [key for key in keys if key.not_after_s < now_s and not _is_newest(key, keys)]
    following = KeyList(before.version + 1, tuple(key for key in keys if key not in over))
    home.replace(vault.keys / KEY_LIST, sign_key_list(following, root))
    for key in over:
        _forget(vault, key)
    return following.version


def _is_newest(key: HubKey, keys: list[HubKey]) -> bool:
    return KeyList(0, tuple(keys)).newest(key.purpose) == key


def _forget(vault: Vault, key: HubKey) -> None:
    if key.purpose is not Purpose.SEALING:
        (vault.keys / file_name(key)).unlink(missing_ok=True)
