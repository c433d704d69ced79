"""Makes a new hub's keys: once, all together, with the offline root kept apart."""

import secrets
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from sync.hub.home import write_private
from sync.hub.keyring import KEY_LIST, ROOT_PUBLIC, file_name
from sync.wire.keys import HubKey, KeyList, Purpose, sign_key_list

OFFLINE_ROOT = "offline-root"
ROOT_FILE = "root.pem"
# A door accepts a pass only if its key was in force when the pass began; the first passes that
# an office issues may well begin before its hub was set up.
BACKDATED = timedelta(days=30)
LASTS = timedelta(days=3 * 365)
# Without recovery, what is sealed to a lost hub is lost: it outlives every other key.
_RECOVERY_LASTS = timedelta(days=20 * 365)
ONLINE = (Purpose.BUNDLE, Purpose.RECEIPT, Purpose.PASS, Purpose.SEALING)
_SEALS = (Purpose.SEALING, Purpose.RECOVERY)


def make_keys(folder: Path, now: datetime) -> bool:
    """Make every key in `folder`; False where there are keys already.

    The folder appears with all of them in it, or not at all.
    """
    if folder.exists():
        return False
    draft = folder.with_name(f"{folder.name}.{secrets.token_hex(4)}")
    offline = draft / OFFLINE_ROOT
    draft.mkdir(mode=0o700)
    offline.mkdir(mode=0o700)
    root = Ed25519PrivateKey.generate()
    write_private(offline / ROOT_FILE, _pem(root))
    begins_s = int((now - BACKDATED).timestamp())
    recovery = make_key(
        offline, Purpose.RECOVERY, begins_s, int((now + _RECOVERY_LASTS).timestamp())
    )
    ends_s = int((now + LASTS).timestamp())
    keys = tuple(make_key(draft, purpose, begins_s, ends_s) for purpose in ONLINE)
    (draft / ROOT_PUBLIC).write_bytes(root.public_key().public_bytes_raw())
    (draft / KEY_LIST).write_bytes(sign_key_list(KeyList(1, (*keys, recovery)), root))
    draft.rename(folder)
    return True


def make_key(folder: Path, purpose: Purpose, not_before_s: int, not_after_s: int) -> HubKey:
    """Make a key pair; the private half is in `folder` when this returns."""
    private = X25519PrivateKey.generate() if purpose in _SEALS else Ed25519PrivateKey.generate()
    key = HubKey(
        purpose=purpose,
        public=private.public_key().public_bytes_raw(),
        not_before_s=not_before_s,
        not_after_s=not_after_s,
    )
    write_private(folder / file_name(key), _pem(private))
    return key


def _pem(key: Ed25519PrivateKey | X25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
