"""To whom lists of contacts are sealed, in the format of `age`; the hub itself opens none."""

from collections.abc import Sequence
from pathlib import Path

import pyrage
from pyrage import RecipientError
from pyrage.x25519 import Identity, Recipient

from sync.hub.errors import CommandFault, FaultyFile
from sync.hub.home import Home, replace, write_private

NEXT = "run `gapura-hub create-export-key FILE` first"


def make_key(home: Home, path: Path) -> str:
    """Write a new identity, and have lists sealed to it too; return its public half.

    Raises:
        CommandFault: the file is there, cannot be written, or would lie at the hub.
    """
    if path.absolute().is_relative_to(home.path.absolute()):
        raise CommandFault(f"{path}: not in the hub's directory: whoever has the hub has that too")
    identity = Identity.generate()
    public = str(identity.to_public())
    text = f"# opens lists of contacts\n# public key: {public}\n{identity}\n"
    recipients = home.tracing_recipients
    try:
        write_private(path, text.encode())
        known = recipients.read_text() if recipients.exists() else ""
        replace(recipients, f"{known}{public}\n".encode())
    except OSError as error:
        raise CommandFault(f"{error.filename or path}: {error.strerror}") from error
    return public


def read_recipients(home: Home) -> list[Recipient]:
    """Raises CommandFault where there is none, or one that cannot be used."""
    path = home.tracing_recipients
    try:
        lines = [line.strip() for line in path.read_text().splitlines()]
        found = [Recipient.from_str(line) for line in lines if line and not line.startswith("#")]
    except FileNotFoundError as error:
        raise CommandFault(f"{path}: nobody to seal a list to; {NEXT}") from error
    except (OSError, ValueError, RecipientError) as error:
        raise CommandFault(f"{path}: not a public key of age a line") from error
    if not found:
        raise CommandFault(f"{path}: nobody to seal a list to; {NEXT}")
    return found


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
