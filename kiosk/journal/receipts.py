"""What a receipt changes: what is settled at the hub, what it rejected, and what time it is."""

import logging

import apsw

from kiosk.instants import DRIFT_PPM, Moment
from kiosk.journal.anchors import AnchorTable
from kiosk.journal.database import rows, scalar
from kiosk.journal.facts import Facts
from sync.wire.batch import Anchor, AnchorSource
from sync.wire.receipt import Receipt

logger = logging.getLogger(__name__)

# Three clock readings, each cut to a whole millisecond.
_ROUNDING_MS = 3


class ReceiptBook:
    """Applies receipts that have been verified; the caller brings the transaction."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._facts = Facts(connection)
        self._anchors = AnchorTable(connection)

    def apply(self, receipt: Receipt, *, asked_at: Moment | None, read_at: Moment) -> bool:
        """Take a receipt over; False where it is for another journal than this.

        `asked_at` is when the nonce that it answers was made, None where the nonce is not ours
        (then its time is a lower bound and no more).
        """
        found = scalar(
            self._connection,
            "SELECT epoch_no FROM identity WHERE epoch=? AND device=?",
            (receipt.epoch, receipt.device),
        )
        if not isinstance(found, int):
            return False
        self._facts.raise_floor(receipt.hub_time_ms)
        if asked_at is not None:
            self._anchors.add_if_better(_anchor(receipt, asked_at, read_at), read_at)
        # An old receipt, shown again, may neither take back what a newer one has settled, nor
        # settle what a restored hub has asked for again.
        fresh = asked_at is not None or (
            receipt.acked_through > self.acked_through(found)
            and receipt.hub_time_ms >= self._number("settled_at_ms", found)
        )
        if fresh and self._agrees(found, receipt):
            self._settle(found, receipt)
        return True

    def acked_through(self, epoch_no: int) -> int:
        return self._number("acked_through", epoch_no)

    def backlog(self) -> int:
        """Return how many entries are not settled at the hub."""
        # One step into the index an epoch; grouping would read every entry, many times a minute.
        newest_by_epoch = rows(
            self._connection,
            "SELECT epoch_no, (SELECT max(seq) FROM entry WHERE entry.epoch_no=identity.epoch_no) "
            "FROM identity",
        )
        return sum(
            (newest or 0) - self.acked_through(epoch_no) for epoch_no, newest in newest_by_epoch
        )

    def _agrees(self, epoch_no: int, receipt: Receipt) -> bool:
        """Say whether the hub acknowledges the very entries that are here."""
        if receipt.conflict:
            logger.error("the hub holds other entries under this journal's epoch")
            return False
        if receipt.acked_through == 0:
            return True
        chain = scalar(
            self._connection,
            "SELECT chain FROM entry WHERE epoch_no=? AND seq=?",
            (epoch_no, receipt.acked_through),
        )
        if chain is not None and chain != receipt.chain:
            logger.error("the hub acknowledges other entries than this journal has")
            return False
        return chain is not None

    def _settle(self, epoch_no: int, receipt: Receipt) -> None:
        """The hub decides what is settled: after a restore it may have less than it had."""
        self._set_number("acked_through", epoch_no, receipt.acked_through)
        self._set_number("settled_at_ms", epoch_no, receipt.hub_time_ms)
        for seq, reason in receipt.rejected:
            self._connection.execute(
                "INSERT INTO rejected VALUES(?,?,?) "
                "ON CONFLICT DO UPDATE SET reason=excluded.reason",
                (epoch_no, seq, int(reason)),
            )

    def _number(self, name: str, epoch_no: int) -> int:
        found = scalar(
            self._connection, "SELECT value FROM fact WHERE name=?", (f"{name}/{epoch_no}",)
        )
        return int.from_bytes(found) if isinstance(found, bytes) else 0

    def _set_number(self, name: str, epoch_no: int, number: int) -> None:
        self._connection.execute(
            "INSERT INTO fact VALUES(?,?) ON CONFLICT(name) DO UPDATE SET value=excluded.value",
            (f"{name}/{epoch_no}", number.to_bytes(8)),
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
