"""Opens the journal as a start finds it: whole, or damaged and then salvaged."""

import logging
from pathlib import Path

import apsw

from kiosk.errors import JournalDamaged
from kiosk.journal.database import open_database, require_sound, translated
from kiosk.journal.epochs import EpochTable
from kiosk.journal.facts import Facts
from kiosk.journal.salvage import salvage, was_interrupted
from sync.wire.errors import WireError

logger = logging.getLogger(__name__)


def open_sound(path: Path) -> apsw.Connection:
    """Open the journal; where it is damaged, set it aside and open what could be salvaged.

    Raises:
        JournalFault: it cannot be opened, or the card takes no new file.
    """
    if was_interrupted(path):
        return _open_salvaged(path)
    try:
        return _open_checked(path)
    except JournalDamaged as damage:
        logger.error("%s", damage)
        return _open_salvaged(path)


def _open_checked(path: Path) -> apsw.Connection:
    connection = open_database(path)
    try:
        with translated():
            require_sound(connection)
            EpochTable(connection).require_chained()
            _require_readable(connection)
    except BaseException:
        # What is damaged is kept as it lies, its log beside it.
        connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        connection.close()
        raise
    return connection


def _require_readable(connection: apsw.Connection) -> None:
    try:
        Facts(connection).membership()
    except WireError as error:
        raise JournalDamaged("the kiosk's membership is damaged", hint="restart it") from error


def _open_salvaged(path: Path) -> apsw.Connection:
    with translated():
        salvage(path)
    return open_database(path)
