"""Sealed files in the format of age (age-encryption.org/v1), which `age` itself opens too.

They are sealed to public keys: a hub that was broken into can write backups, and open none.
"""

import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from io import BufferedIOBase, BufferedReader, BufferedWriter
from pathlib import Path
from typing import TYPE_CHECKING

import pyrage
from pyrage.x25519 import Identity, Recipient

from sync.hub.errors import CommandFault, FaultyFile

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

Work = Callable[[BufferedWriter], None]
_BLOCK = 1024 * 1024


class _Target(BufferedIOBase):
    """The file that is written; pyrage tells its faults as text alone, so they are kept here."""

    def __init__(self, file: BufferedWriter) -> None:
        super().__init__()
        self._file = file
        self.digest = sha256()
        self.fault: OSError | None = None

    def write(self, block: "ReadableBuffer", /) -> int:
        try:
            self._file.write(block)
        except OSError as fault:
            self.fault = fault
            raise
        self.digest.update(block)
        return memoryview(block).nbytes

    def flush(self) -> None:
        self._file.flush()


def seal(path: Path, recipients: Sequence[Recipient], work: Work) -> None:
    """Write a sealed file of what `work` writes; it is there whole and on the disk, or not at all.

    Raises:
        CommandFault: it cannot be written, or was read back as something else.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        written = _write(draft, recipients, work)
        if _read_back(draft) != written:
            raise CommandFault(f"{path}: reads back as something else; the disk is failing")
        draft.rename(path)
        _sync(path.parent)
    except OSError as error:
        raise CommandFault(f"{path}: {error.strerror}; nothing was kept of this backup") from error
    finally:
        draft.unlink(missing_ok=True)


def _write(draft: Path, recipients: Sequence[Recipient], work: Work) -> bytes:
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        target = _Target(file)
        try:
            with _piped(work) as source:
                pyrage.encrypt_io(source, target, recipients)
        except pyrage.EncryptError as error:
            raise target.fault or CommandFault(f"{draft.name}: {error}") from error
        file.flush()
        os.fsync(file.fileno())
    return target.digest.digest()


def _read_back(draft: Path) -> bytes:
    """Hash what the disk has, as far as the kernel can be asked to forget what it was given."""
    found = sha256()
    with draft.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while block := file.read(_BLOCK):
            found.update(block)
    return found.digest()


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def unsealed(path: Path, identities: Sequence[Identity]) -> Iterator[BufferedReader]:
    """Read what is in a sealed file. What comes has been proven piece by piece; read to the end,
    for only then is it known that nothing was cut off.

    Raises:
        CommandFault: it cannot be read, or none of these identities opens it.
        FaultyFile: it is damaged, or was cut off.
    """
    try:
        with (
            path.open("rb") as file,
            _piped(lambda sink: _open(path, file, sink, identities)) as source,
        ):
            yield source
    except OSError as error:
        raise CommandFault(f"{path}: {error.strerror or error}") from error


def _open(
    path: Path, file: BufferedReader, sink: BufferedWriter, identities: Sequence[Identity]
) -> None:
    try:
        pyrage.decrypt_io(file, sink, identities)
    except pyrage.DecryptError as error:
        raise CommandFault(
            f"{path}: not a backup, or sealed to another key than this identity's ({error})"
        ) from error
    except OSError as error:
        # Of the file or the pipe it has a number; of what was bent or cut off it has none.
        if error.errno is not None:
            raise
        raise FaultyFile(f"{path}: damaged or cut off; take another backup") from error


@contextmanager
def _piped(work: Work) -> Iterator[BufferedReader]:
    """Let `work` write in a thread of its own what is read here.

    What it raises is raised in the end, also in place of what came of that here. That nobody read
    on is no fault of its own.
    """
    reading, writing = os.pipe()
    with ThreadPoolExecutor(1) as pool:
        told = pool.submit(_fill, writing, work)
        try:
            with os.fdopen(reading, "rb") as source:
                yield source
        finally:
            fault = told.exception()
            if fault is not None and not isinstance(fault, BrokenPipeError):
                raise fault


def _fill(writing: int, work: Work) -> None:
    with os.fdopen(writing, "wb") as sink:
        work(sink)
