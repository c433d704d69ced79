"""reference.db: a sqlitedict that is built beside the old one and never changed afterwards.

sqlitedict commits without syncing and hangs for ever where a commit fails; so a new file is built
by a child process under a deadline, synced here, and put in place by one rename.
"""

import base64
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from sqlitedict import SqliteDict

from kiosk.errors import ReferenceFault

_TABLE = "reference"
_SIGNED = "signed"
BUILD_DEADLINE_S = 60.0
_HINT = "see whether the card is full or failing (`gapura-kiosk check`); the old data stays in use"


def publish(signed: bytes, path: Path, *, deadline_s: float = BUILD_DEADLINE_S) -> None:
    """Put a signed bundle in place; a power cut leaves the old file or the new one, whole.

    Raises:
        ReferenceFault: the new file could not be built in time; the old one is untouched.
    """
    beside = path.with_suffix(".new")
    try:
        beside.unlink(missing_ok=True)
        subprocess.run(  # noqa: S603 (our own module, our own interpreter)
            [sys.executable, "-m", "kiosk.reference.shelf", str(beside)],
            input=signed,
            check=True,
            timeout=deadline_s,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _sync(beside)
        beside.replace(path)
        _sync(path.parent)
    except (subprocess.SubprocessError, OSError) as error:
        raise ReferenceFault("the reference could not be built", hint=_HINT) from error


def take_down(path: Path) -> bytes | None:
    """Return the signed bundle that is in place, None where there is none.

    Raises:
        ReferenceFault: the file is there but cannot be read.
    """
    if not path.exists():
        return None
    try:
        _require_sound(path)
        with SqliteDict(
            str(path), tablename=_TABLE, flag="r", encode=json.dumps, decode=json.loads
        ) as shelf:
            return base64.b64decode(shelf[_SIGNED])
    except Exception as error:
        raise ReferenceFault("the reference cannot be read", hint=_HINT) from error


def _require_sound(path: Path) -> None:
    """Raises sqlite3.Error where the file is damaged: sqlitedict would leave a dead thread and its
    traceback behind.
    """
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        if connection.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("the file is damaged")
        connection.execute(f"SELECT key FROM {_TABLE} LIMIT 1")  # noqa: S608 (a name of ours)


def _build(path: str, signed: bytes) -> None:
    with SqliteDict(
        path, tablename=_TABLE, flag="n", encode=json.dumps, decode=json.loads
    ) as shelf:
        shelf[_SIGNED] = base64.b64encode(signed).decode()
        shelf.commit(blocking=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


if __name__ == "__main__":
    _build(sys.argv[1], sys.stdin.buffer.read())
