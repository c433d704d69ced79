"""Deletes what the hub has settled, after days of powered time in which it could ask again.

Neither age nor a filling card deletes anything: a kiosk's clock may be years off, and what is not
settled exists nowhere else.
"""

import apsw

from kiosk.instants import Moment
from kiosk.journal.database import rows, scalar
from kiosk.journal.facts import Facts
from kiosk.journal.progress import Progress

KEEP_POWERED_MS = 72 * 3_600_000
# What a restart may leave uncounted; counting is a write to the card.
COUNT_EVERY_MS = 600_000
# A visitor may come meanwhile: one transaction deletes no more than takes an instant.
_MOST_AT_ONCE = 1000


class Retention:
    """Counts powered time and deletes by it; the caller brings the transaction."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._facts = Facts(connection)
        self._progress = Progress(connection)
        self._counted_to: Moment | None = None

    def mark(self, epoch_no: int, acked_through: int) -> None:
        """Note how far the hub has settled at this powered time, once for each that is counted."""
        self._connection.execute(
            "DELETE FROM settlement WHERE epoch_no=? AND acked_through>?", (epoch_no, acked_through)
        )
        powered_ms = self._facts.powered_ms()
        last_ms = scalar(
            self._connection, "SELECT max(powered_ms) FROM settlement WHERE epoch_no=?", (epoch_no,)
        )
        if last_ms is None or powered_ms > last_ms:
            self._connection.execute(
                "INSERT OR IGNORE INTO settlement VALUES(?,?,?)",
                (epoch_no, acked_through, powered_ms),
            )

    def is_due(self, moment: Moment) -> bool:
        """Say whether there is powered time to be counted."""
        return self._elapsed_ms(moment) >= COUNT_EVERY_MS

    def count(self, moment: Moment) -> None:
        """Count the powered time since the last call, and delete what has been settled long."""
        self._facts.add_powered(self._elapsed_ms(moment))
        self._counted_to = moment
        for (epoch_no,) in rows(self._connection, "SELECT epoch_no FROM progress"):
            self.mark(epoch_no, self._progress.acked_through(epoch_no))
            self._delete_settled(epoch_no)

    def _elapsed_ms(self, moment: Moment) -> int:
        if self._counted_to is None or self._counted_to.boot_id != moment.boot_id:
            self._counted_to = moment
        return moment.boot_ms - self._counted_to.boot_ms

    def _delete_settled(self, epoch_no: int) -> None:
        settled_long = scalar(
            self._connection,
            "SELECT max(acked_through) FROM settlement WHERE epoch_no=? AND powered_ms<=?",
            (epoch_no, self._facts.powered_ms() - KEEP_POWERED_MS),
        )
        before = self._progress.anchor_seq(epoch_no)
        anchor_seq = min(settled_long or 0, max(before, 1) + _MOST_AT_ONCE)
        if anchor_seq <= before:
            return
        # What the hub rejected exists nowhere else in a form that anybody could read.
        self._connection.execute(
            "DELETE FROM entry WHERE epoch_no=?1 AND seq<?2 "
            "AND seq NOT IN (SELECT seq FROM rejected WHERE epoch_no=?1)",
            (epoch_no, anchor_seq),
        )
        self._progress.set_anchor_seq(epoch_no, anchor_seq)
        self._connection.execute(
            "DELETE FROM settlement WHERE epoch_no=? AND acked_through<?", (epoch_no, anchor_seq)
        )
        forget_idle_runs(self._connection, epoch_no)


def forget_idle_runs(connection: apsw.Connection, epoch_no: int) -> None:
    """Delete the runs that have no entry any more, but for the newest, which is being written."""
    connection.execute(
        "DELETE FROM run WHERE epoch_no=?1 "
        "AND run_no<(SELECT max(run_no) FROM run WHERE epoch_no=?1) "
        "AND run_no NOT IN (SELECT run_no FROM entry WHERE epoch_no=?1)",
        (epoch_no,),
    )
