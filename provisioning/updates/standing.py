"""How the kiosk stands, as door and courier show it: what a release is judged by."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from provisioning.firstboot.small_file import read_small
from sync.wire.update import software_of

_MOST_BYTES = 64 * 1024
# The door writes every second; a memory card may hold it up for two.
_FRESH_MS = 10_000
_GREEN, _IN_TOUCH = "ready", "ok"
# The courier goes its rounds, and does not reach the hub for reasons that lie outside.
_ON_ITS_WAY = frozenset({"no-hub", "no-network", "hub-away", "portal", "refused"})


@dataclass(frozen=True, slots=True)
class Kiosk:
    """`door` and `courier` are door.json and sync.json."""

    door: Path
    courier: Path

    def is_green(self, now_ms: int, version: str = "") -> bool:
        """Say whether the door is ready this moment; where a version is given, in that one."""
        told = _object(self.door)
        at_ms = told.get("boot_ms")
        is_fresh = isinstance(at_ms, int) and 0 <= now_ms - at_ms <= _FRESH_MS
        is_it = not version or told.get("software") == software_of(version)
        return is_fresh and is_it and told.get("state") == _GREEN

    def is_in_touch(self, since_ms: int = 0) -> bool:
        """Say whether the hub has answered the courier that began after `since_ms`."""
        return self._courier_state(since_ms) == _IN_TOUCH

    def goes_rounds(self, since_ms: int) -> bool:
        return self._courier_state(since_ms) in {_IN_TOUCH, *_ON_ITS_WAY}

    def _courier_state(self, since_ms: int) -> str:
        told = _object(self.courier)
        since_s = told.get("since_boot_s")
        if not isinstance(since_s, int) or (since_s + 1) * 1000 < since_ms:
            return ""
        return str(told.get("state", ""))


def boot_ms() -> int:
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000


def _object(path: Path) -> Mapping[str, object]:
    """Return what a program shows of itself; nothing where it does not run."""
    try:
        content = json.loads(read_small(path, _MOST_BYTES) or b"{}")
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
