"""The journal as the door uses it: one thread owns the file, and every call has a deadline."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from pathlib import Path
from typing import TypeVar

from kiosk.errors import JournalFault
from kiosk.instants import Interval, Moment, present
from kiosk.journal.database import translated
from kiosk.journal.door_keys import DoorKeys
from kiosk.journal.entries import Note
from kiosk.journal.facts import Membership
from kiosk.journal.ledger import Ledger
from kiosk.journal.opening import open_sound
from kiosk.journal.outgoing import Circumstance, Outgoing
from kiosk.journal.sightings import Sighting
from kiosk.journal.tidings import Tidings
from sync.wire.batch import Anchor
from sync.wire.entry import WallClock
from sync.wire.keys import KeyList
from sync.wire.receipt import Receipt
from sync.wire.visit import Direction

logger = logging.getLogger(__name__)
T = TypeVar("T")

# A card that does not answer for this long is failing; a visitor waits no longer either.
DEADLINE_S = 2.0
# The whole file is read once, on a card that may be slow; a damaged one is read several times.
_OPENING_S = 300.0
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
            self._ledger = self._on_thread(lambda: Ledger(open_sound(path)), deadline_s=_OPENING_S)
        except BaseException:
            self._thread.shutdown(wait=False)
            raise

    def membership(self) -> Membership | None:
        return self._on_thread(self._ledger.facts.membership)

    def join(
        self,
        membership: Membership,
        keys: DoorKeys,
        board: str,
        moment: Moment,
        card_issued_s: int = 0,
    ) -> None:
        """Belong to a hub from now on, under a new epoch, by a card that was made at that time."""
        self._on_thread(lambda: self._ledger.join(membership, keys, board, moment, card_issued_s))

    def move(self, membership: Membership, card_issued_s: int) -> None:
        """Belong to the same hub at another address, by a card that was made at that time."""
        self._on_thread(lambda: self._ledger.move(membership, card_issued_s))

    def card_issued_s(self) -> int:
        """Return when the newest card that was taken was made (Unix seconds)."""
        return self._on_thread(self._ledger.facts.card_issued_s)

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

    def record_events(self, notes: Sequence[Note], told: Tidings) -> "Future[int]":
        """Commit events behind what the journal is at, without waiting; gives the last one's seq.

        The future raises JournalFault where they could not be kept.
        """
        self._require_open()
        return self._thread.submit(_translating, lambda: self._ledger.record_events(notes, told))

    def told(self) -> Tidings:
        """Return what events have said last."""
        return self._on_thread(self._ledger.facts.told)

    def epoch(self) -> bytes | None:
        """Return the epoch that is being written, None before a run has begun."""
        return self._ledger.epoch

    def commit_p95_ms(self) -> int | None:
        """Return what 19 of 20 commits of late did not exceed, None where there were too few."""
        return self._ledger.commit_times.p95_ms()

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

    def count_powered_time(self, moment: Moment) -> None:
        """Count how long the kiosk has run, and delete what the hub has settled long ago."""
        self._on_thread(lambda: self._ledger.count_powered_time(moment))

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

    def _require_open(self) -> None:
        if self._is_closed:
            raise JournalFault("the journal is closed", hint="restart the kiosk")

    def _on_thread(self, work: Callable[[], T], *, deadline_s: float | None = None) -> T:
        self._require_open()
        future: Future[T] = self._thread.submit(_translating, work)
        try:
            return future.result(self._deadline_s if deadline_s is None else deadline_s)
        except FutureTimeout as error:
            future.cancel()
            raise JournalFault("the card does not answer", hint=_SLOW_HINT) from error


def _translating(work: Callable[[], T]) -> T:
    with translated():
        return work()
