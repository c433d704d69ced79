"""Whether the memory card fails: errors that the kernel counts, a file system that it closed."""

import os
from pathlib import Path

from kiosk.health.finding import Finding
from sync.wire.batch import State

_ADVICE = "replace the card; take the old one to the hub, which reads what is left on it"


class CardCheck:
    """`errors_count` is that of Documentation/ABI/testing/sysfs-fs-ext4; the file system keeps it
    over restarts. A file system with errors is made read-only (`errors=remount-ro`, mount(8)).
    """

    def __init__(self, state_dir: Path, *, root: Path = Path("/")) -> None:
        self._state_dir = state_dir
        self._root = root

    def find(self) -> Finding:
        errors = self._errors()
        if self._is_read_only():
            return Finding("card_errors", State.BAD, "the card is read-only", _ADVICE, errors)
        if errors is None:
            return Finding("card_errors", State.UNKNOWN, "nobody counts this card's errors")
        if errors:
            said = f"the card had {errors} errors"
            return Finding("card_errors", State.BAD, said, _ADVICE, errors)
        return Finding("card_errors", State.OK, "the card had no errors", value=0)

    def _errors(self) -> int | None:
        counts = [
            int(text)
            for path in sorted((self._root / "sys/fs/ext4").glob("*/errors_count"))
            if (text := _text(path)).isdecimal()
        ]
        return sum(counts) if counts else None

    def _is_read_only(self) -> bool:
        try:
            return bool(os.statvfs(self._state_dir).f_flag & os.ST_RDONLY)
        except OSError:
            # `StorageCheck` tells that the directory is gone.
            return False


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
