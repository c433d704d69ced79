"""All that happens in the journal's file, on the one thread that owns it."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import apsw

from kiosk.errors import JournalFault, NotEnrolled
from kiosk.instants import Fix, Moment
from kiosk.journal import run as runs
from kiosk.journal.anchors import AnchorTable
from kiosk.journal.commit_times import CommitTimes
from kiosk.journal.database import scalar
from kiosk.journal.door_keys import DoorKeys
from kiosk.journal.entries import EntryTable, Note, Tip
from kiosk.journal.epochs import Epoch, EpochTable
from kiosk.journal.facts import Facts, Membership
from kiosk.journal.outgoing import Outbox
from kiosk.journal.presence import PresenceTable
from kiosk.journal.receipts import ReceiptBook, Told
from kiosk.journal.retention import Retention
from kiosk.journal.run import OpenRun
from kiosk.journal.sightings import Sighting
from kiosk.journal.tidings import Tidings
from sync.wire.batch import Anchor
from sync.wire.entry import Kind, WallClock
from sync.wire.keys import KeyList
from sync.wire.receipt import Receipt
from sync.wire.visit import Assisted, Direction

logger = logging.getLogger(__name__)

_CONFIRM_EVERY_MS = 3_600_000
# A hub that answers every batch so must not wear the card out.
_ANEW_EVERY_MS = 600_000


@dataclass(frozen=True, slots=True)
class Signer:
    """With what an epoch's runs are begun."""

    keys: DoorKeys
    hub_keys: KeyList
    board: str


class Ledger:
    """Used by `Journal` alone; `fixes`, `floor_ms`, `epoch` and `commit_times` may be read from any
    thread.
    """

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self.facts = Facts(connection)
        self.presence = PresenceTable(connection)
        self._entries = EntryTable(connection)
        self._anchors = AnchorTable(connection)
        self._receipts = ReceiptBook(connection)
        self._epochs = EpochTable(connection)
        self._retention = Retention(connection)
        self.commit_times = CommitTimes()
        self._signer: Signer | None = None
        self._anew_at: Moment | None = None
        self._outbox: Outbox | None = None
        self._run: OpenRun | None = None
        self._tip: Tip | None = None
        self.fixes: list[Fix] | None = None
        self.floor_ms = self.facts.floor_ms()

    @property
    def epoch(self) -> bytes | None:
        """The epoch that is being written, None before a run has begun."""
        run = self._run
        return None if run is None else run.epoch

    def join(
        self, membership: Membership, keys: DoorKeys, board: str, moment: Moment, card_issued_s: int
    ) -> None:
        with self._connection:
            self.facts.set_membership(membership)
            self.facts.set_card_issued_s(card_issued_s)
            self.facts.forget_bundle_version()
            self._epochs.begin(keys.device, board, moment.wall_ms)
        self._outbox = Outbox(self._connection, keys)
        self._run = self._tip = self._signer = None

    def move(self, membership: Membership, card_issued_s: int) -> None:
        """Keep where the hub is now, and that the card's hub-signed time has passed."""
        with self._connection:
            self.facts.set_membership(membership)
            self.facts.set_card_issued_s(card_issued_s)
        self.raise_floor(card_issued_s * 1000)

    def begin_run(self, keys: DoorKeys, hub_keys: KeyList, board: str, moment: Moment) -> None:
        signer = Signer(keys, hub_keys, board)
        with self._connection:
            if self.facts.membership() is None:
                raise NotEnrolled("the kiosk belongs to no hub", hint="show it an enrolment card")
            epoch = self._current_epoch(signer, moment)
            run = self._begin_run(epoch, signer, moment)
        self._signer, self._run, self._tip = signer, run, self._epochs.tip(epoch)
        self._outbox = self._outbox or Outbox(self._connection, keys)

    def _begin_run(self, epoch: Epoch, signer: Signer, moment: Moment) -> OpenRun:
        last = scalar(
            self._connection, "SELECT max(run_no) FROM run WHERE epoch_no=?", (epoch.epoch_no,)
        )
        opened, signed = runs.begin(
            epoch_no=epoch.epoch_no,
            epoch=epoch.epoch,
            run_no=1 + (last or 0),
            moment=moment,
            keys=signer.keys,
            hub_keys=signer.hub_keys,
        )
        self._connection.execute(
            "INSERT INTO run VALUES(?,?,?,?,0)",
            (epoch.epoch_no, opened.run_no, moment.boot_id, signed),
        )
        return opened

    def record(
        self,
        note: Note,
        cti: bytes | None,
        sighting: Sighting | None,
        also: Callable[[], None] = lambda: None,
    ) -> int:
        """Commit a note; `also` writes what belongs to it in the same transaction."""
        if self._run is None or self._tip is None:
            raise _no_run()
        with self.commit_times.timed(), self._connection:
            tip = self._entries.append(note, self._run, self._tip)
            if cti is not None and sighting is not None:
                self.presence.note(cti, sighting, note.moment.boot_ms)
            also()
        self._tip = tip
        return tip.seq

    def record_events(self, notes: Sequence[Note], told: Tidings) -> int:
        """Commit notes, and what they have told; return the last one's seq."""
        if self._run is None or self._tip is None:
            raise _no_run()
        tip = self._tip
        with self.commit_times.timed(), self._connection:
            for note in notes:
                tip = self._entries.append(note, self._run, tip)
            self.facts.set_told(told)
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
            told = self._receipts.apply(receipt, asked_at=asked_at, read_at=read_at)
            if told is not Told.FOREIGN and asked is not None:
                self.facts.raise_anchors_told(asked.anchor_no)
                self.require_outbox().asked_for(receipt.epoch, receipt.missing)
        self.fixes, self.floor_ms = None, self.facts.floor_ms()
        if told is Told.CONFLICT:
            self._begin_anew(receipt, read_at)
        return told is not Told.FOREIGN

    def _begin_anew(self, receipt: Receipt, moment: Moment) -> None:
        """Leave an epoch of which the hub holds another story, as after the card was restored from
        a copy of itself, and carry what is not settled over into a new one.
        """
        source = self._epochs.find(receipt.device, receipt.epoch)
        newest = self._epochs.newest()
        if self._signer is None or source is None or newest is None:
            return
        # Other batches of the same epoch may be answered alike.
        if source != newest and not self._epochs.has_unsettled(source):
            return
        if self._anew_at is not None and moment.boot_ms - self._anew_at.boot_ms < _ANEW_EVERY_MS:
            logger.warning("a new epoch began a moment ago; another one has to wait")
            return
        with self._connection:
            epoch = self._epochs.begin(source.device, self._signer.board, moment.wall_ms)
            self._epochs.carry_over(source, epoch)
            run = self._begin_run(epoch, self._signer, moment)
        self._run, self._tip, self._anew_at = run, self._epochs.tip(epoch), moment
        logger.warning("a new epoch begins, with all that is not settled")

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

    def count_powered_time(self, moment: Moment) -> None:
        if self._retention.is_due(moment):
            with self._connection:
                self._retention.count(moment)

    def backlog(self) -> int:
        return self._receipts.backlog()

    def require_outbox(self) -> Outbox:
        if self._outbox is None:
            raise NotEnrolled("the kiosk belongs to no hub", hint="show it an enrolment card")
        return self._outbox

    def close(self) -> None:
        self._connection.close()

    def _current_epoch(self, signer: Signer, moment: Moment) -> Epoch:
        """Return the epoch to write in; a changed board or card begins a new one."""
        newest = self._epochs.newest()
        device = signer.keys.device
        if newest is not None and (newest.device, newest.board) == (device, signer.board):
            return newest
        logger.warning("the board or the card is another than before: a new epoch begins")
        return self._epochs.begin(device, signer.board, moment.wall_ms)


def _no_run() -> JournalFault:
    return JournalFault("no run has begun", hint="enrol the kiosk and restart it")
