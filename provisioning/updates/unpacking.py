"""From an update's file to a release's folder, which is on the disk when it has its name.

The file may be anybody's: its list is verified before anything else of it is read, each byte is
read once, and nothing counts that has not the digest that was signed.
"""

import compileall
import json
import os
import stat
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import BinaryIO

from provisioning.firstboot.small_file import sync_folder
from provisioning.updates.image import Image
from provisioning.updates.shelf import COMPILED, LIST, Shelf, compiled_in, digest_of, is_whole
from provisioning.updates.trouble import Trouble, UpdateRefused
from sync.wire.errors import Malformed
from sync.wire.update import PREFIX_BYTES, File, Update, head_length, rank_of

_PIECE_BYTES = 256 * 1024
# With what Python makes of the sources; and of each file so many blocks are begun. Measured: 142 MB
# in 1,757 files take 157 MB, 2.4 MB in 783 files 10 MB.
_GROWTH = 1.5
_BLOCKS = 3
# Left to the journal, which shares the partition.
_KEPT_FREE_BYTES = 64 * 1024 * 1024
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def install(
    path: Path,
    shelf: Shelf,
    image: Image,
    running: str,
    has_refused: Callable[[str], bool] = lambda _version: False,
) -> Update:
    """Put the release of an update's file onto the shelf; return what it is. `has_refused` says
    of a version whether it has been taken back for good.

    Raises:
        UpdateRefused: it is not to be installed here, or cannot be.
    """
    version = ""
    try:
        with _opened(path) as content:
            signed = _signed(content)
            update = shelf.judge(signed)
            version = update.version
            _require_fit(update, running)
            if has_refused(version):
                raise UpdateRefused(Trouble.TAKEN_BACK, version)
            _require_room(update, shelf.place)
            draft = shelf.draft()
            _unpack(content, update, draft)
        _complete(draft, shelf.folder(version), signed, image)
        _sync_tree(draft)
        if not is_whole(draft, update, image.interpreter):
            raise UpdateRefused(Trouble.DAMAGED, version)
        shelf.put(draft, version)
    except OSError as error:
        raise UpdateRefused(Trouble.NOT_WRITTEN, version) from error
    return update


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        descriptor = os.open(path, _READ)
    except OSError as error:
        raise UpdateRefused(Trouble.NO_UPDATE) from error
    with os.fdopen(descriptor, "rb") as content:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise UpdateRefused(Trouble.NO_UPDATE)
        yield content


def _signed(content: BinaryIO) -> bytes:
    try:
        length = head_length(content.read(PREFIX_BYTES))
    except Malformed as error:
        raise UpdateRefused(Trouble.NO_UPDATE) from error
    return content.read(length)


def _require_fit(update: Update, running: str) -> None:
    """What the release itself is good for has been judged; this is what it comes after."""
    if rank_of(update.version) <= rank_of(running):
        raise UpdateRefused(Trouble.NOT_NEWER, update.version)
    if rank_of(running) < rank_of(update.follows):
        raise UpdateRefused(Trouble.TOO_FAR, update.version)


def _require_room(update: Update, place: Path) -> None:
    found = os.statvfs(place)
    taken = update.tree_bytes * _GROWTH + len(update.files) * _BLOCKS * found.f_frsize
    if found.f_bavail * found.f_frsize < taken + _KEPT_FREE_BYTES:
        raise UpdateRefused(Trouble.NO_ROOM, update.version)


def _unpack(content: BinaryIO, update: Update, draft: Path) -> None:
    stream = _Stream(content, update)
    for file in update.files:
        path = draft / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = 0o755 if file.path.startswith("bin/") else 0o644
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(path, flags, mode), "wb") as target:
            stream.copy(file, target)
    stream.finish()


class _Stream:
    """What is packed, as it is unpacked: never more than was announced is taken or given."""

    def __init__(self, content: BinaryIO, update: Update) -> None:
        self._content = content
        self._version = update.version
        self._left = update.packed_bytes
        self._unpacker = zlib.decompressobj()

    def copy(self, file: File, target: BinaryIO) -> None:
        digest, left = sha256(), file.size_bytes
        while left:
            piece = self._read(min(left, _PIECE_BYTES))
            digest.update(piece)
            target.write(piece)
            left -= len(piece)
        if digest.digest() != file.sha256:
            raise self._damaged()

    def finish(self) -> None:
        """Raises UpdateRefused: more comes behind the last file, or the end is missing."""
        while not self._unpacker.eof:
            if self._unpack(1):
                raise self._damaged()
        if self._left or self._unpacker.unused_data or self._content.read(1):
            raise self._damaged()

    def _read(self, most: int) -> bytes:
        while not (piece := self._unpack(most)):
            if self._unpacker.eof:
                raise self._damaged()
        return piece

    def _unpack(self, most: int) -> bytes:
        packed = self._unpacker.unconsumed_tail
        if not packed:
            packed = self._content.read(min(_PIECE_BYTES, self._left))
            self._left -= len(packed)
        try:
            piece = self._unpacker.decompress(packed, most)
        except zlib.error as error:
            raise self._damaged() from error
        if not (packed or piece or self._unpacker.eof):
            raise self._damaged()
        return piece

    def _damaged(self) -> UpdateRefused:
        return UpdateRefused(Trouble.DAMAGED, self._version)


def _complete(draft: Path, folder: Path, signed: bytes, image: Image) -> None:
    """Add what is made here: the interpreter, the sources compiled, and a list of the latter.

    `folder` is what the draft will be called.
    """
    (draft / "bin").mkdir(exist_ok=True)
    (draft / "bin" / "python").symlink_to(image.interpreter)
    # By hash, not by time, and never looked at again: nobody writes here. Where a library has a
    # file for another Python, it stays as it is.
    compileall.compile_dir(
        draft / "lib", quiet=2, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
        stripdir=str(draft), prependdir=str(folder),
    )  # fmt: skip
    compiled: Mapping[str, str] = {
        path: digest_of(file) for path, file in sorted(compiled_in(draft).items())
    }
    (draft / COMPILED).write_text(json.dumps(compiled))
    (draft / LIST).write_bytes(signed)


def _sync_tree(folder: Path) -> None:
    """Raises OSError: something of it is not on the disk."""
    # All at once first: then nothing is left to wait for, and each one only says whether it failed.
    os.sync()
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent) / name
            if not path.is_symlink():
                _sync_file(path)
        sync_folder(Path(parent))


def _sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
        # What is checked next is read from the disk.
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)
