"""The hub's directory: database, secret and keys. Nobody but the hub's own user reads it."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from sync.hub.errors import HomeFault

RESTORING = ".restoring-"
_OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class Home:
    path: Path

    @property
    def keys(self) -> Path:
        return self.path / "keys"

    @property
    def tls(self) -> Path:
        return self.path / "tls"

    @property
    def secret(self) -> Path:
        return self.path / "secret.key"

    @property
    def people_key(self) -> Path:
        return self.path / "people.key"

    @property
    def identity_key(self) -> Path:
        """Keys that names are sealed under in the database, in hexadecimal, the newest first."""
        return self.path / "identity.key"

    @property
    def audit_key(self) -> Path:
        """The private key (Ed25519, in hexadecimal) that signs the audit log."""
        return self.path / "audit.key"

    @property
    def backup_recipients(self) -> Path:
        """Public keys of age, one a line, that backups are sealed to."""
        return self.path / "backup.recipients"

    @property
    def tracing_recipients(self) -> Path:
        """Public keys of age, one a line, that lists of contacts are sealed to."""
        return self.path / "tracing.recipients"

    @property
    def restored(self) -> Path:
        """Says which backup was restored here, until `migrate` has noted it."""
        return self.path / ".restored"

    def prepare(self) -> None:
        """Make the directory, Django's secret and the key to people, where they are not there.

        Raises:
            HomeFault: a restore was cut off here; what it left must not be taken for a hub.
        """
        if any(self.path.glob(f"{RESTORING}*")):
            raise HomeFault(f"{self.path}: a restore was cut off; empty it and restore once more")
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self.secret.exists():
            write_private(self.secret, secrets.token_urlsafe(48).encode())
        if not self.people_key.exists():
            write_private(self.people_key, secrets.token_hex(32).encode())
        for path in (self.identity_key, self.audit_key):
            if not path.exists():
                write_private(path, secrets.token_hex(32).encode() + b"\n")

    def read_secret(self) -> str:
        """Return the secret, or nothing before `migrate` has made it."""
        return read_private(self.secret).decode() if self.secret.exists() else ""


def write_private(path: Path, content: bytes) -> None:
    """Write a new file that was never readable by anyone else, not even for a moment."""
    _write(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), content)


def replace(path: Path, content: bytes) -> None:
    """Write a file that is the old one or the new one, whole, whatever happens meanwhile."""
    _replace(path, content, 0o644)


def replace_private(path: Path, content: bytes) -> None:
    """The same, for what nobody else may read."""
    _replace(path, content, 0o600)


def _replace(path: Path, content: bytes, mode: int) -> None:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    _write(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), content)
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _write(descriptor: int, content: bytes) -> None:
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def read_private(path: Path) -> bytes:
    """Raises HomeFault where others could have read the file too, or it cannot be read."""
    try:
        mode = path.stat().st_mode
        content = path.read_bytes()
    except OSError as error:
        raise HomeFault(f"{path}: {error.strerror}; run `gapura-hub migrate` first") from error
    if mode & _OTHERS:
        raise HomeFault(f"{path}: other users can read this; run: chmod 600 '{path}'")
    return content
