"""What door and setup helper (`gapura-provision firstboot`) leave for each other, in files; and
what the bench (`gapura-provision acceptance`) leaves for the door.

The helper has the privileges, and neither believes the other: both verify every card.
"""

import json
import logging
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from sync.wire.card import MAX_CHARACTERS
from sync.wire.errors import WireError
from sync.wire.happenings import Happening
from sync.wire.visit import Event, read_event

logger = logging.getLogger(__name__)

CARD_FILE = "card"
ENROLLED_FILE = "enrolled"
OFFERED_FILE = "offered.card"
REPORT_FILE = "report.json"
ACCEPTANCE_FILE = "acceptance"
# The helper takes a card within a second; where there is none, no key of a WiFi is left lying.
UNTAKEN_MS = 60_000
_MODE = 0o640
_MOST_BYTES = 8192


class Handover:
    """`run_dir` is the door's own; `setup_dir` the helper's, where the door only reads."""

    def __init__(self, run_dir: Path, setup_dir: Path) -> None:
        self._run_dir = run_dir
        self._setup_dir = setup_dir
        self._given_ms: int | None = None
        self._offered: tuple[int, int] | None = None

    def give(self, text: str, boot_ms: int) -> None:
        """Leave a card for the helper: it sets up the network and the clock."""
        if self._put(CARD_FILE, text):
            self._given_ms = boot_ms

    def tidy(self, boot_ms: int) -> None:
        """Remove a card that nobody took."""
        if self._given_ms is not None and boot_ms - self._given_ms > UNTAKEN_MS:
            self._given_ms = None
            with suppress(OSError):
                (self._run_dir / CARD_FILE).unlink(missing_ok=True)

    def tell_enrolled(self, root_public: bytes) -> bool:
        """Leave word of the hub that this kiosk belongs to; from then on no other one counts."""
        return self._put(ENROLLED_FILE, root_public.hex())

    def offered(self) -> str | None:
        """Return a card that the helper found in a file, once."""
        path = self._setup_dir / OFFERED_FILE
        try:
            found = path.stat()
            mark = (found.st_ino, found.st_mtime_ns)
            if mark == self._offered:
                return None
            self._offered = mark
            with path.open("rb") as file:
                content = file.read(MAX_CHARACTERS + 1)
        except OSError:
            return None
        return content.decode("ascii", "replace")

    def fault(self) -> str:
        """Return what the helper could not do: "network", "storage", …; empty where nothing."""
        content = read_object(self._setup_dir / REPORT_FILE)
        return str(content.get("step", "")) if content.get("outcome") != "done" else ""

    def courier(self) -> str:
        """Return the state that the courier shows of itself, empty where it shows none."""
        return str(read_object(self._run_dir / "sync.json").get("state", ""))

    def _put(self, name: str, text: str) -> bool:
        """Write a file whole, that the door's own group may read: the helper, not the courier."""
        path = self._run_dir / name
        beside = self._run_dir / f".{name}.new"
        try:
            beside.unlink(missing_ok=True)
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
            with os.fdopen(descriptor, "w") as file:
                os.fchown(descriptor, -1, os.getegid())
                os.fchmod(descriptor, _MODE)
                file.write(text)
            beside.rename(path)
        except OSError as error:
            logger.error("nothing can be left for the setup helper: %s", error.strerror)
            return False
        return True


def read_object(path: Path) -> Mapping[str, object]:
    """Return what a small file of JSON says; nothing where it is missing or of another form."""
    try:
        with path.open("rb") as file:
            content = json.loads(file.read(_MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


class SignedOff:
    """The acceptance that a technician has signed off; `event` is None where there is none.

    The bench writes it only while the door is stopped. It has initials, and so stays no longer
    than until it is sealed in the journal.
    """

    def __init__(self, state_dir: Path) -> None:
        self._path = state_dir / ACCEPTANCE_FILE
        self.event = self._read()

    def forget(self) -> None:
        """The hub will hear of it."""
        self.event = None
        with suppress(OSError):
            self._path.unlink()

    def _read(self) -> Event | None:
        try:
            with self._path.open("rb") as file:
                event = read_event(file.read(_MOST_BYTES))
        except FileNotFoundError:
            return None
        except (OSError, WireError) as error:
            logger.warning("what the bench has left cannot be read: %s", error)
            return None
        return event if event.name == Happening.ACCEPTANCE else None
