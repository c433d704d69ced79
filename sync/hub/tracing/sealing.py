"""Lists of contacts as they leave the hub, in the format of `age`; the hub itself opens none."""

from collections.abc import Sequence
from pathlib import Path

import pyrage
from pyrage.x25519 import Identity, Recipient

from sync.hub.errors import CommandFault, FaultyFile


def seal(content: bytes, recipients: Sequence[Recipient]) -> bytes:
    return pyrage.encrypt(content, list(recipients))


def open_sealed(path: Path, identities: Sequence[Identity]) -> bytes:
    """Raises CommandFault where it cannot be read or opened, FaultyFile where it is damaged."""
    try:
        sealed = path.read_bytes()
    except OSError as error:
        raise CommandFault(f"{path}: {error.strerror}") from error
    if not sealed.startswith(b"age-encryption.org/"):
        raise FaultyFile(f"{path}: not a sealed list")
    try:
        return pyrage.decrypt(sealed, list(identities))
    except pyrage.DecryptError as error:
        raise CommandFault(
            f"{path}: damaged, or sealed to another key than this identity's ({error})"
        ) from error
