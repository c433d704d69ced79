"""How much room is left on the card."""

import shutil
from pathlib import Path

from kiosk.health.finding import Finding
from sync.wire.batch import State

LEAST_PER_CENT = 5
_ADVICE = "connect the kiosk or carry a stick, so that visits can be sent and then cleared"


class StorageCheck:
    def __init__(self, path: Path) -> None:
        self._path = path

    def find(self) -> Finding:
        try:
            usage = shutil.disk_usage(self._path)
        except OSError as error:
            return Finding("disk_free_percent", State.BAD, str(error), "replace the card")
        free = usage.free * 100 // usage.total
        said = f"{free} % of the card is free"
        if free < LEAST_PER_CENT:
            return Finding("disk_free_percent", State.BAD, said, _ADVICE, free)
        return Finding("disk_free_percent", State.OK, said, value=free)
