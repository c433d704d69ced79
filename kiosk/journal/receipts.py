"""What a receipt changes: what is settled at the hub, what it rejected, and what time it is."""

import logging
from enum import Enum

import apsw

from kiosk.instants import DRIFT_PPM, Moment
from kiosk.journal.anchors import AnchorTable
from kiosk.journal.database import rows, scalar
from kiosk.journal.epochs import Epoch, EpochTable
from kiosk.journal.facts import Facts
from kiosk.journal.progress import Progress
from kiosk.journal.retention import Retention
from sync.wire.batch import Anchor, AnchorSource
from sync.wire.receipt import Receipt

logger = logging.getLogger(__name__)

# Three clock readings, each cut to a whole millisecond.
_ROUNDING_MS = 3


class Told(Enum):
    """What a receipt told."""

    FOREIGN = "for another journal than this"
    TAKEN = "taken over, as far as it is news"
    CONFLICT = "the hub has other entries under this epoch"


class ReceiptBook:
    """Applies receipts that have been verified; the caller brings the transaction."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._facts = Facts(connection)
        self._anchors = AnchorTable(connection)
        self._epochs = EpochTable(connection)
        self._progress = Progress(connection)
        self._retention = Retention(connection)

    def apply(self, receipt: Receipt, *, asked_at: Moment | None, read_at: Moment) -> Told:
        """Take a receipt over.

        `asked_at` is when the nonce that it answers was made, None where the nonce is not ours
        (then its time is a lower bound and no more, and it can begin no new epoch).
        """
        epoch = self._epochs.find(receipt.device, receipt.epoch)
        if epoch is None:
            return Told.FOREIGN
        self._facts.raise_floor(receipt.hub_time_ms)
        if asked_at is not None:
            self._anchors.add_if_better(_anchor(receipt, asked_at, read_at), read_at)
        if not self._agrees(epoch, receipt):
            return Told.TAKEN if asked_at is None else Told.CONFLICT
        # An old receipt, shown again, may neither take back what a newer one has settled, nor
        # settle what a restored hub has asked for again.
        if asked_at is not None or (
            receipt.acked_through > self._progress.acked_through(epoch.epoch_no)
            and receipt.hub_time_ms >= self._progress.settled_at_ms(epoch.epoch_no)
        ):
            self._settle(epoch.epoch_no, receipt)
        return Told.TAKEN

    def backlog(self) -> int:
        """Return how many entries are not settled at the hub."""
        # One step into the index an epoch; grouping would read every entry, many times a minute.
        newest_by_epoch = rows(
            self._connection,
            "SELECT epoch_no, (SELECT max(seq) FROM entry WHERE entry.epoch_no=identity.epoch_no) "
            "FROM identity",
        )
        return sum(
            (newest or 0) - self._progress.acked_through(epoch_no)
            for epoch_no, newest in newest_by_epoch
        )

    def _agrees(self, epoch: Epoch, receipt: Receipt) -> bool:
        """Say whether the hub acknowledges the very entries that are here."""
        if receipt.conflict:
            logger.error("the hub holds other entries under this journal's epoch")
            return False
        # Of what was deleted nothing is known any more but that it was settled.
        if receipt.acked_through < max(self._progress.anchor_seq(epoch.epoch_no), 1):
            return True
        chain = scalar(
            self._connection,
            "SELECT chain FROM entry WHERE epoch_no=? AND seq=?",
            (epoch.epoch_no, receipt.acked_through),
        )
        if chain == receipt.chain:
            return True
        logger.error("the hub acknowledges other entries than this journal has")
        return False

    def _settle(self, epoch_no: int, receipt: Receipt) -> None:
        """The hub decides what is settled: after a restore it may have less than it had."""
        acked_through = max(receipt.acked_through, self._progress.anchor_seq(epoch_no))
        self._progress.settle(epoch_no, acked_through, receipt.hub_time_ms)
        self._retention.mark(epoch_no, acked_through)
        for seq, reason in receipt.rejected:
            self._connection.execute(
                "INSERT INTO rejected VALUES(?,?,?) "
                "ON CONFLICT DO UPDATE SET reason=excluded.reason",
                (epoch_no, seq, int(reason)),
            )


def _anchor(receipt: Receipt, asked_at: Moment, read_at: Moment) -> Anchor:
    """The hub's time lies between the nonce and the reading."""
    half_ms = -(-(read_at.boot_ms - asked_at.boot_ms) // 2)
    return Anchor(
        boot_id=read_at.boot_id,
        boot_ms=asked_at.boot_ms + half_ms,
        true_ms=receipt.hub_time_ms,
        error_ms=half_ms + -(-half_ms * DRIFT_PPM // 1_000_000) + _ROUNDING_MS,
        source=AnchorSource.RECEIPT,
    )
