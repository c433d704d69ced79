"""The directories of the door's own, and the claim that keeps a second door out of them."""

import fcntl
from pathlib import Path
from typing import IO

from kiosk.errors import ConfigurationError, JournalFault


def directory(path: str) -> Path:
    """Return a directory of the door's own, making it where it is missing.

    Raises:
        ConfigurationError: it cannot be made.
    """
    try:
        Path(path).mkdir(mode=0o750, parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(path, error) from error
    return Path(path)


def claim(state_dir: Path) -> IO[bytes]:
    """Hold the state directory for this process alone, until the file returned is closed.

    Raises:
        JournalFault: another process holds it.
        ConfigurationError: it cannot be written to.
    """
    try:
        lock = (state_dir / "door.lock").open("wb")
    except OSError as error:
        raise _unusable(str(state_dir), error) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise JournalFault(
            f"another gapura-kiosk uses {state_dir}",
            hint="stop it first, or name other directories",
        ) from error
    return lock


def _unusable(path: str, error: OSError) -> ConfigurationError:
    return ConfigurationError(
        f"the directory {path} cannot be used: {error.strerror}",
        hint="run as the user gapura-kiosk, or set [kiosk] state_dir and run_dir",
    )
