"""Pairs of keys of `age`: to whom the hub seals something, and who opens it, kept elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyrage import IdentityError, RecipientError
from pyrage.x25519 import Identity, Recipient

from sync.hub.errors import CommandFault
from sync.hub.home import Home, replace, write_private


@dataclass(frozen=True, slots=True)
class Recipients:
    """A file at the hub with public keys (`age1…`), one a line. `command` makes a pair, `what` is
    what is sealed to them.
    """

    path: Path
    what: str
    command: str

    def read(self) -> list[Recipient]:
        """Raises CommandFault where there is none, or one that cannot be used."""
        try:
            found = [Recipient.from_str(line) for line in _lines(self.path)]
        except FileNotFoundError:
            found = []
        except (OSError, ValueError, RecipientError) as error:
            raise CommandFault(f"{self.path}: not a public key of age a line ({error})") from error
        if not found:
            raise CommandFault(
                f"{self.path}: nobody to seal {self.what} to;"
                f" run `gapura-hub {self.command} FILE` first"
            )
        return found

    def add(self, path: Path, home: Home, opens: str) -> str:
        """Write a new identity to `path`, have the hub seal to it too, and return its public half.
        `opens` says in the file what it is for.

        Raises:
            CommandFault: the file is there, cannot be written, or would lie at the hub.
        """
        if path.absolute().is_relative_to(home.path.absolute()):
            raise CommandFault(
                f"{path}: not in the hub's directory: whoever has the hub has that too"
            )
        identity = Identity.generate()
        public = str(identity.to_public())
        text = f"# opens {opens}\n# public key: {public}\n{identity}\n"
        try:
            write_private(path, text.encode())
            known = self.path.read_text() if self.path.exists() else ""
            replace(self.path, f"{known}{public}\n".encode())
        except OSError as error:
            raise CommandFault(f"{error.filename or path}: {error.strerror}") from error
        return public


def of_backups(home: Home) -> Recipients:
    return Recipients(home.backup_recipients, "the backup", "create-backup-key")


def of_contacts(home: Home) -> Recipients:
    return Recipients(home.tracing_recipients, "a list", "create-export-key")


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
