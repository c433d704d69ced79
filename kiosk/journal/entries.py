"""Appends entries and reads them back as they lie: sealed, in their chain."""

from dataclasses import dataclass
from typing import Any

import apsw

from kiosk.instants import Moment
from kiosk.journal.database import first_row, rows, scalar
from kiosk.journal.run import OpenRun
from sync.wire import entry
from sync.wire.entry import Header, Kind, SealedEntry, WallClock

COLUMNS = "seq, run_no, boot_ms, wall_ms, clock, kind, nonce, body, chain"


@dataclass(frozen=True, slots=True)
class Tip:
    """The last entry of an epoch: its number and its chain value."""

    seq: int
    chain: bytes


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A run's signed record; an adopted one is of an earlier epoch, where it had another number."""

    run_no: int
    signed: bytes
    adopted: int


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
        return self.insert(SealedEntry(header, sealed), tip, run.epoch_no, run.epoch)

    def insert(self, entry: SealedEntry, tip: Tip, epoch_no: int, epoch: bytes) -> Tip:
        """Insert a sealed entry behind `tip`; return the new tip."""
        header, chain = entry.header, entry.chain(tip.chain, epoch)
        self._connection.execute(
            "INSERT INTO entry VALUES(?,?,?,?,?,?,?,?,?,?)",
            (
                *(epoch_no, header.seq, header.run_no, header.boot_ms, header.wall_ms),
                *(int(header.clock), int(header.kind), header.nonce, entry.sealed, chain),
            ),
        )
        return Tip(header.seq, chain)

    def after(self, epoch_no: int, seq: int, most: int) -> list[SealedEntry]:
        return [entry for entry, _chain in self.chained_after(epoch_no, seq, most)]

    def chained_after(self, epoch_no: int, seq: int, most: int) -> list[tuple[SealedEntry, bytes]]:
        """Return the entries behind `seq`, each with the chain value after it."""
        found = rows(
            self._connection,
            f"SELECT {COLUMNS} FROM entry "  # noqa: S608 (names of ours)
            "WHERE epoch_no=? AND seq>? ORDER BY seq LIMIT ?",
            (epoch_no, seq, most),
        )
        return [from_row(row) for row in found]

    def chain_at(self, epoch_no: int, seq: int, device: bytes, epoch: bytes) -> bytes:
        """Return the chain value after entry `seq` (0: before the first)."""
        found = scalar(
            self._connection, "SELECT chain FROM entry WHERE epoch_no=? AND seq=?", (epoch_no, seq)
        )
        return found if isinstance(found, bytes) else entry.first_chain(device, epoch)

    def runs(self, epoch_no: int, run_numbers: set[int]) -> list[KeptRun]:
        """Return these runs in the order of their numbers."""
        found = rows(
            self._connection,
            "SELECT run_no, signed, adopted FROM run WHERE epoch_no=? ORDER BY run_no",
            (epoch_no,),
        )
        return [KeptRun(*row) for row in found if row[0] in run_numbers]


def from_row(row: tuple[Any, ...]) -> tuple[SealedEntry, bytes]:
    """Return an entry and the chain value after it, from `COLUMNS`."""
    *header, body, chain = row
    return SealedEntry(Header(*header), body), chain
