"""Small files: read up to a length, and written whole or not at all."""

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path

# ENXIO is a socket's.
_NO_FILE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO}
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def read_small(path: Path, most_bytes: int) -> bytes | None:
    """Return a file's content, one byte more than allowed where it is longer; None where there is
    none, or what is there is no file: nothing is followed.

    Raises:
        OSError: it is there, and cannot be read.
    """
    try:
        descriptor = os.open(path, _READ)
    except OSError as error:
        if error.errno in _NO_FILE:
            return None
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return None
    with os.fdopen(descriptor, "rb") as file:
        return file.read(most_bytes + 1)


def write_whole(path: Path, content: bytes, *, mode: int = 0o600, group: int | None = None) -> None:
    """Write beside the place, and put it there when it is on the disk: a power cut leaves the old
    file or the new one.

    Raises:
        OSError: it could not be written; the old file, if any, is still there.
    """
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if group is not None:
                os.fchown(descriptor, -1, group)
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        beside.rename(path)
    except OSError:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
