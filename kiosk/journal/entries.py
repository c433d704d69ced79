"""Appends entries and reads them back as they lie: sealed, in their chain."""

from dataclasses import dataclass

import apsw

from kiosk.instants import Moment
from kiosk.journal.database import first_row, rows, scalar
from kiosk.journal.run import OpenRun
from sync.wire import entry
from sync.wire.entry import Header, Kind, SealedEntry, WallClock


@dataclass(frozen=True, slots=True)
class Tip:
    """The last entry of an epoch: its number and its chain value."""

    seq: int
    chain: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be recorded: `body` in the clear, for `kind`."""

    kind: Kind
    body: bytes
    moment: Moment
    clock: WallClock


class EntryTable:
    """Reads and writes entries; the caller brings the transaction."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    def tip(self, epoch_no: int, device: bytes, epoch: bytes) -> Tip:
        row = first_row(
            self._connection,
            "SELECT seq, chain FROM entry WHERE epoch_no=? ORDER BY seq DESC LIMIT 1",
            (epoch_no,),
        )
        return Tip(0, entry.first_chain(device, epoch)) if row is None else Tip(row[0], row[1])

    def append(self, note: Note, run: OpenRun, tip: Tip) -> Tip:
        """Seal the note behind `tip` and insert it; return the new tip."""
        header = Header(
            seq=tip.seq + 1,
            run_no=run.run_no,
            boot_ms=note.moment.boot_ms,
            wall_ms=max(note.moment.wall_ms, 0),
            clock=note.clock,
            kind=note.kind,
            nonce=run.next_nonce(),
        )
        sealed = entry.seal(header, note.body, run_key=run.key, previous=tip.chain, epoch=run.epoch)
        chain = SealedEntry(header, sealed).chain(tip.chain, run.epoch)
        self._connection.execute(
            "INSERT INTO entry VALUES(?,?,?,?,?,?,?,?,?,?)",
            (
                *(run.epoch_no, header.seq, header.run_no, header.boot_ms, header.wall_ms),
                *(int(header.clock), int(header.kind), header.nonce, sealed, chain),
            ),
        )
        return Tip(header.seq, chain)

    def after(self, epoch_no: int, seq: int, most: int) -> list[SealedEntry]:
        found = rows(
            self._connection,
            "SELECT seq, run_no, boot_ms, wall_ms, clock, kind, nonce, body FROM entry "
            "WHERE epoch_no=? AND seq>? ORDER BY seq LIMIT ?",
            (epoch_no, seq, most),
        )
        return [
            SealedEntry(Header(seq, run_no, boot_ms, wall_ms, c, k, nonce), body)
            for seq, run_no, boot_ms, wall_ms, c, k, nonce, body in found
        ]

    def chain_at(self, epoch_no: int, seq: int, device: bytes, epoch: bytes) -> bytes:
        """Return the chain value after entry `seq` (0: before the first)."""
        found = scalar(
            self._connection, "SELECT chain FROM entry WHERE epoch_no=? AND seq=?", (epoch_no, seq)
        )
        return found if isinstance(found, bytes) else entry.first_chain(device, epoch)

    def runs(self, epoch_no: int, run_numbers: set[int]) -> list[bytes]:
        """Return the signed records of these runs."""
        return [
            scalar(
                self._connection,
                "SELECT signed FROM run WHERE epoch_no=? AND run_no=?",
                (epoch_no, number),
            )
            for number in sorted(run_numbers)
        ]
