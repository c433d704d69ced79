"""An SD card under SQLite that a test makes slow, full or broken, and that counts its syncs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import apsw


class FaultyCard(apsw.VFS):
    """Passes everything on to the file system below until told otherwise.

    `unsynced` names the files that were written to and not synced since.
    """

    def __init__(self) -> None:
        self.full = False
        self.breaks_on_sync = False
        self.answers = Event()
        self.answers.set()
        self.unsynced: set[str] = set()
        self.syncs = 0
        super().__init__("faulty-card", "unix", makedefault=True)

    def xOpen(  # noqa: N802 (SQLite's name)
        self, name: apsw.URIFilename | str | None, flags: list[int]
    ) -> "_CardFile":
        return _CardFile(self, name, flags)


class _CardFile(apsw.VFSFile):
    def __init__(
        self, card: FaultyCard, name: apsw.URIFilename | str | None, flags: list[int]
    ) -> None:
        self._card = card
        self._name = Path(str(name.filename() if isinstance(name, apsw.URIFilename) else name)).name
        super().__init__("unix", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        if self._card.full:
            raise apsw.FullError("no space left on device")
        super().xWrite(data, offset)
        self._card.unsynced.add(self._name)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._card.answers.wait(timeout=5)
        if self._card.breaks_on_sync:
            raise apsw.IOError("input/output error")
        super().xSync(flags)
        self._card.syncs += 1
        self._card.unsynced.discard(self._name)


@contextmanager
def faulty_card() -> Iterator[FaultyCard]:
    """Put a faulty card under every database that is opened meanwhile."""
    card = FaultyCard()
    try:
        yield card
    finally:
        card.answers.set()
        card.unregister()
