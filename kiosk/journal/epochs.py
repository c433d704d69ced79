"""Epochs: which one is being written, and what a new one takes over from the one before."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass

import apsw

from kiosk.errors import JournalDamaged
from kiosk.journal.database import first_row, rows
from kiosk.journal.entries import EntryTable, Tip
from kiosk.journal.progress import Progress
from kiosk.journal.retention import forget_idle_runs
from sync.wire.carried import carry, read_carried
from sync.wire.entry import EPOCH_BYTES, Header, Kind, SealedEntry

_ENTRIES_AT_ONCE = 500

RunName = tuple[int, int]
"""An epoch's number on the card it was written to, and the run's number in it."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """`epoch_no` counts on this card; `device` is the door whose keys sign it."""

    epoch_no: int
    device: bytes
    epoch: bytes
    board: str


class EpochTable:
    """Reads and begins epochs; the caller brings the transaction."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._entries = EntryTable(connection)
        self._progress = Progress(connection)

    def newest(self) -> Epoch | None:
        row = first_row(
            self._connection,
            "SELECT epoch_no, device, epoch, board FROM identity ORDER BY epoch_no DESC LIMIT 1",
        )
        return None if row is None else Epoch(*row)

    def find(self, device: bytes, epoch: bytes) -> Epoch | None:
        row = first_row(
            self._connection,
            "SELECT epoch_no, device, epoch, board FROM identity WHERE device=? AND epoch=?",
            (device, epoch),
        )
        return None if row is None else Epoch(*row)

    def all_of(self, device: bytes) -> list[Epoch]:
        """Return the epochs that these keys sign, the oldest first."""
        found = rows(
            self._connection,
            "SELECT epoch_no, device, epoch, board FROM identity WHERE device=? ORDER BY epoch_no",
            (device,),
        )
        return [Epoch(*row) for row in found]

    def begin(self, device: bytes, board: str, wall_ms: int) -> Epoch:
        epoch = secrets.token_bytes(EPOCH_BYTES)
        self._connection.execute(
            "INSERT INTO identity(device, epoch, board, begun_wall_ms) VALUES(?,?,?,?)",
            (device, epoch, board, wall_ms),
        )
        return Epoch(self._connection.last_insert_rowid(), device, epoch, board)

    def tip(self, epoch: Epoch) -> Tip:
        return self._entries.tip(epoch.epoch_no, epoch.device, epoch.epoch)

    def has_unsettled(self, epoch: Epoch) -> bool:
        return self.tip(epoch).seq > self._progress.acked_through(epoch.epoch_no)

    def carry_over(self, source: Epoch, target: Epoch) -> None:
        """Move what is not settled of one epoch to the end of another that has no run yet."""
        carrier = Carrier(self._connection, target)
        number = source.epoch_no
        settled = self._progress.acked_through(number)
        runs = rows(
            self._connection,
            "SELECT run_no, boot_id, signed FROM run WHERE epoch_no=?1 AND run_no IN "
            "(SELECT run_no FROM entry WHERE epoch_no=?1 AND seq>?2) ORDER BY run_no",
            (number, settled),
        )
        for run_no, boot_id, signed in runs:
            carrier.adopt((number, run_no), boot_id, signed)
        previous = self._entries.chain_at(number, settled, source.device, source.epoch)
        for entry, chain in self.chained_after(number, settled):
            carrier.add((number, entry.header.run_no), entry, previous)
            previous = chain
        self._connection.execute("DELETE FROM entry WHERE epoch_no=? AND seq>?", (number, settled))
        forget_idle_runs(self._connection, number)

    def require_chained(self) -> None:
        """See that what is not settled is what was written, by the chain that holds it.

        Raises:
            JournalDamaged: an entry, or a chain value, is another than was written.
        """
        for epoch_no, device, epoch in rows(
            self._connection, "SELECT epoch_no, device, epoch FROM identity"
        ):
            settled = self._progress.acked_through(epoch_no)
            previous = self._entries.chain_at(epoch_no, settled, device, epoch)
            for entry, chain in self.chained_after(epoch_no, settled):
                if entry.chain(previous, epoch) != chain:
                    raise JournalDamaged(
                        f"entry {entry.header.seq} of epoch {epoch_no} is damaged",
                        hint="restart the kiosk: it goes on with what can be read",
                    )
                previous = chain

    def chained_after(self, epoch_no: int, seq: int) -> Iterator[tuple[SealedEntry, bytes]]:
        """Yield the entries behind `seq`, each with the chain value after it."""
        while found := self._entries.chained_after(epoch_no, seq, _ENTRIES_AT_ONCE):
            yield from found
            seq = found[-1][0].header.seq


class Carrier:
    """Writes carried entries at the end of an epoch, under runs that it has adopted."""

    def __init__(self, connection: apsw.Connection, target: Epoch) -> None:
        self._connection = connection
        self._entries = EntryTable(connection)
        self._target = target
        self._tip = self._entries.tip(target.epoch_no, target.device, target.epoch)
        self._adopted: dict[RunName, int] = {}

    def adopt(self, run: RunName, boot_id: bytes, signed: bytes) -> None:
        """Give a run of an earlier epoch a number in this one."""
        number = 1 + len(self._adopted)
        self._connection.execute(
            "INSERT INTO run VALUES(?,?,?,?,1)", (self._target.epoch_no, number, boot_id, signed)
        )
        self._adopted[run] = number

    def has_adopted(self, run: RunName) -> bool:
        return run in self._adopted

    def add(self, run: RunName, entry: SealedEntry, previous: bytes) -> None:
        """Carry an entry of a run that was adopted; `previous` is the chain value before it.

        Raises:
            WireError: the entry is none, or says that it is carried, and is not.
        """
        header = Header(
            seq=self._tip.seq + 1,
            run_no=self._adopted[run],
            boot_ms=entry.header.boot_ms,
            wall_ms=entry.header.wall_ms,
            clock=entry.header.clock,
            kind=Kind.CARRIED,
            nonce=entry.header.nonce,
        )
        outer = SealedEntry(header, carry(entry, previous).to_bytes())
        # One that no hub can read would hold up all that are in a batch with it.
        read_carried(SealedEntry.from_value(outer.to_value()).sealed)
        target = self._target
        self._tip = self._entries.insert(outer, self._tip, target.epoch_no, target.epoch)
