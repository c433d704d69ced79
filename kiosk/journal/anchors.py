"""Trusted times, kept with the boot that they belong to."""

import apsw

from kiosk.instants import Fix, Interval, Moment, present
from kiosk.journal.database import rows
from sync.wire.batch import MAX_ANCHORS, Anchor, AnchorSource

_GOOD_ENOUGH_MS = 1000


class AnchorTable:
    """Reads and writes anchors; the caller brings the transaction."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    def add(self, anchor: Anchor) -> None:
        self._connection.execute(
            "INSERT INTO anchor(boot_id, boot_ms, true_ms, error_ms, source) VALUES(?,?,?,?,?)",
            (
                *(anchor.boot_id, anchor.boot_ms, anchor.true_ms, anchor.error_ms),
                int(anchor.source),
            ),
        )

    def add_if_better(self, anchor: Anchor, moment: Moment) -> None:
        """Keep the anchor where it says more than those of this boot do: one every few minutes
        says no more than one a day, but would fill the card. One that proves them wrong counts.
        """
        fixes = self.fixes(moment.boot_id)
        known = present(moment.boot_ms, fixes, 0)
        told = present(moment.boot_ms, [*fixes, _fix(anchor)], 0)
        if told == known:
            return
        vague_ms = max(_GOOD_ENOUGH_MS, 4 * anchor.error_ms)
        if known.width_ms is None or known.width_ms > vague_ms or _contradict(known, told):
            self.add(anchor)

    def after(self, anchor_no: int) -> tuple[list[Anchor], int]:
        """Return the anchors behind that number, as many as a batch may carry, and the last's."""
        found = rows(
            self._connection,
            "SELECT boot_id, boot_ms, true_ms, error_ms, source, anchor_no FROM anchor "
            "WHERE anchor_no>? ORDER BY anchor_no LIMIT ?",
            (anchor_no, MAX_ANCHORS),
        )
        last = found[-1][5] if found else anchor_no
        return [Anchor(row[0], row[1], row[2], row[3], AnchorSource(row[4])) for row in found], last

    def fixes(self, boot_id: bytes, most_each: int = 8) -> list[Fix]:
        """Return what this boot has of each source: its last anchors and its most exact ones."""
        found = rows(
            self._connection,
            "SELECT boot_ms, true_ms, error_ms, source FROM (SELECT *, "
            " row_number() OVER (PARTITION BY source ORDER BY anchor_no DESC) AS by_age, "
            " row_number() OVER (PARTITION BY source ORDER BY error_ms) AS by_error "
            " FROM anchor WHERE boot_id=?1) WHERE by_age<=?2 OR by_error<=?2",
            (boot_id, most_each),
        )
        return [Fix(row[0], row[1], row[2], AnchorSource(row[3]).rank) for row in found]


def _fix(anchor: Anchor) -> Fix:
    return Fix(anchor.boot_ms, anchor.true_ms, anchor.error_ms, anchor.source.rank)


def _contradict(one: Interval, other: Interval) -> bool:
    """Say whether no time lies in both; the bounds of both are known."""
    return not (
        one.earliest_ms <= (other.latest_ms or 0) and other.earliest_ms <= (one.latest_ms or 0)
    )
