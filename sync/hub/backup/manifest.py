"""What a backup says of itself: whose it is, when it was made, and the sum of every file in it."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import PurePosixPath

from sync.hub.backup.database_copy import Kind
from sync.hub.errors import FaultyFile

MANIFEST = "manifest.json"
DATABASE = "database"
HOME = "home"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Held:
    """`sha256` is in hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`files` are all that follow it, by their names in the archive: `database`, `home/…`."""

    made_at: datetime
    hub: str
    software: str
    database: Kind
    files: dict[str, Held]

    def to_bytes(self) -> bytes:
        told = {**asdict(self), "format": _FORMAT, "made_at": self.made_at.isoformat()}
        return json.dumps(told, indent=1).encode()


def read_manifest(octets: bytes) -> Manifest:
    """Raises FaultyFile where this is not the manifest of a backup that can be used here."""
    try:
        told = json.loads(octets)
        if told["format"] != _FORMAT:
            raise FaultyFile("the backup was made by a newer hub; install that first")
        return Manifest(
            made_at=datetime.fromisoformat(told["made_at"]),
            hub=str(told["hub"]),
            software=str(told["software"]),
            database=Kind(told["database"]),
            files={_name(name): Held(**held) for name, held in told["files"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FaultyFile("not a backup of a hub: its manifest cannot be read") from error


def _name(name: str) -> str:
    """Whoever knows the public key can make a backup: no name in one leads anywhere else."""
    parts = PurePosixPath(name).parts
    if name != DATABASE and (parts[0] != HOME or len(parts) < 2 or ".." in parts):
        raise ValueError(name)
    return name
