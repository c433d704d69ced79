"""What a courier does that an honest one does not: counted, and shown with the kiosk's health.

The process with the network is the first to be broken into. It can harm nothing here, and that it
tries shall be seen.
"""

import threading
from collections import deque
from collections.abc import Callable
from enum import Enum

REMEMBERED_MS = 3_600_000
_KEPT = 1_000


class Misdeed(Enum):
    FORGED = "what it brings is not the hub's, or not for this kiosk"
    GARBAGE = "what it says is not the protocol"
    SLOW = "it begins to speak or to listen and does not finish"
    CROWD = "it calls more often at once than there are lines"
    FLOOD = "it asks without a pause"


class Conduct:
    """Told by the desk and the server, from their threads."""

    def __init__(self, boot_ms: Callable[[], int]) -> None:
        self._boot_ms = boot_ms
        self._noted: deque[tuple[int, Misdeed]] = deque(maxlen=_KEPT)
        self._noting = threading.Lock()

    def note(self, misdeed: Misdeed) -> None:
        with self._noting:
            self._noted.append((self._boot_ms(), misdeed))

    def lately(self) -> tuple[int, str]:
        """Return how many misdeeds there were within the hour, and what most of them were."""
        with self._noting:
            since_ms = self._boot_ms() - REMEMBERED_MS
            lately = [misdeed for noted_ms, misdeed in self._noted if noted_ms >= since_ms]
        return len(lately), max(Misdeed, key=lately.count).value if lately else ""
