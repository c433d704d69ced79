"""To whom backups are sealed (`age1…`, at the hub), and who opens them (kept offline)."""

from collections.abc import Iterator
from pathlib import Path

from pyrage import IdentityError, RecipientError
from pyrage.x25519 import Identity, Recipient

from sync.hub.errors import CommandFault
from sync.hub.home import Home, replace, write_private

NEXT = "run `gapura-hub create-backup-key FILE` first"


def make_key(home: Home, path: Path, hub: str) -> str:
    """Write a new identity, and have further backups sealed to it too; return its public half.

    Raises:
        CommandFault: the file is there, cannot be written, or would lie beside what it opens.
    """
    if path.absolute().is_relative_to(home.path.absolute()):
        raise CommandFault(f"{path}: not in the hub's directory: whoever has the hub has that too")
    identity = Identity.generate()
    public = str(identity.to_public())
    text = f"# opens the backups of the hub {hub}\n# public key: {public}\n{identity}\n"
    try:
        write_private(path, text.encode())
        known = home.backup_recipients.read_text() if home.backup_recipients.exists() else ""
        replace(home.backup_recipients, f"{known}{public}\n".encode())
    except OSError as error:
        raise CommandFault(f"{error.filename or path}: {error.strerror}") from error
    return public


def read_recipients(home: Home) -> list[Recipient]:
    """Raises CommandFault where there is none, or one that cannot be used."""
    path = home.backup_recipients
    try:
        found = [Recipient.from_str(line) for line in _lines(path)]
    except FileNotFoundError as error:
        raise CommandFault(f"{path}: nobody to seal the backup to; {NEXT}") from error
    except (OSError, ValueError, RecipientError) as error:
        raise CommandFault(f"{path}: not a public key of age a line ({error})") from error
    if not found:
        raise CommandFault(f"{path}: nobody to seal the backup to; {NEXT}")
    return found


def read_identities(path: Path) -> list[Identity]:
    """Raises CommandFault where the file holds none, or one that cannot be used."""
    try:
        found = [Identity.from_str(line) for line in _lines(path)]
    except OSError as error:
        raise CommandFault(f"{path}: {error.strerror}") from error
    except (ValueError, IdentityError) as error:
        # What was read there is not repeated: it may be most of a key.
        raise CommandFault(f"{path}: not an identity file of age") from error
    if not found:
        raise CommandFault(f"{path}: no identity in it")
    return found


def _lines(path: Path) -> Iterator[str]:
    lines = (line.strip() for line in path.read_text().splitlines())
    return (line for line in lines if line and not line.startswith("#"))
