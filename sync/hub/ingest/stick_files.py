"""A stick's files at the hub: read one by one, answered in the folders of those who wrote them."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sync.hub.errors import CommandFault
from sync.hub.ingest.parcels import Reply
from sync.wire.parcel import DOWN, MAX_UP_BYTES, ROOT, SUFFIX, UP


@dataclass(frozen=True, slots=True)
class Stick:
    """`up` is where kiosks' parcels are looked for, `down` where answers go."""

    up: Path
    down: Path

    @classmethod
    def at(cls, path: Path, out: Path | None = None) -> "Stick":
        """Find the folders of a stick, of a copy of one, or of a folder of parcels.

        Raises:
            CommandFault: there is no such folder.
        """
        if not path.is_dir():
            raise CommandFault(f"{path}: no such folder; name where the stick is mounted")
        root = path / ROOT if (path / ROOT / UP).is_dir() else path
        is_stick = (root / UP).is_dir()
        above = root if is_stick and out is None else (out or path) / ROOT
        return cls(root / UP if is_stick else root, above / DOWN)

    def parcels(self) -> Iterator[Path]:
        """Yield the parcels' paths, those of one kiosk one after the other."""
        for path in sorted(self.up.rglob(f"*{SUFFIX}")):
            is_answer = self.down in path.parents
            if path.is_file() and not path.is_symlink() and not is_answer:
                yield path

    def put(self, replies: Iterable[Reply]) -> None:
        """Write answers, each whole or not at all.

        Raises:
            CommandFault: the stick is read-only, full, or out.
        """
        try:
            for reply in replies:
                _write_whole(self.down / reply.folder, reply)
        except OSError as error:
            raise CommandFault(
                f"{self.down}: {error.strerror}; what was read is stored. "
                "Import once more, or name another folder with --out"
            ) from error


def read_parcel(path: Path) -> bytes:
    """Return a file's content, or as much of it as shows that it is too long.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return file.read(MAX_UP_BYTES + 1)


def _write_whole(folder: Path, reply: Reply) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{reply.name}.part"
    try:
        with draft.open("wb") as file:
            file.write(reply.content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / reply.name)
    except OSError:
        with suppress(OSError):
            draft.unlink()
        raise
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
