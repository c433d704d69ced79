"""Puts a backup back: into an empty directory and an empty database, or not at all."""

import os
import shutil
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pyrage.x25519 import Identity

from sync.hub.backup.archive import read_archive
from sync.hub.backup.database_copy import demand_nothing_there, kind_of, put_database
from sync.hub.backup.manifest import DATABASE, HOME, Manifest
from sync.hub.database_url import DatabaseSettings
from sync.hub.errors import CommandFault, HomeFault
from sync.hub.home import RESTORING, Home
from sync.hub.keyring import load_keyring
from sync.hub.restore_mark import RestoreMark, write_mark


def restore(
    home: Home,
    database: DatabaseSettings,
    path: Path,
    identities: Sequence[Identity],
    at: datetime,
) -> Manifest:
    """Check all of a backup, then fill the database, then the directory; leave there a mark of the
    backup's time.

    Raises:
        CommandFault: something is there already, or it could not be done; nothing was changed.
        FaultyFile: the backup is not what it says of itself; nothing was changed.
    """
    _demand_empty(home)
    demand_nothing_there(database)
    home.path.mkdir(parents=True, exist_ok=True, mode=0o700)
    stage = Path(tempfile.mkdtemp(prefix=RESTORING, dir=home.path))
    try:
        manifest = read_archive(path, identities, stage)
        _check(manifest, database, stage)
        put_database(database, stage / DATABASE)
    except BaseException:
        shutil.rmtree(stage)
        raise
    _put_files(home, stage, RestoreMark(manifest.made_at, at))
    return manifest


def _demand_empty(home: Home) -> None:
    if home.path.exists() and any(home.path.iterdir()):
        raise CommandFault(
            f"{home.path}: not empty, and a restore changes no hub that there is; stop the hub and"
            f" move it away (mv {home.path} {home.path}.before), or name another directory in"
            " GAPURA_HUB_HOME"
        )


def _check(manifest: Manifest, database: DatabaseSettings, stage: Path) -> None:
    if manifest.database != kind_of(database):
        raise CommandFault(
            f"the backup is of a {manifest.database.value} database; set DATABASE_URL to an empty"
            " one of that kind"
        )
    try:
        load_keyring(stage / HOME / "keys")
    except HomeFault as fault:
        raise CommandFault(f"the keys in the backup do not fit together: {fault}") from fault


def _put_files(home: Home, stage: Path, mark: RestoreMark) -> None:
    """Until `stage` is gone nothing here passes for a hub: see `Home.prepare`."""
    write_mark(home, mark)
    for path in (stage / HOME).iterdir():
        path.rename(home.path / path.name)
    folder = os.open(home.path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    shutil.rmtree(stage)
