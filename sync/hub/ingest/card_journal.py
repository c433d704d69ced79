"""Reads `journal.db` of a kiosk's SD card: a copy of it, and as much as SQLite can read.

The tables are those of the door's journal; the hub reads the few columns that it needs.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sync.hub.errors import CommandFault
from sync.wire.batch import Adoption, Anchor, AnchorSource
from sync.wire.entry import Header, SealedEntry

FILE = "journal.db"
_STATE_DIR = Path("var/lib/gapura")
_ASIDE = f"{FILE}.damaged-*/{FILE}"
_WAL = "-wal"
# STRICT tables: sqlite.org/stricttables.html
_LEAST_SQLITE = (3, 37, 0)
_WINDOW = 256
# Where the last number cannot be read: so many without an entry, and there are no more.
_QUIET_WINDOWS = 16
_ENTRY = "seq, run_no, boot_ms, wall_ms, clock, kind, nonce, body, chain"
_NUMBERS = 7

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class CardEpoch:
    """`number` counts on this card; `device` signed what was written in it."""

    number: int
    device: bytes
    epoch: bytes


class CardJournal:
    """Each method returns what can be read, and leaves out the rest without a word."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def epochs(self) -> list[CardEpoch]:
        rows = self._small("identity", "epoch_no, device, epoch", "epoch_no")
        return [CardEpoch(*row) for row in rows if _are(row, int, bytes, bytes)]

    def runs(self, epoch_no: int) -> tuple[dict[int, bytes], dict[int, Adoption]]:
        """Return the runs of an epoch as signed, and those that it has adopted, by number."""
        own: dict[int, bytes] = {}
        adopted: dict[int, Adoption] = {}
        for row in self._small("run", "epoch_no, run_no, signed, adopted", "epoch_no, run_no"):
            if not _are(row, int, int, bytes, int) or row[0] != epoch_no:
                continue
            _, number, signed, is_adopted = row
            if is_adopted:
                adopted[number] = Adoption(number, signed)
            else:
                own[number] = signed
        return own, adopted

    def anchors(self) -> tuple[Anchor, ...]:
        columns = "boot_id, boot_ms, true_ms, error_ms, source"
        rows = self._small("anchor", columns, "anchor_no")
        known = [row for row in rows if _are(row, bytes, int, int, int, int)]
        return tuple(
            Anchor(row[0], row[1], row[2], row[3], AnchorSource(row[4]))
            for row in known
            if row[4] in set(AnchorSource) and min(row[1:4]) >= 0
        )

    def entries(self, epoch_no: int) -> Iterator[tuple[SealedEntry, bytes]]:
        """Yield the entries of an epoch in order, each with the chain value after it."""
        low, last = self._end(epoch_no, "min"), self._end(epoch_no, "max")
        low, quiet = low or 1, 0
        while quiet < _QUIET_WINDOWS if last is None else low <= last:
            found = _surviving(lambda a, b: self._between(epoch_no, a, b), low, low + _WINDOW)
            for row in found:
                yield SealedEntry(Header(*row[:_NUMBERS]), row[_NUMBERS]), row[_NUMBERS + 1]
            quiet = 0 if found else quiet + 1
            low += _WINDOW

    def _small(self, table: str, columns: str, key: str) -> list[Row]:
        """Return rows of a small table: those before the first damage, and behind the last."""
        found: dict[Row, None] = {}
        for order in ("ASC", "DESC"):
            by = ", ".join(f"{part} {order}" for part in key.split(", "))
            try:
                for row in self._connection.execute(
                    f"SELECT {columns} FROM {table} ORDER BY {by}"  # noqa: S608 (names of ours)
                ):
                    found[row] = None
            except sqlite3.Error:
                continue
        return list(found)

    def _end(self, epoch_no: int, function: str) -> int | None:
        """Return the first or last number, None where it cannot be read; 0 where there is none."""
        try:
            statement = f"SELECT {function}(seq) FROM entry WHERE epoch_no=?"  # noqa: S608
            (found,) = self._connection.execute(statement, (epoch_no,)).fetchone()
        except sqlite3.Error:
            return None
        return found if isinstance(found, int) else 0

    def _between(self, epoch_no: int, low: int, high: int) -> list[Row]:
        rows = self._connection.execute(
            f"SELECT {_ENTRY} FROM entry "  # noqa: S608 (names of ours)
            "WHERE epoch_no=? AND seq>=? AND seq<? ORDER BY seq",
            (epoch_no, low, high),
        ).fetchall()
        return [row for row in rows if _are(row, *[int] * _NUMBERS, bytes, bytes)]


def is_card(path: Path) -> bool:
    """Say whether a journal lies there, where `find_journals` would look for it."""
    return path.is_file() or any(_journals_in(folder) for folder in (path, path / _STATE_DIR))


def find_journals(path: Path) -> list[Path]:
    """Return the journals of a card: the damaged ones that were set aside, then the last.

    `path` is a journal, the folder it lies in, or where the card's root is mounted.

    Raises:
        CommandFault: there is none.
    """
    if path.is_file():
        return [path]
    for folder in (path, path / _STATE_DIR):
        if found := _journals_in(folder):
            return found
    raise CommandFault(f"{path}: no {FILE} is there; name the card's folder {_STATE_DIR}")


def _journals_in(folder: Path) -> list[Path]:
    last = [folder / FILE] if (folder / FILE).is_file() else []
    return [*sorted(folder.glob(_ASIDE)), *last]


@contextmanager
def open_card(path: Path) -> Iterator[CardJournal]:
    """Copy a journal with its log, for reading changes a file, and open the copy.

    Raises:
        CommandFault: it cannot be copied, or this Python's SQLite is too old for it.
    """
    if sqlite3.sqlite_version_info < _LEAST_SQLITE:
        raise CommandFault("this Python has an SQLite before 3.37, which cannot read journals")
    with tempfile.TemporaryDirectory(prefix="gapura-card-") as folder:
        copy = Path(folder) / FILE
        try:
            shutil.copyfile(path, copy)
            log = path.with_name(path.name + _WAL)
            if log.exists():
                shutil.copyfile(log, copy.with_name(FILE + _WAL))
        except OSError as error:
            raise CommandFault(f"{path}: {error.strerror}") from error
        with closing(sqlite3.connect(copy)) as connection:
            yield CardJournal(connection)


def _surviving(fetch: Callable[[int, int], list[Row]], low: int, high: int) -> list[Row]:
    """Return the rows with `low` <= number < `high` that `fetch` can read, by halving."""
    try:
        return fetch(low, high)
    except (sqlite3.Error, OverflowError):
        if high - low <= 1:
            return []
    middle = (low + high) // 2
    return _surviving(fetch, low, middle) + _surviving(fetch, middle, high)


def _are(row: Row, *kinds: type) -> bool:
    """A damaged file may hold anything under any name."""
    return all(
        isinstance(value, kind) and not (isinstance(value, int) and value < 0)
        for value, kind in zip(row, kinds, strict=True)
    )
