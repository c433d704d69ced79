"""What can still be read of a damaged journal, row by row around the damage."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import apsw

from kiosk.journal.database import Bindings, open_database, rows
from kiosk.journal.entries import COLUMNS, from_row
from sync.wire.entry import SealedEntry

_PAGE_BYTES = 4096
_PAGE_COUNT_AT = 28
_WINDOW = 256
# Where the last number cannot be read: so many without an entry, and there are no more.
_QUIET_WINDOWS = 16

Row = tuple[Any, ...]
# The types of `COLUMNS`.
_ENTRY = (*[int] * 7, bytes, bytes)


class Remains:
    """Each method returns what can be read, and leaves out the rest without a word."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    def small(self, table: str, columns: Mapping[str, type], key: str) -> list[Row]:
        """Return rows of a small table: those before the first damage, and behind the last.

        A row in which a column is of another type than it can be is damaged too.
        """
        found: dict[Row, None] = {}
        names, types = ", ".join(columns), tuple(columns.values())
        for order in ("ASC", "DESC"):
            try:
                for row in self._connection.execute(
                    f"SELECT {names} FROM {table} ORDER BY {key} {order}"  # noqa: S608
                ):
                    if tuple(map(type, row)) == types:
                        found[row] = None
            except apsw.Error:
                continue
        return list(found)

    def entries(self, epoch_no: int) -> Iterator[tuple[SealedEntry, bytes]]:
        """Yield the entries of an epoch in order, each with the chain value after it."""
        low, last = self._end(epoch_no, "min"), self._end(epoch_no, "max")
        if low is None and last is None:
            return
        low, quiet = low or 1, 0
        while quiet < _QUIET_WINDOWS if last is None else low <= last:
            found = surviving(lambda a, b: self._between(epoch_no, a, b), low, low + _WINDOW)
            yield from (from_row(row) for row in found if tuple(map(type, row)) == _ENTRY)
            quiet = 0 if found else quiet + 1
            low += _WINDOW

    def _end(self, epoch_no: int, function: str) -> int | None:
        """Return the first or last number, None where there is none or it cannot be read."""
        try:
            statement = f"SELECT {function}(seq) FROM entry WHERE epoch_no=?"  # noqa: S608
            found = self._rows(statement, (epoch_no,))
        except apsw.Error:
            return None
        return found[0][0]  # type: ignore[no-any-return]

    def _between(self, epoch_no: int, low: int, high: int) -> list[Row]:
        return self._rows(
            f"SELECT {COLUMNS} FROM entry "  # noqa: S608 (names of ours)
            "WHERE epoch_no=? AND seq>=? AND seq<? ORDER BY seq",
            (epoch_no, low, high),
        )

    def _rows(self, statement: str, bindings: Bindings) -> list[Row]:
        return rows(self._connection, statement, bindings)


def surviving(fetch: Callable[[int, int], list[Row]], low: int, high: int) -> list[Row]:
    """Return the rows with `low` <= number < `high` that `fetch` can read, by halving."""
    try:
        return fetch(low, high)
    except apsw.Error:
        if high - low <= 1:
            return []
    middle = (low + high) // 2
    return surviving(fetch, low, middle) + surviving(fetch, middle, high)


def open_remains(path: Path) -> apsw.Connection:
    """Open a copy of a damaged journal, and mend its first page where that is what is damaged.

    The first page says where each table begins. Every journal of this version begins them in the
    same places, so that of a new one serves.
    """
    if not _says_where_tables_begin(path):
        _replace_first_page(path)
    return apsw.Connection(str(path))


def _says_where_tables_begin(path: Path) -> bool:
    connection = apsw.Connection(str(path))
    try:
        return bool(rows(connection, "SELECT 1 FROM sqlite_schema WHERE name='entry'"))
    except apsw.Error:
        return False
    finally:
        connection.close()


def _replace_first_page(path: Path) -> None:
    template = path.with_name("template.db")
    template.unlink(missing_ok=True)
    open_database(template).close()
    first = bytearray(template.read_bytes()[:_PAGE_BYTES])
    with path.open("r+b") as file:
        pages = max(1, file.seek(0, 2) // _PAGE_BYTES)
        first[_PAGE_COUNT_AT : _PAGE_COUNT_AT + 4] = pages.to_bytes(4)
        file.seek(0)
        file.write(first)
