"""The archive inside the seal: a tar file, its manifest first, to be checked as it is read."""

import os
import tarfile
from collections.abc import Sequence
from hashlib import file_digest, sha256
from io import BufferedWriter, BytesIO
from pathlib import Path
from typing import IO, BinaryIO

from pyrage.x25519 import Identity, Recipient

from sync.hub.backup.manifest import MANIFEST, Held, Manifest, read_manifest
from sync.hub.backup.sealing import seal, unsealed
from sync.hub.errors import FaultyFile

_BLOCK = 1024 * 1024
_LARGEST_MANIFEST = 16 * 1024 * 1024
# Who may read it, and whether others may; nothing is ever run.
_MODES = 0o644


def held_in(stage: Path) -> dict[str, Held]:
    """Return size and sum of every file below `stage`, by its name there."""
    found = {}
    for path in sorted(path for path in stage.rglob("*") if path.is_file()):
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        found[path.relative_to(stage).as_posix()] = Held(path.stat().st_size, digest)
    return found


def write_archive(
    path: Path, recipients: Sequence[Recipient], manifest: Manifest, stage: Path
) -> None:
    """Raises CommandFault where it cannot be written."""
    seal(path, recipients, lambda sink: _pack(sink, manifest, stage))


def _pack(sink: BufferedWriter, manifest: Manifest, stage: Path) -> None:
    told = manifest.to_bytes()
    with tarfile.open(fileobj=sink, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        first = tarfile.TarInfo(MANIFEST)
        first.size, first.mode, first.mtime = len(told), _MODES, int(manifest.made_at.timestamp())
        archive.addfile(first, BytesIO(told))
        for name in manifest.files:
            archive.add(stage / name, name, recursive=False, filter=_anonymous)


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def read_archive(path: Path, identities: Sequence[Identity], into: Path | None = None) -> Manifest:
    """Check every file of a backup, and leave them in `into` where it is given.

    Raises:
        CommandFault: it cannot be read, or is not for these identities.
        FaultyFile: it is not what it says of itself.
    """
    with unsealed(path, identities) as source:
        try:
            with tarfile.open(fileobj=source, mode="r|") as archive:
                manifest = _check(archive, into)
        except tarfile.TarError as error:
            raise FaultyFile(f"{path}: not a backup of a hub: {error}") from error
        while source.read(_BLOCK):
            pass
    return manifest


def _check(archive: tarfile.TarFile, into: Path | None) -> Manifest:
    first = archive.next()
    if first is None or first.name != MANIFEST or first.size > _LARGEST_MANIFEST:
        raise FaultyFile("not a backup of a hub: no manifest in it")
    manifest = read_manifest(_content(archive, first).read())
    missing = dict(manifest.files)
    while (member := archive.next()) is not None:
        held = missing.pop(member.name, None)
        if held is None or _take(archive, member, into) != held:
            raise FaultyFile(f"{member.name} is not what was put into the backup")
    if missing:
        raise FaultyFile(f"the backup lacks {', '.join(sorted(missing))}")
    return manifest


def _take(archive: tarfile.TarFile, member: tarfile.TarInfo, into: Path | None) -> Held:
    content, digest = _content(archive, member), sha256()
    with _target(member, into) as file:
        while block := content.read(_BLOCK):
            digest.update(block)
            file.write(block)
        file.flush()
        if into is not None:
            os.fsync(file.fileno())
    return Held(member.size, digest.hexdigest())


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    found = archive.extractfile(member) if member.isreg() else None
    if found is None:
        raise FaultyFile(f"{member.name} is not what was put into the backup")
    return found


def _target(member: tarfile.TarInfo, into: Path | None) -> BinaryIO:
    if into is None:
        return Path(os.devnull).open("wb")
    path = into / member.name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    return os.fdopen(os.open(path, flags, member.mode & _MODES), "wb")
