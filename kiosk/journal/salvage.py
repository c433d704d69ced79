"""A damaged journal is set aside whole; what can still be read of it goes on in a new epoch.

Nothing of the damaged file is deleted or changed: it stays beside the new one, in a directory of
its own, for whoever can read more of it. An interruption at any point is made good by the next
start: the damaged file leaves its place before the new one takes it, by a rename each.
"""

import logging
import os
import shutil
from pathlib import Path

from kiosk.journal.database import open_database
from kiosk.journal.remains import Remains, open_remains
from kiosk.journal.revival import revive
from kiosk.journal.whole_file import sync_path

logger = logging.getLogger(__name__)

MEMBERSHIP_FILE = "membership"
_WAL = "-wal"
_BESIDE = (_WAL, "-shm")


def damaged_files(state_dir: Path) -> list[Path]:
    """Return the directories of journals that were set aside, the oldest first."""
    found = state_dir.glob("journal.db.damaged-*")
    return sorted(found, key=lambda path: int(path.name.rpartition("-")[2]))


def salvage(path: Path) -> None:
    """Set the journal at `path` aside and put one with what can be read in its place.

    Raises:
        JournalFault: the card takes no new file; the damaged one is kept.
        OSError: as above.
    """
    if path.exists():
        _set_aside(path)
    aside = damaged_files(path.parent)[-1]
    for suffix in _BESIDE:
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    logger.error("the journal is damaged; it is kept as %s", aside.name)
    _rebuild(aside / path.name, path)


def was_interrupted(path: Path) -> bool:
    """Say whether a journal was set aside and no other has taken its place."""
    return not path.exists() and any(
        (aside / path.name).exists() for aside in damaged_files(path.parent)
    )


def _set_aside(path: Path) -> None:
    """Move the file and its log; where the log alone had gone, the file would look older, not
    damaged, so that goes last.
    """
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        if not (aside / path.name).exists():
            break
        number += 1
    aside.mkdir(mode=0o700, exist_ok=True)
    log, kept_log = Path(f"{path}{_WAL}"), aside / f"{path.name}{_WAL}"
    kept_log.unlink(missing_ok=True)
    if log.exists():
        os.link(log, kept_log)
    sync_path(aside)
    path.rename(aside / path.name)
    sync_path(aside)
    sync_path(path.parent)


def _rebuild(damaged: Path, path: Path) -> None:
    beside, work = path.with_name(f"{path.name}.new"), damaged.parent / "reading"
    for suffix in ("", *_BESIDE):
        Path(f"{beside}{suffix}").unlink(missing_ok=True)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700)
    try:
        # Reading through the log changes a file: only a copy of it may change.
        for suffix in ("", _WAL):
            if (source := Path(f"{damaged}{suffix}")).exists():
                shutil.copyfile(source, work / source.name)
        connection = open_remains(work / damaged.name)
        try:
            _revive_into(beside, Remains(connection), path.parent / MEMBERSHIP_FILE)
        finally:
            connection.close()
    finally:
        shutil.rmtree(work, ignore_errors=True)
    sync_path(beside)
    beside.rename(path)
    sync_path(path.parent)


def _revive_into(beside: Path, remains: Remains, membership: Path) -> None:
    target = open_database(beside)
    try:
        carried, lost = revive(target, remains, membership)
    finally:
        # The last to close it brings the log into the file and removes it.
        target.close()
    logger.error("%d entries are carried over; %d could not be read", carried, lost)
