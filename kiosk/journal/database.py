"""Opens journal.db so that a commit that returned is on the card."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import apsw

from kiosk.errors import JournalDamaged, JournalFault, JournalFull
from kiosk.journal import schema

Bindings = tuple[int | str | bytes | None, ...]

# SQLite before this could corrupt a WAL that is reset while it is written.
LEAST_SQLITE = 3_051_003
_CACHE_KIB = 2048

_FULL_HINT = (
    "make room on the card: see how far uploads have come, then carry a stick or a new card"
)
_DAMAGE_HINT = (
    "restart the kiosk: it sets the file aside and goes on with what can be read; replace the card"
)
_FAULT_HINT = "restart the kiosk; if it happens again, replace the card and keep the old one"


def open_database(path: Path) -> apsw.Connection:
    """Open the journal, making it where there is none.

    Raises:
        JournalFault: it cannot be opened, is of a later version, or is not as durable as it must.
    """
    if apsw.SQLITE_VERSION_NUMBER < LEAST_SQLITE:
        raise JournalFault(
            f"SQLite {apsw.sqlite_lib_version()} is older than the journal needs",
            hint="install apsw 3.51.3 or later in the kiosk's virtual environment",
        )
    with translated():
        connection = apsw.Connection(str(path))
        try:
            _refuse_newer(connection)
            _configure(connection)
            _migrate(connection)
        except BaseException:
            connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
            connection.close()
            raise
    return connection


@contextmanager
def translated() -> Iterator[None]:
    """Turn SQLite's errors into the journal's."""
    try:
        yield
    except apsw.FullError as error:
        raise JournalFull("no room is left for the journal", hint=_FULL_HINT) from error
    except (apsw.CorruptError, apsw.NotADBError) as error:
        raise JournalDamaged(f"the journal is damaged: {error}", hint=_DAMAGE_HINT) from error
    except (apsw.Error, OSError) as error:
        raise JournalFault(f"the journal failed: {error}", hint=_FAULT_HINT) from error


def rows(
    connection: apsw.Connection, statement: str, bindings: Bindings = ()
) -> list[tuple[Any, ...]]:
    """Return every row; the tables are STRICT, so each column has its declared type."""
    return connection.execute(statement, bindings).fetchall()


def first_row(
    connection: apsw.Connection, statement: str, bindings: Bindings = ()
) -> tuple[Any, ...] | None:
    return next(iter(rows(connection, statement, bindings)), None)


def scalar(connection: apsw.Connection, statement: str, bindings: Bindings = ()) -> Any:
    """Return the first column of the first row, None where there is none."""
    return connection.execute(statement, bindings).get


def require_sound(connection: apsw.Connection) -> None:
    """Ask SQLite whether the file holds together.

    Raises:
        JournalDamaged: it does not.
    """
    found = scalar(connection, "PRAGMA quick_check(1)")
    if found != "ok":
        raise JournalDamaged(f"the journal is damaged: {found}", hint=_DAMAGE_HINT)


def _refuse_newer(connection: apsw.Connection) -> None:
    if connection.pragma("user_version") > schema.VERSION:
        raise JournalFault(
            "the journal was written by a newer version of Gapura",
            hint="install at least the version that wrote it; nothing has been changed",
        )


def _configure(connection: apsw.Connection) -> None:
    """Set each pragma, then ask whether it took: SQLite refuses some in silence."""
    expected = {
        "journal_mode": ("WAL", "wal"),
        "synchronous": ("FULL", 2),
        "foreign_keys": ("ON", 1),
        "secure_delete": ("ON", 1),
        "trusted_schema": ("OFF", 0),
        "cache_size": (f"-{_CACHE_KIB}", -_CACHE_KIB),
        "temp_store": ("MEMORY", 2),
    }
    for pragma, (setting, reads) in expected.items():
        connection.execute(f"PRAGMA {pragma}={setting}")
        found = connection.execute(f"PRAGMA {pragma}").get
        if found != reads:
            raise JournalFault(
                f"the journal's {pragma} is {found!r} instead of {reads!r}",
                hint="put the journal on a local file system such as ext4",
            )


def _migrate(connection: apsw.Connection) -> None:
    if connection.pragma("user_version") == schema.VERSION:
        return
    with connection:
        connection.execute(schema.STATEMENTS)
        connection.execute(f"PRAGMA user_version={schema.VERSION}")
