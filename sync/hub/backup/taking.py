"""Takes a backup: database first, then keys and files, for keys newer than it do no harm."""

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from sync.hub.age_keys import of_backups
from sync.hub.backup.archive import held_in, write_archive
from sync.hub.backup.database_copy import copy_database, kind_of
from sync.hub.backup.manifest import DATABASE, HOME, Manifest
from sync.hub.database_url import DatabaseSettings
from sync.hub.errors import CommandFault, HomeFault
from sync.hub.home import Home
from sync.hub.key_making import OFFLINE_ROOT
from sync.hub.keyring import load_keyring

_STAGE = ".backup-"
_TRIES = 3
_SHORT = 8


@dataclass(frozen=True, slots=True)
class Taken:
    """`removed` are older backups that went, `left_out` what in the hub's directory is no file."""

    path: Path
    manifest: Manifest
    removed: list[Path]
    left_out: list[str]


def take_backup(
    home: Home, database: DatabaseSettings, path: Path, now: datetime, keep: int | None = None
) -> Taken:
    """Write a backup to `path`, or under a name with the time into that folder; there only
    the newest `keep` of this hub stay.

    Raises:
        CommandFault: it could not be written; nothing is left of it, and no older one has gone.
        HomeFault: the hub's keys are not as they must be.
    """
    recipients = of_backups(home).read()
    hub = load_keyring(home.keys).hub.hex()
    target = path / _name(hub, now) if path.is_dir() else path
    if target.exists():
        raise CommandFault(f"{target}: there is such a file; nothing was written")
    with _staging(home) as stage:
        copy_database(database, stage / DATABASE)
        left_out = _copy_home(home, database, stage / HOME)
        manifest = Manifest(now, hub, version("gapura"), kind_of(database), held_in(stage))
        write_archive(target, recipients, manifest, stage)
    removed = _prune(path, hub, keep) if path.is_dir() and keep else []
    return Taken(target, manifest, removed, left_out)


def _name(hub: str, now: datetime) -> str:
    return f"gapura-{hub[:_SHORT]}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.age"


@contextmanager
def _staging(home: Home) -> Iterator[Path]:
    """A folder where the database lies too, so that nobody else can read a copy of it; one at a
    time.
    """
    folder = os.open(home.path, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for left in home.path.glob(f"{_STAGE}*"):
            shutil.rmtree(left)
        with tempfile.TemporaryDirectory(prefix=_STAGE, dir=home.path) as stage:
            yield Path(stage)
    except BlockingIOError as error:
        raise CommandFault("another backup is being taken; wait until it is done") from error
    except OSError as error:
        raise CommandFault(f"{error.filename or home.path}: {error.strerror}") from error
    finally:
        os.close(folder)


def _copy_home(home: Home, database: DatabaseSettings, into: Path) -> list[str]:
    """Copy what is in the hub's directory, once more where keys were renewed meanwhile."""
    for _ in range(_TRIES):
        shutil.rmtree(into, ignore_errors=True)
        into.mkdir(mode=0o700)
        try:
            left_out = _copy_files(home, database, into)
            load_keyring(into / home.keys.name)
        except (FileNotFoundError, HomeFault) as error:
            fault = error
        else:
            return left_out
    raise CommandFault(f"the keys could not be copied: {fault}") from fault


def _copy_files(home: Home, database: DatabaseSettings, into: Path) -> list[str]:
    left_out = []
    own = [f"{database['NAME']}{end}" for end in ("", "-wal", "-shm", "-journal")]
    for path in sorted(home.path.rglob("*")):
        inside = path.relative_to(home.path)
        if str(path) in own or inside.parts[:2] == (home.keys.name, OFFLINE_ROOT):
            continue
        if path.is_dir() or any(part.startswith(".") for part in inside.parts):
            continue
        if path.is_symlink() or not path.is_file():
            left_out.append(str(inside))
            continue
        (into / inside).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copy(path, into / inside)
    return left_out


def _prune(folder: Path, hub: str, keep: int) -> list[Path]:
    """Remove all but the newest backups of this hub, and what was left of one that was cut off."""
    pattern = rf"gapura-{hub[:_SHORT]}-\d{{8}}T\d{{6}}Z\.age"
    names = sorted(path.name for path in folder.iterdir())
    whole = [folder / name for name in names if re.fullmatch(pattern, name)]
    parts = [folder / name for name in names if re.fullmatch(rf"\.{pattern}\.[0-9a-f]{{8}}", name)]
    old = whole[:-keep]
    for path in (*old, *parts):
        path.unlink()
    return old
