"""Who is inside, as far as this kiosk saw: under a keyed hash, and forgotten every night."""

import hmac
import secrets
from hashlib import sha256

import apsw

from kiosk.journal.database import first_row, scalar
from kiosk.journal.sightings import Sighting
from sync.wire.visit import Direction

PRESENCE_KEY = "presence_key"
_KEY_BYTES = 32
_TAG_BYTES = 16


class PresenceTable:
    """Reads and writes presence rows; the caller brings the transaction."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    def find(self, cti: bytes) -> Sighting | None:
        row = first_row(
            self._connection,
            "SELECT direction, last_slot FROM presence WHERE tag=?",
            (self._tag(cti),),
        )
        return None if row is None else Sighting(Direction(row[0]), row[1])

    def note(self, cti: bytes, sighting: Sighting, boot_ms: int) -> None:
        self._connection.execute(
            "INSERT INTO presence VALUES(?,?,?,?) ON CONFLICT(tag) DO UPDATE SET "
            "direction=iif(excluded.direction=0, direction, excluded.direction), "
            "last_slot=max(last_slot, excluded.last_slot), seen_boot_ms=excluded.seen_boot_ms",
            (self._tag(cti), int(sighting.direction), sighting.slot, boot_ms),
        )

    def count_inside(self) -> int:
        count: int = scalar(
            self._connection,
            "SELECT count(*) FROM presence WHERE direction=?",
            (int(Direction.IN),),
        )
        return count

    def forget_all(self) -> None:
        """Replace the key and drop the rows; `secure_delete` overwrites both."""
        self._connection.execute("DELETE FROM presence")
        self._connection.execute("DELETE FROM fact WHERE name=?", (PRESENCE_KEY,))

    def _tag(self, cti: bytes) -> bytes:
        return hmac.digest(self._key(), cti, sha256)[:_TAG_BYTES]

    def _key(self) -> bytes:
        found = scalar(self._connection, "SELECT value FROM fact WHERE name=?", (PRESENCE_KEY,))
        if isinstance(found, bytes):
            return found
        made = secrets.token_bytes(_KEY_BYTES)
        self._connection.execute("INSERT INTO fact VALUES(?,?)", (PRESENCE_KEY, made))
        return made
