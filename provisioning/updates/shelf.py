"""The releases beside the one that is built in: a folder each, whole or not there.

A folder has what the signed list names, the list, `bin/python`, and what Python made of the
sources; that is listed too, by the updater. A release is used only as long as all of it is so.
"""

import json
import os
import shutil
from collections.abc import Mapping
from hashlib import file_digest
from pathlib import Path

from provisioning.firstboot.small_file import read_small, sync_folder
from provisioning.updates.image import Image
from provisioning.updates.trouble import Trouble, UpdateRefused
from sync.wire.errors import Malformed, WireError
from sync.wire.update import MAX_HEAD_BYTES, Update, open_update, rank_of

PLACE = Path("/var/lib/gapura-releases")
LIST, COMPILED = "release.cbor", "compiled.json"
DRAFT, INCOMING = "draft", "incoming"
_GONE = "gone"
_MOST_BYTES = 8 * 1024 * 1024


class Shelf:
    def __init__(self, place: Path, image: Image) -> None:
        self.place = place
        self._image = image

    def folder(self, version: str) -> Path:
        """Return where a release lies; empty is the one that is built in."""
        return self.place / version if version else self._image.place

    def judge(self, signed: bytes, release_keys: tuple[bytes, ...] | None = None) -> Update:
        """Return what a signed list holds, where it is for this image and newer than it.

        Raises:
            UpdateRefused: it is not.
        """
        keys = self._image.release_keys if release_keys is None else release_keys
        if not keys:
            raise UpdateRefused(Trouble.NO_KEYS)
        try:
            update = open_update(signed, keys)
        except Malformed as error:
            raise UpdateRefused(Trouble.NO_UPDATE) from error
        except WireError as error:
            raise UpdateRefused(Trouble.FORGED) from error
        image = self._image
        same = (update.python, update.machine) == (image.python, image.machine)
        if not same or update.libraries not in {b"", image.libraries}:
            raise UpdateRefused(Trouble.OTHER_IMAGE, update.version)
        if rank_of(update.version) <= rank_of(image.version):
            raise UpdateRefused(Trouble.NOT_NEWER, update.version)
        return update

    def check(self, version: str) -> Update:
        """Return what the release of that version is, where every file is as it was signed.

        Raises:
            UpdateRefused: it is not whole, not for this image, or older than it.
        """
        folder = self.folder(version)
        try:
            update = self.judge(read_small(folder / LIST, MAX_HEAD_BYTES) or b"")
            if update.version == version and is_whole(folder, update, self._image.interpreter):
                return update
        except (OSError, ValueError) as error:
            raise UpdateRefused(Trouble.DAMAGED, version) from error
        raise UpdateRefused(Trouble.DAMAGED, version)

    def is_usable(self, version: str) -> bool:
        try:
            self.check(version)
        except UpdateRefused:
            return False
        return True

    def draft(self) -> Path:
        """Return an empty folder to unpack into."""
        folder = self.place / DRAFT
        _remove(folder)
        folder.mkdir(mode=0o755)
        return folder

    def put(self, draft: Path, version: str) -> None:
        """Give a draft, all of which is on the disk, the name of its version."""
        folder = self.folder(version)
        if folder.exists():
            self._clear_away(folder)
        draft.rename(folder)
        sync_folder(self.place)

    def tidy(self, wanted: frozenset[str]) -> None:
        """Remove what nobody wants any more, and what was cut off half-way."""
        for entry in sorted(self.place.iterdir()):
            if entry.is_dir() and entry.name not in wanted:
                self._clear_away(entry)

    def _clear_away(self, folder: Path) -> None:
        """What has begun to go has its name no more."""
        gone = self.place / _GONE
        if folder != gone:
            _remove(gone)
            folder.rename(gone)
            sync_folder(self.place)
        _remove(gone)


def is_whole(folder: Path, update: Update, interpreter: Path) -> bool:
    """Raises OSError, ValueError: something is missing, or cannot be read."""
    if (folder / "bin" / "python").readlink() != interpreter:
        return False
    compiled = json.loads(read_small(folder / COMPILED, _MOST_BYTES) or b"null")
    if not isinstance(compiled, dict):
        return False
    listed = {file.path: file.sha256.hex() for file in update.files}
    expected = {**listed, **compiled}
    return all(
        digest_of(folder / path) == digest for path, digest in expected.items()
    ) and compiled_in(folder).keys() == set(compiled)


def compiled_in(folder: Path) -> Mapping[str, Path]:
    """Return what Python has made of the sources, by its path below the folder."""
    return {str(path.relative_to(folder)): path for path in folder.rglob("*.pyc")}


def digest_of(path: Path) -> str:
    """Raises OSError: there is no such file, or it is a link."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as content:
        return file_digest(content, "sha256").hexdigest()


def _remove(folder: Path) -> None:
    if folder.is_dir():
        shutil.rmtree(folder)
