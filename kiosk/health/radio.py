"""How strong the WiFi is, by what the courier says: the door has no network and cannot see it."""

import threading
from collections.abc import Callable

from kiosk.health.finding import Finding
from sync.wire.batch import State

SILENT_MS = 300_000
"""The courier says it anew every minute: an older word is none."""
WEAK_DBM = -80
"""Below this a WiFi loses more than it carries: the hub's rule `radio` has the same limit."""
_ADVICE = "move the kiosk or the access point closer, or lay a cable"


class RadioCheck:
    """Told from the courier's threads. Believed in nothing but what to mend."""

    def __init__(self, boot_ms: Callable[[], int]) -> None:
        self._boot_ms = boot_ms
        self._telling = threading.Lock()
        self._told: tuple[int, int] | None = None

    def tell(self, dbm: int | None) -> None:
        with self._telling:
            self._told = None if dbm is None else (self._boot_ms(), dbm)

    def find(self) -> Finding:
        with self._telling:
            told = self._told
        if told is None or self._boot_ms() - told[0] > SILENT_MS:
            return Finding("wifi_dbm", State.UNKNOWN, "nobody says how strong the WiFi is")
        said = f"the courier sees the WiFi with {told[1]} dBm"
        if told[1] <= WEAK_DBM:
            return Finding("wifi_dbm", State.BAD, said, _ADVICE, told[1])
        return Finding("wifi_dbm", State.OK, said, value=told[1])
