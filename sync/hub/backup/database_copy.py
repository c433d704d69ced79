"""The database as one file: SQLite by its own backup API, PostgreSQL by Debian's `pg_dump`."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from enum import StrEnum
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from sync.hub.database_url import DatabaseSettings
from sync.hub.errors import CommandFault

_TABLES = """SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND n.nspname !~ '^(pg_|information_schema$)'"""


class Kind(StrEnum):
    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


def kind_of(database: DatabaseSettings) -> Kind:
    return Kind.SQLITE if database["ENGINE"].endswith("sqlite3") else Kind.POSTGRESQL


def copy_database(database: DatabaseSettings, into: Path) -> None:
    """Write it as it is at one moment, however much comes in meanwhile, and read that again.

    Raises:
        CommandFault: it cannot be read, or what was written is not sound.
    """
    if kind_of(database) is Kind.SQLITE:
        _copy_sqlite(Path(database["NAME"]), into)
        return
    _run("pg_dump", database, "--format=custom", "--no-owner", "--no-privileges", f"--file={into}")
    # It reads all that is in it.
    _run("pg_restore", None, f"--file={os.devnull}", str(into))


def _copy_sqlite(path: Path, into: Path) -> None:
    try:
        with (
            closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(into)) as copy,
        ):
            source.backup(copy)
            # What it is copied from has a log beside it; this is to be one file.
            copy.execute("PRAGMA journal_mode = DELETE")
            (said,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.Error as error:
        raise CommandFault(f"{path}: cannot be copied: {error}") from error
    if said != "ok":
        raise CommandFault(f"{path}: damaged ({said}); restore the last good backup")


def demand_nothing_there(database: DatabaseSettings) -> None:
    """Raises CommandFault where the database has anything in it already, or cannot be reached."""
    if kind_of(database) is Kind.SQLITE:
        if Path(database["NAME"]).exists():
            raise CommandFault(f"{database['NAME']}: there is a database; move it away first")
        return
    try:
        with psycopg.connect(_conninfo(database), password=database["PASSWORD"] or None) as there:
            found = there.execute(_TABLES).fetchone()
    except psycopg.Error as error:
        raise CommandFault(
            f"the database {database['NAME']} cannot be reached ({type(error).__name__});"
            " make an empty one with createdb"
        ) from error
    if found is None or found[0]:
        raise CommandFault(
            f"the database {database['NAME']} is not empty; make an empty one with createdb, and"
            " name it in DATABASE_URL"
        )


def put_database(database: DatabaseSettings, copied: Path) -> None:
    """Fill the empty database: with all of it or, where that fails, with nothing.

    Raises:
        CommandFault: it cannot be filled.
    """
    if kind_of(database) is Kind.SQLITE:
        path = Path(database["NAME"])
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.move(copied, path)
        return
    once = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    _run("pg_restore", database, *once, str(copied))


def _run(program: str, database: DatabaseSettings | None, *words: str) -> None:
    """A password goes by the environment: what stands on a command line all users can see."""
    found = shutil.which(program)
    if found is None:
        raise CommandFault(f"{program} is not installed; run: apt-get install postgresql-client")
    given = dict(os.environ)
    to = [] if database is None else [f"--dbname={_conninfo(database)}"]
    if database is not None and database["PASSWORD"]:
        given["PGPASSWORD"] = database["PASSWORD"]
    done = subprocess.run(  # noqa: S603 - a program of Debian's, found by its name
        [found, *to, *words],
        env=given,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        # The lines behind the first may show what is in a row.
        raise CommandFault((done.stderr.splitlines() or [f"{program} failed"])[0])


def _conninfo(database: DatabaseSettings) -> str:
    """Without the hub's own time limits: a dump reads for as long as it takes."""
    own = {"dbname": database["NAME"], "user": database["USER"], "host": database["HOST"]}
    given = {**own, "port": database["PORT"], **database["OPTIONS"]}
    return make_conninfo(
        **{name: str(value) for name, value in given.items() if value and name != "options"}
    )
