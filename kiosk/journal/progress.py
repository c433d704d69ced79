"""How far each epoch has come: what of it is settled at the hub, and what was deleted here."""

import apsw

from kiosk.journal.database import scalar


class Progress:
    """Reads and writes the marks of epochs; the caller brings the transaction."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    def acked_through(self, epoch_no: int) -> int:
        """Return the last seq up to which the hub has settled every entry."""
        return self._mark("acked_through", epoch_no)

    def settled_at_ms(self, epoch_no: int) -> int:
        """Return the hub's time (Unix) in the receipt that settled last."""
        return self._mark("settled_at_ms", epoch_no)

    def anchor_seq(self, epoch_no: int) -> int:
        """Return the oldest entry that is still here, where older ones were deleted; else 0.

        Its chain value is what the next one hangs on, so it cannot itself be sent again.
        """
        return self._mark("anchor_seq", epoch_no)

    def settle(self, epoch_no: int, acked_through: int, at_ms: int) -> None:
        self._connection.execute(
            "INSERT INTO progress(epoch_no, acked_through, settled_at_ms) VALUES(?1,?2,?3) "
            "ON CONFLICT DO UPDATE SET acked_through=?2, settled_at_ms=?3",
            (epoch_no, acked_through, at_ms),
        )

    def set_anchor_seq(self, epoch_no: int, seq: int) -> None:
        self._connection.execute(
            "UPDATE progress SET anchor_seq=? WHERE epoch_no=?", (seq, epoch_no)
        )

    def _mark(self, column: str, epoch_no: int) -> int:
        found = scalar(
            self._connection,
            f"SELECT {column} FROM progress WHERE epoch_no=?",  # noqa: S608 (a name of ours)
            (epoch_no,),
        )
        return found if isinstance(found, int) else 0
