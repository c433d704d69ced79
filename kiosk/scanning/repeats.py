"""One visit is one visit, however long and however often its code is held up."""

import hashlib
import secrets
from collections import OrderedDict
from enum import Enum

SAME_VISIT_MS = 10_000
"""Design, section 4: a code shown again within 10 s is the same visit."""

STILL_HELD_MS = 1_500
"""A gap that a held code may have: some frames of a shaking hand are not readable."""

MOST_REMEMBERED = 1_024


class Sighting(Enum):
    FIRST = "first"
    HELD = "held"
    """It has been in view since it was last seen."""
    AGAIN = "again"
    """It was away for a moment and has come back."""


class Repeats:
    """Remembers payloads by a keyed hash alone; the key is made here and dies with the process."""

    def __init__(
        self,
        *,
        same_visit_ms: int = SAME_VISIT_MS,
        still_held_ms: int = STILL_HELD_MS,
        most: int = MOST_REMEMBERED,
    ) -> None:
        self._same_visit_ms = same_visit_ms
        self._still_held_ms = still_held_ms
        self._most = most
        self._key = secrets.token_bytes(32)
        self._seen_ms: OrderedDict[bytes, int] = OrderedDict()

    def sight(self, payload: bytes, boot_ms: int) -> Sighting:
        """Say what seeing `payload` at `boot_ms` means. `boot_ms` does not go back."""
        mark = hashlib.blake2b(payload, key=self._key, digest_size=16).digest()
        last_ms = self._seen_ms.pop(mark, None)
        self._seen_ms[mark] = boot_ms
        self._forget(boot_ms)
        if last_ms is None or boot_ms - last_ms > self._same_visit_ms:
            return Sighting.FIRST
        return Sighting.HELD if boot_ms - last_ms <= self._still_held_ms else Sighting.AGAIN

    def _forget(self, boot_ms: int) -> None:
        while self._seen_ms and self._is_over(next(iter(self._seen_ms.values())), boot_ms):
            self._seen_ms.popitem(last=False)

    def _is_over(self, oldest_ms: int, boot_ms: int) -> bool:
        return len(self._seen_ms) > self._most or boot_ms - oldest_ms > self._same_visit_ms
