"""Keeps the door from running while its parts are tried, and the bench while the door runs."""

import fcntl
from contextlib import ExitStack
from pathlib import Path

from provisioning.errors import DoorIsRunning

# The door holds this file for as long as it runs.
NAME = "door.lock"


def hold_door_lock(state_dir: Path, stack: ExitStack) -> None:
    """Hold the door's lock until `stack` ends, where a door has ever run here.

    Raises:
        DoorIsRunning: it holds the lock itself.
    """
    try:
        lock = stack.enter_context((state_dir / NAME).open("rb"))
    except OSError:
        return  # no door has run; a directory that cannot be used is told of when it is tried
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise DoorIsRunning(
            "the door is running, and holds the parts",
            hint="stop it first: sudo systemctl stop gapura-kiosk",
        ) from error
