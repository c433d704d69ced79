"""The journal as the door uses it: one thread owns the file, and every call has a deadline."""

import logging
import secrets
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from pathlib import Path
from typing import TypeVar

import apsw

from kiosk.errors import JournalFault, NotEnrolled
from kiosk.instants import Fix, Interval, Moment, present
from kiosk.journal import run as runs
from kiosk.journal.anchors import AnchorTable
from kiosk.journal.database import first_row, open_database, scalar, translated
from kiosk.journal.door_keys import DoorKeys
from kiosk.journal.entries import EntryTable, Note, Tip
from kiosk.journal.facts import Facts, Membership
from kiosk.journal.outgoing import Circumstance, Outbox, Outgoing
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
T = TypeVar("T")

# A card that does not answer for this long is failing; a visitor waits no longer either.
DEADLINE_S = 2.0
_CONFIRM_EVERY_MS = 3_600_000
_SLOW_HINT = "the card is slow or failing: replace it, and keep the old one for its records"


class Journal:
    """Opened once by the door's process, which owns the file.

    Every method raises JournalFault where the file fails or does not answer in `deadline_s`.
    """

    def __init__(self, path: Path, *, deadline_s: float = DEADLINE_S) -> None:
        self._deadline_s = deadline_s
        self._is_closed = False
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        try:
            self._ledger = self._on_thread(lambda: _Ledger(open_database(path)), deadline_s=30.0)
        except BaseException:
            self._thread.shutdown(wait=False)
            raise

    def membership(self) -> Membership | None:
        return self._on_thread(self._ledger.facts.membership)

    def join(self, membership: Membership, keys: DoorKeys, board: str, moment: Moment) -> None:
        """Belong to a hub from now on, under a new epoch."""
        self._on_thread(lambda: self._ledger.join(membership, keys, board, moment))

    def begin_run(self, keys: DoorKeys, hub_keys: KeyList, board: str, moment: Moment) -> None:
        """Begin this process's run; before it, nothing can be recorded.

        Raises:
            NotEnrolled: the kiosk belongs to no hub.
            UnknownKey: the hub's list has no key to seal to.
        """
        self._on_thread(lambda: self._ledger.begin_run(keys, hub_keys, board, moment))

    def record(
        self, note: Note, *, cti: bytes | None = None, sighting: Sighting | None = None
    ) -> int:
        """Commit a note, and with it what was seen of the pass; return its seq.

        When this returns, the entry outlives a power cut.
        """
        return self._on_thread(lambda: self._ledger.record(note, cti, sighting))

    def sighting(self, cti: bytes) -> Sighting | None:
        return self._on_thread(lambda: self._ledger.presence.find(cti))

    def count_inside(self) -> int:
        """Return how many passes were last seen to come in, since the night."""
        return self._on_thread(self._ledger.presence.count_inside)

    def record_assisted(
        self,
        moment: Moment,
        clock: WallClock,
        *,
        of_seq: int | None,
        cti: bytes | None,
        direction: Direction,
    ) -> int:
        """Commit an officer's press under the next running number; return its seq."""
        return self._on_thread(
            lambda: self._ledger.record_assisted(moment, clock, of_seq, cti, direction)
        )

    def add_officers_anchor(self, anchor: Anchor, officer: bytes, slot: int) -> bool:
        """Take a time from an officer's turning code, made now.

        False, and nothing is learnt, where this boot knows a time already, where the slot is not
        higher than any of this officer's (the pass's cti) before it, or where it lies before the
        floor.
        """
        return self._on_thread(lambda: self._ledger.add_officers_anchor(anchor, officer, slot))

    def raise_floor(self, floor_ms: int) -> bool:
        """Remember a time, signed by the hub, that has certainly passed; False: known already."""
        return self._on_thread(lambda: self._ledger.raise_floor(floor_ms))

    def begin_day(self, day: int) -> None:
        """Forget who is inside, where `day` (a number that grows by one each day) is another."""
        self._on_thread(lambda: self._ledger.begin_day(day))

    def now(self, moment: Moment) -> Interval:
        """Return what is known of the time at a moment of this boot.

        It is asked at every frame, so what was read once is not asked of the thread again.
        """
        fixes = self._ledger.fixes
        if fixes is None:
            fixes = self._on_thread(lambda: self._ledger.load_fixes(moment.boot_id))
        return present(moment.boot_ms, fixes, self._ledger.floor_ms)

    def add_anchor(self, anchor: Anchor, moment: Moment) -> None:
        self._on_thread(lambda: self._ledger.add_anchor(anchor, moment))

    def next_batch(self, after_seq: int, most: int, circumstance: Circumstance) -> Outgoing:
        return self._on_thread(
            lambda: self._ledger.require_outbox().next_batch(after_seq, most, circumstance)
        )

    def apply_receipt(self, receipt: Receipt, read_at: Moment) -> bool:
        """Take over a verified receipt; False where it is for another journal."""
        return self._on_thread(lambda: self._ledger.apply_receipt(receipt, read_at))

    def backlog(self) -> int:
        return self._on_thread(self._ledger.backlog)

    def bundle_version(self) -> int:
        return self._on_thread(self._ledger.facts.bundle_version)

    def bundle_rank(self) -> tuple[int, int]:
        """Return the highest key list and bundle versions that were taken."""
        return self._on_thread(self._ledger.facts.bundle_rank)

    def confirm(self, version: int, hub_time_ms: int) -> None:
        """Remember when the hub last said that nothing is newer than this bundle."""
        self._on_thread(lambda: self._ledger.confirm(version, hub_time_ms))

    def confirmation(self) -> tuple[int, int]:
        """Return the bundle's version that was last confirmed, and the hub's time of it."""
        return self._on_thread(self._ledger.facts.confirmation)

    def took_bundle(self, rank: tuple[int, int], issued_at_ms: int) -> None:
        """Remember key list and bundle version, and that its hub-signed time has passed."""
        self._on_thread(lambda: self._ledger.took_bundle(rank, issued_at_ms))

    def close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            self._thread.submit(self._ledger.close)
            self._thread.shutdown(wait=True)

    def _on_thread(self, work: Callable[[], T], *, deadline_s: float | None = None) -> T:
        if self._is_closed:
            raise JournalFault("the journal is closed", hint="restart the kiosk")
        future: Future[T] = self._thread.submit(_translating, work)
        try:
            return future.result(self._deadline_s if deadline_s is None else deadline_s)
        except FutureTimeout as error:
            future.cancel()
            raise JournalFault("the card does not answer", hint=_SLOW_HINT) from error


def _translating(work: Callable[[], T]) -> T:
    with translated():
        return work()


class _Ledger:
    """All that happens on the journal's own thread."""

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
