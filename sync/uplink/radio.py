"""How strong the WiFi is, for the door to tell: it has no network, and cannot see it."""

import logging
from collections.abc import Callable
from pathlib import Path

from sync.uplink.door import Door
from sync.uplink.errors import UplinkError
from sync.wire.link import STRONGEST_DBM, WEAKEST_DBM, Ask, Request

logger = logging.getLogger(__name__)

EVERY_S = 60.0
_FILE = Path("/proc/self/net/wireless")
# net/wireless/wext-proc.c: two lines of heading; interface, status, quality, level, noise, …
_HEADING = 2
_LEVEL = 3


def read_radio(file: Path = _FILE) -> int | None:
    """Return the strength of the best radio in dBm; None where there is none, or it tells none.

    A driver that counts in its own units gives a positive number, which says nothing.
    """
    try:
        lines = file.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    levels = [_level(line.split()) for line in lines[_HEADING:]]
    return max((level for level in levels if level is not None), default=None)


def _level(columns: list[str]) -> int | None:
    if len(columns) <= _LEVEL:
        return None
    # A dot behind a number says that it is new.
    text = columns[_LEVEL].removesuffix(".")
    if not text.removeprefix("-").isdecimal():
        return None
    level = int(text)
    return level if WEAKEST_DBM <= level <= STRONGEST_DBM else None


class RadioTeller:
    """Tells the door once a minute, by which it sees too that the courier lives."""

    def __init__(
        self,
        door: Door,
        clock: Callable[[], float],
        read: Callable[[], int | None] = read_radio,
    ) -> None:
        self._door = door
        self._clock = clock
        self._read = read
        self._due_s = clock()

    def tell(self) -> None:
        """Do nothing where it is not due; a door that is away is told the next time."""
        now_s = self._clock()
        if now_s < self._due_s:
            return
        self._due_s = now_s + EVERY_S
        try:
            self._door.ask(Request(Ask.RADIO, radio_dbm=self._read()))
        except UplinkError as error:
            logger.debug("the door cannot be told of the radio: %s", error)
