"""The hub's directory: database, secret and keys. Nobody but the hub's own user reads it."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from sync.hub.errors import HomeFault

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

    def prepare(self) -> None:
        """Make the directory, Django's secret and the key to people, where they are not there."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self.secret.exists():
            write_private(self.secret, secrets.token_urlsafe(48).encode())
        if not self.people_key.exists():
            write_private(self.people_key, secrets.token_hex(32).encode())

    def read_secret(self) -> str:
        """Return the secret, or nothing before `migrate` has made it."""
        return read_private(self.secret).decode() if self.secret.exists() else ""


def write_private(path: Path, content: bytes) -> None:
    """Write a new file that was never readable by anyone else, not even for a moment."""
    _write(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), content)


def replace(path: Path, content: bytes) -> None:
    """Write a file that is the old one or the new one, whole, whatever happens meanwhile."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    _write(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), content)
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
