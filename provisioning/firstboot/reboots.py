"""How often the machine may restart itself: not for ever, where no restart mends the fault."""

import json
from collections.abc import Sequence
from pathlib import Path

from provisioning.firstboot.small_file import read_small, write_whole

MOST_A_DAY = 3
DAY_S = 86_400
_MOST_BYTES = 4096
_NAME = "reboots.json"


def allow_reboot(state_dir: Path, now_s: int) -> bool:
    """Say whether one more may be, and count it.

    A clock without a battery stands still while the power is off, and goes back at worst: what
    seems to lie ahead counts as of now, so that less is allowed and never more.

    Raises:
        OSError: it cannot be counted, and then none may be.
    """
    known = _read(state_dir)
    lately = [min(at_s, now_s) for at_s in known if now_s - at_s < DAY_S]
    is_allowed = len(lately) < MOST_A_DAY
    counted = [*lately, now_s] if is_allowed else lately
    if counted != known:
        write_whole(state_dir / _NAME, json.dumps(counted).encode())
    return is_allowed


def _read(state_dir: Path) -> Sequence[int]:
    content = read_small(state_dir / _NAME, _MOST_BYTES)
    if content is None:
        return ()
    try:
        found = json.loads(content)
    except ValueError:
        found = None
    if not isinstance(found, list) or not all(type(at_s) is int for at_s in found):
        # It was whole when it was written: the card fails, and a restart mends no card.
        raise OSError(0, f"{_NAME} does not hold what was written to it")
    return found
