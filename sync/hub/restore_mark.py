"""What a restore leaves in the hub's directory, to be noted once the tables are up to date."""

import json
from dataclasses import dataclass
from datetime import datetime

from sync.hub.errors import HomeFault
from sync.hub.home import Home, replace_private


@dataclass(frozen=True, slots=True)
class RestoreMark:
    """Of which time the backup was, and when it was restored."""

    backup_at: datetime
    restored_at: datetime


def write_mark(home: Home, mark: RestoreMark) -> None:
    told = {"backup_at": mark.backup_at.isoformat(), "restored_at": mark.restored_at.isoformat()}
    replace_private(home.restored, json.dumps(told).encode())


def read_mark(home: Home) -> RestoreMark | None:
    """Return None where there was no restore that is not noted yet.

    Raises:
        HomeFault: it cannot be read.
    """
    if not home.restored.exists():
        return None
    try:
        told = json.loads(home.restored.read_bytes())
        names = ("backup_at", "restored_at")
        return RestoreMark(*(datetime.fromisoformat(told[name]) for name in names))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise HomeFault(f"{home.restored}: cannot be read; restore once more") from error
