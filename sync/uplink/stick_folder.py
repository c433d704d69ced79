"""One folder on a stick: files that are written whole or not at all, others never touched.

Whoever finds a stick may have written anything on it: nothing is followed out of it, and what is
read is read up to a length.
"""

import errno
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from sync.uplink.errors import StickFault, StickFull, StickReadOnly
from sync.wire.parcel import SUFFIX

# Room is left for whoever carries other files on the stick.
_KEPT_FREE = 0.05
_PART = ".part"
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_FULL = {errno.ENOSPC, errno.EDQUOT}
_CLOSED = {errno.EROFS, errno.EACCES, errno.EPERM}
# More would be a stick that somebody has prepared.
_MOST_NAMES = 65_536


class StickFolder:
    """Open until the end of `opened`; every method raises StickFault where the stick fails."""

    def __init__(self, descriptor: int) -> None:
        self._folder = descriptor

    def names(self) -> list[str]:
        """Return the names of what lies here, in order."""
        with translated(), os.scandir(self._folder) as found:
            names = [entry.name for entry, _ in zip(found, range(_MOST_NAMES), strict=False)]
        return sorted(names)

    def mark(self, name: str) -> tuple[int, int]:
        """Return what changes with the file's content: its length in bytes and its time."""
        with translated():
            found = os.stat(name, dir_fd=self._folder, follow_symlinks=False)
        return found.st_size, found.st_mtime_ns

    def read(self, name: str, most_bytes: int) -> bytes | None:
        """Return a file's content; None where it is no file, or longer."""
        file = self.open(name)
        if file is None:
            return None
        with translated(), file:
            content = file.read(most_bytes + 1)
        return content if len(content) <= most_bytes else None

    def open(self, name: str) -> BinaryIO | None:
        """Open a file to be read piece by piece, inside `translated`; None where it is none."""
        with translated():
            try:
                descriptor = os.open(name, os.O_RDONLY | _FILE, dir_fd=self._folder)
            except OSError as error:
                if error.errno in {errno.ELOOP, errno.ENXIO, errno.ENOENT}:
                    return None
                raise
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                os.close(descriptor)
                return None
            return os.fdopen(descriptor, "rb")

    def write(self, name: str, content: bytes) -> None:
        """Write a file beside its place, and put it there when it is on the stick.

        Raises:
            StickFull: it would leave less than 5 % of the stick free.
        """
        with translated():
            self._require_room(len(content))
            try:
                self._write_beside(name, content)
                os.rename(name + _PART, name, src_dir_fd=self._folder, dst_dir_fd=self._folder)
            except OSError:
                with suppress(OSError):
                    os.unlink(name + _PART, dir_fd=self._folder)
                raise
            os.fsync(self._folder)

    def drop(self, name: str) -> None:
        with translated(), suppress(FileNotFoundError):
            os.unlink(name, dir_fd=self._folder)

    def drop_halves(self) -> None:
        """Remove what was being written when the stick was pulled out."""
        for name in self.names():
            if name.endswith(SUFFIX + _PART):
                self.drop(name)

    def _require_room(self, length: int) -> None:
        found = os.fstatvfs(self._folder)
        kept = found.f_blocks * found.f_frsize * _KEPT_FREE
        # Files take whole clusters, and a name may need one more for the folder.
        taken = length + 2 * max(found.f_bsize, found.f_frsize)
        if found.f_bavail * found.f_frsize - taken < kept:
            raise StickFull("no room is left on the stick")

    def _write_beside(self, name: str, content: bytes) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _FILE
        descriptor = os.open(name + _PART, flags, 0o644, dir_fd=self._folder)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)


@contextmanager
def opened(root: Path, parts: Sequence[str]) -> Iterator[StickFolder | None]:
    """Open the folder that lies so deep under `root`, None where there is none."""
    try:
        with translated():
            descriptor = _descend(root, parts, _enter)
    except _NoFolder:
        yield None
        return
    with _closing(descriptor) as folder:
        yield folder


@contextmanager
def made(root: Path, parts: Sequence[str]) -> Iterator[StickFolder]:
    """Open the folder, making it where there is none."""
    with translated():
        descriptor = _descend(root, parts, _enter_or_make)
    with _closing(descriptor) as folder:
        yield folder


@contextmanager
def _closing(descriptor: int) -> Iterator[StickFolder]:
    try:
        yield StickFolder(descriptor)
    finally:
        with suppress(OSError):
            os.close(descriptor)


class _NoFolder(Exception):
    """There is none of that name."""


def _descend(root: Path, parts: Sequence[str], enter: Callable[[int, str], int]) -> int:
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    for part in parts:
        try:
            inner = enter(folder, part)
        finally:
            os.close(folder)
        folder = inner
    return folder


def _enter(folder: int, part: str) -> int:
    try:
        return os.open(part, _FOLDER, dir_fd=folder)
    except FileNotFoundError as error:
        raise _NoFolder from error


def _enter_or_make(folder: int, part: str) -> int:
    try:
        return _enter(folder, part)
    except _NoFolder:
        os.mkdir(part, 0o755, dir_fd=folder)
        os.fsync(folder)
        return os.open(part, _FOLDER, dir_fd=folder)


@contextmanager
def translated() -> Iterator[None]:
    """Turn the system's errors into the stick's."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StickFull("no room is left on the stick") from error
        if error.errno in _CLOSED:
            raise StickReadOnly("nothing can be written on the stick") from error
        raise StickFault(f"the stick fails: {error.strerror}") from error
