"""Where the courier leaves an update for the updater, which has privileges and believes nothing.

It is filled part by part, over any number of errands, kills and power cuts.
"""

import json
import logging
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import file_digest
from pathlib import Path
from typing import BinaryIO

from sync.uplink.errors import UplinkError
from sync.wire.errors import Malformed
from sync.wire.update import PART_BYTES, Offer, rank_of

logger = logging.getLogger(__name__)

RELEASE_DIR = Path("/run/gapura-release")
REPORT_NAME = "report.json"
READY = "ready"
_PART = ".part"
_STICK = "stick"
# Left to the journal, which shares the partition.
_KEPT_FREE_BYTES = 128 * 1024 * 1024
# The updater has to unpack what is here.
_TIMES_ITS_SIZE = 2
# The updater's group reads; it is the courier's own (gapura-update.service).
_MODE = 0o640


class UpdateBox:
    """`report` is what the updater shows: where there is none, nothing is updated here.

    Every method but `wants` raises UplinkError where the folder cannot be used. The hub's thread
    and the stick's both come here.
    """

    def __init__(self, folder: Path, report: Path) -> None:
        self._folder = folder
        self._report = report
        self._handed_over: set[bytes] = set()
        self.lock = threading.Lock()

    def wants(self, version: str, *, has_refused: bool = True) -> bool:
        """Say whether this version is newer and has not failed; `has_refused` asks whether a file
        of it was refused in this boot, too.
        """
        told = self._told()
        try:
            is_newer = rank_of(version) > rank_of(str(told.get("running", "")))
        except Malformed:
            return False
        done = {told.get("trying"), told.get("failed"), told.get("refused") if has_refused else ""}
        unwanted = told.get("unwanted")
        is_unwanted = isinstance(unwanted, list) and version in unwanted
        return is_newer and version not in done and not is_unwanted and not self._is_full()

    def was_handed_over(self, digest: bytes) -> bool:
        """Say whether this process has brought the same before."""
        return digest in self._handed_over

    def missing_part(self, offer: Offer) -> int | None:
        """Return the number of the next part, None where the file is complete."""
        with _trouble():
            path = self._place(offer.sha256.hex())
            try:
                size = path.stat().st_size
            except FileNotFoundError:
                self._begin(path, offer.size_bytes)
                return 0
        # What was being written when the power went is written again.
        return None if size == offer.size_bytes else min(size, offer.size_bytes) // PART_BYTES

    def add(self, offer: Offer, number: int, part: bytes) -> None:
        """Keep a part; raises UplinkError also where it has not the length that it must have."""
        begin = number * PART_BYTES
        if len(part) != min(PART_BYTES, offer.size_bytes - begin):
            raise UplinkError("the hub gave another part of an update than it was asked for")
        with _trouble(), self._place(offer.sha256.hex()).open("r+b") as file:
            file.seek(begin)
            file.write(part)
            file.truncate()

    def finish(self, offer: Offer) -> None:
        """Hand the file over where it is what was offered; else it is fetched anew."""
        path = self._place(offer.sha256.hex())
        with _trouble():
            with path.open("rb") as file:
                is_it = file_digest(file, "sha256").digest() == offer.sha256
            if not is_it:
                path.unlink()
                raise UplinkError("an update came down damaged, and is fetched again")
            self._hand_over(path, offer.sha256)
        logger.info("the hub has brought version %s", offer.version)

    @contextmanager
    def draft(self, size_bytes: int) -> Iterator[BinaryIO]:
        """Open a file to copy so much to, where there is room for it."""
        path = self._place(_STICK)
        with _trouble():
            self._begin(path, size_bytes)
            with path.open("wb") as file:
                yield file

    def hand_over_draft(self, digest: bytes) -> None:
        with _trouble():
            self._hand_over(self._place(_STICK), digest)

    def _hand_over(self, path: Path, digest: bytes) -> None:
        path.chmod(_MODE)
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        self._handed_over.add(digest)
        path.rename(self._folder / READY)

    def _begin(self, path: Path, size_bytes: int) -> None:
        """Make an empty file, and remove what was begun of others."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for other in self._folder.glob(f"*{_PART}"):
            other.unlink()
        found = os.statvfs(self._folder)
        if found.f_bavail * found.f_frsize < size_bytes * _TIMES_ITS_SIZE + _KEPT_FREE_BYTES:
            raise UplinkError("there is no room for an update")
        path.touch(mode=0o600)

    def _place(self, name: str) -> Path:
        return self._folder / f"{name}{_PART}"

    def _is_full(self) -> bool:
        return (self._folder / READY).exists()

    def _told(self) -> Mapping[str, object]:
        with suppress(OSError, ValueError, RecursionError):
            content = json.loads(self._report.read_bytes())
            if isinstance(content, dict):
                return content
        return {}


@contextmanager
def _trouble() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UplinkError(f"no update can be kept: {error.strerror}") from error
