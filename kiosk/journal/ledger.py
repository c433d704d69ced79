"""All that happens in the journal's file, on the one thread that owns it."""

import logging
import secrets
from collections.abc import Callable

import apsw

from kiosk.errors import JournalFault, NotEnrolled
from kiosk.instants import Fix, Moment
from kiosk.journal import run as runs
from kiosk.journal.anchors import AnchorTable
from kiosk.journal.database import first_row, scalar
from kiosk.journal.door_keys import DoorKeys
from kiosk.journal.entries import EntryTable, Note, Tip
from kiosk.journal.facts import Facts, Membership
from kiosk.journal.outgoing import Outbox
from kiosk.journal.presence import PresenceTable
from kiosk.journal.receipts import ReceiptBook
from kiosk.journal.run import OpenRun
from kiosk.journal.sightings import Sighting
from sync.wire.batch import Anchor
from sync.wire.entry import EPOCH_BYTES, Kind, WallClock
from sync.wire.keys import KeyList
from sync.wire.receipt import Receipt
from sync.wire.visit import Assisted, Direction

logger = logging.getLogger(__name__)

_CONFIRM_EVERY_MS = 3_600_000


class Ledger:
    """Used by `Journal` alone; `fixes` and `floor_ms` may be read from any thread."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self.facts = Facts(connection)
        self.presence = PresenceTable(connection)
        self._entries = EntryTable(connection)
        self._anchors = AnchorTable(connection)
        self._receipts = ReceiptBook(connection)
        self._outbox: Outbox | None = None
        self._run: OpenRun | None = None
        self._tip: Tip | None = None
        self.fixes: list[Fix] | None = None
        self.floor_ms = self.facts.floor_ms()

    def join(self, membership: Membership, keys: DoorKeys, board: str, moment: Moment) -> None:
        with self._connection:
            self.facts.set_membership(membership)
            self.facts.forget_bundle_version()
            self._begin_epoch(keys, board, moment)
        self._outbox = Outbox(self._connection, keys)
        self._run = self._tip = None

    def begin_run(self, keys: DoorKeys, hub_keys: KeyList, board: str, moment: Moment) -> None:
        with self._connection:
            if self.facts.membership() is None:
                raise NotEnrolled("the kiosk belongs to no hub", hint="show it an enrolment card")
            epoch_no, epoch = self._current_epoch(keys, board, moment)
            run_no = 1 + scalar(
                self._connection,
                "SELECT coalesce(max(run_no), 0) FROM run WHERE epoch_no=?",
                (epoch_no,),
            )
            opened, signed = runs.begin(
                epoch_no=epoch_no,
                epoch=epoch,
                run_no=run_no,
                moment=moment,
                keys=keys,
                hub_keys=hub_keys,
            )
            self._connection.execute(
                "INSERT INTO run VALUES(?,?,?,?)", (epoch_no, run_no, moment.boot_id, signed)
            )
        self._run = opened
        self._tip = self._entries.tip(epoch_no, keys.device, epoch)
        self._outbox = self._outbox or Outbox(self._connection, keys)

    def record(
        self,
        note: Note,
        cti: bytes | None,
        sighting: Sighting | None,
        also: Callable[[], None] = lambda: None,
    ) -> int:
        """Commit a note; `also` writes what belongs to it in the same transaction."""
        if self._run is None or self._tip is None:
            raise JournalFault("no run has begun", hint="enrol the kiosk and restart it")
        with self._connection:
            tip = self._entries.append(note, self._run, self._tip)
            if cti is not None and sighting is not None:
                self.presence.note(cti, sighting, note.moment.boot_ms)
            also()
        self._tip = tip
        return tip.seq

    def record_assisted(
        self,
        moment: Moment,
        clock: WallClock,
        of_seq: int | None,
        cti: bytes | None,
        direction: Direction,
    ) -> int:
        number = self.facts.assisted() + 1
        note = Note(Kind.ASSISTED, Assisted(number, of_seq).to_bytes(), moment, clock)
        sighting = None if cti is None else Sighting(direction)
        return self.record(note, cti, sighting, lambda: self.facts.raise_assisted(number))

    def add_officers_anchor(self, anchor: Anchor, officer: bytes, slot: int) -> bool:
        is_past = anchor.true_ms + anchor.error_ms < self.floor_ms
        if is_past or slot <= self.facts.officer_slot(officer):
            return False
        if self._anchors.fixes(anchor.boot_id):
            return False
        with self._connection:
            self.facts.raise_officer_slot(officer, slot)
            self._anchors.add(anchor)
        self.fixes = None
        return True

    def raise_floor(self, floor_ms: int) -> bool:
        if floor_ms <= self.floor_ms:
            return False
        with self._connection:
            self.facts.raise_floor(floor_ms)
        self.floor_ms = self.facts.floor_ms()
        return True

    def begin_day(self, day: int) -> None:
        if day == self.facts.day():
            return
        with self._connection:
            self.facts.set_day(day)
            self.presence.forget_all()
        # What was overwritten in the database still lies in the log until that is cut.
        self._connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)

    def load_fixes(self, boot_id: bytes) -> list[Fix]:
        self.fixes = self._anchors.fixes(boot_id)
        return self.fixes

    def add_anchor(self, anchor: Anchor, moment: Moment) -> None:
        with self._connection:
            self._anchors.add_if_better(anchor, moment)
        self.fixes = None

    def apply_receipt(self, receipt: Receipt, read_at: Moment) -> bool:
        asked = self.require_outbox().answered(receipt.nonce)
        asked_at = asked.moment if asked and asked.moment.boot_id == read_at.boot_id else None
        with self._connection:
            ours = self._receipts.apply(receipt, asked_at=asked_at, read_at=read_at)
            if ours and asked is not None:
                self.facts.raise_anchors_told(asked.anchor_no)
        self.fixes, self.floor_ms = None, self.facts.floor_ms()
        return ours

    def confirm(self, version: int, hub_time_ms: int) -> None:
        known_version, known_ms = self.facts.confirmation()
        # An hour's precision is enough for what counts in days, and spares the card.
        if version == known_version and hub_time_ms - known_ms < _CONFIRM_EVERY_MS:
            return
        with self._connection:
            self.facts.set_confirmation(version, hub_time_ms)

    def took_bundle(self, rank: tuple[int, int], issued_at_ms: int) -> None:
        with self._connection:
            self.facts.raise_bundle_rank(rank)
            self.facts.raise_floor(issued_at_ms)
        self.floor_ms = self.facts.floor_ms()

    def backlog(self) -> int:
        return self._receipts.backlog()

    def require_outbox(self) -> Outbox:
        if self._outbox is None:
            raise NotEnrolled("the kiosk belongs to no hub", hint="show it an enrolment card")
        return self._outbox

    def close(self) -> None:
        self._connection.close()

    def _current_epoch(self, keys: DoorKeys, board: str, moment: Moment) -> tuple[int, bytes]:
        """Return the epoch to write in; a changed board or card begins a new one."""
        row = first_row(
            self._connection,
            "SELECT epoch_no, epoch, board, device FROM identity ORDER BY epoch_no DESC LIMIT 1",
        )
        if row is not None and row[2] == board and row[3] == keys.device:
            return row[0], row[1]
        logger.warning("the board or the card is another than before: a new epoch begins")
        return self._begin_epoch(keys, board, moment)

    def _begin_epoch(self, keys: DoorKeys, board: str, moment: Moment) -> tuple[int, bytes]:
        epoch = secrets.token_bytes(EPOCH_BYTES)
        self._connection.execute(
            "INSERT INTO identity(device, epoch, board, begun_wall_ms) VALUES(?,?,?,?)",
            (keys.device, epoch, board, moment.wall_ms),
        )
        return self._connection.last_insert_rowid(), epoch
