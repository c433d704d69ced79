"""Makes the batches that go up, and remembers their nonces until a receipt answers."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass

import apsw

from kiosk.instants import Moment
from kiosk.journal.anchors import AnchorTable
from kiosk.journal.door_keys import DoorKeys
from kiosk.journal.entries import EntryTable, KeptRun
from kiosk.journal.epochs import Epoch, EpochTable
from kiosk.journal.facts import Facts
from kiosk.journal.progress import Progress
from sync.wire import cbor
from sync.wire.batch import (
    MAX_BYTES,
    MAX_ENTRIES,
    NONCE_BYTES,
    Adoption,
    Batch,
    Reading,
    sign_batch,
)
from sync.wire.entry import SealedEntry

# Batches may wait for weeks on a stick; their receipts still settle, only without a nonce.
_NONCES_KEPT = 64
# The number of an adopted run, and two lengths.
_RUN_HEAD_BYTES = 16
# Anchors, health, signature and the rest of a batch.
_REST_BYTES = 12_288


@dataclass(frozen=True, slots=True)
class Outgoing:
    """`last_seq` is the last entry in the batch; `more` says whether others wait behind it.

    `epoch` is that of its entries, settled at the hub up to `settled_seq`, `newest_seq` its last.
    """

    message: bytes
    last_seq: int
    more: bool
    epoch: bytes
    settled_seq: int
    newest_seq: int


@dataclass(frozen=True, slots=True)
class Asked:
    """When a nonce was made, and up to which anchor its batch told."""

    moment: Moment
    anchor_no: int


@dataclass(frozen=True, slots=True)
class Circumstance:
    """What rides along with the entries."""

    moment: Moment
    health: tuple[Reading, ...]
    bundle_version: int
    software: str


@dataclass(frozen=True, slots=True)
class _Load:
    """The entries of a batch, and their runs."""

    entries: tuple[SealedEntry, ...]
    runs: tuple[KeptRun, ...]


class Outbox:
    """Reads what is not settled; the caller brings the transaction."""

    def __init__(self, connection: apsw.Connection, keys: DoorKeys) -> None:
        self._connection = connection
        self._keys = keys
        self._entries = EntryTable(connection)
        self._anchors = AnchorTable(connection)
        self._epochs = EpochTable(connection)
        self._progress = Progress(connection)
        self._facts = Facts(connection)
        self._asked: OrderedDict[bytes, Asked] = OrderedDict()
        self._missing: dict[bytes, tuple[tuple[int, int], ...]] = {}

    def next_batch(self, after_seq: int, most: int, circumstance: Circumstance) -> Outgoing:
        """Return the batch behind `after_seq`, or behind what is settled if that is further.

        An earlier epoch goes first, whole; `after_seq` counts in the epoch that is being sent.
        """
        epoch = self._epoch_to_send()
        newest = self._epochs.tip(epoch).seq
        acked_through = self._progress.acked_through(epoch.epoch_no)
        # A number that this epoch has not reached was counted in the one before.
        start = max(after_seq, acked_through) if after_seq <= newest else acked_through
        start, through = self._next_gap(epoch.epoch, start, newest)
        load = self._load(epoch, start, max(0, min(most, MAX_ENTRIES, through - start)))
        last_seq = load.entries[-1].header.seq if load.entries else start
        anchors, anchor_no = self._anchors.after(self._facts.anchors_told())
        nonce = self._new_nonce(Asked(circumstance.moment, anchor_no))
        anchor_seq = self._progress.anchor_seq(epoch.epoch_no)
        batch = Batch(
            device=epoch.device,
            epoch=epoch.epoch,
            previous=self._entries.chain_at(epoch.epoch_no, start, epoch.device, epoch.epoch),
            runs=tuple(run.signed for run in load.runs if not run.adopted),
            anchors=tuple(anchors),
            entries=load.entries,
            health=circumstance.health,
            nonce=nonce,
            boot_id=circumstance.moment.boot_id,
            sent_boot_ms=circumstance.moment.boot_ms,
            sent_wall_ms=max(circumstance.moment.wall_ms, 0),
            newest_seq=newest,
            bundle_version=circumstance.bundle_version,
            software=circumstance.software,
            oldest_seq=anchor_seq + 1,
            known_ms=self._facts.floor_ms(),
            acked_through=acked_through,
            adopted=tuple(Adoption(run.run_no, run.signed) for run in load.runs if run.adopted),
        )
        message = sign_batch(batch, self._keys.signing)
        more = last_seq < newest
        return Outgoing(message, last_seq, more, epoch.epoch, acked_through, newest)

    def _load(self, epoch: Epoch, start: int, most: int) -> _Load:
        """Return what follows `start` and its runs, as far as a batch may be large."""
        found = self._entries.after(epoch.epoch_no, start, most)
        runs = {
            run.run_no: run
            for run in self._entries.runs(epoch.epoch_no, {entry.header.run_no for entry in found})
        }
        room_bytes = MAX_BYTES - _REST_BYTES
        entries: list[SealedEntry] = []
        named: set[int] = set()
        for entry in found:
            run_no = entry.header.run_no
            room_bytes -= len(cbor.encode(entry.to_value()))
            room_bytes -= 0 if run_no in named else len(runs[run_no].signed) + _RUN_HEAD_BYTES
            if room_bytes < 0:
                break
            named.add(run_no)
            entries.append(entry)
        return _Load(tuple(entries), tuple(runs[run_no] for run_no in sorted(named)))

    def asked_for(self, epoch: bytes, missing: tuple[tuple[int, int], ...]) -> None:
        """Note what the hub lacks of an epoch, where it has more beyond (ranges, both within)."""
        self._missing = {epoch: missing}

    def _next_gap(self, epoch: bytes, start: int, newest: int) -> tuple[int, int]:
        """Return behind which entry, and through which, the hub lacks something."""
        for first, last in self._missing.get(epoch, ()):
            if last > start:
                return max(start, first - 1), last
        return start, newest

    def answered(self, nonce: bytes) -> Asked | None:
        """Take back a nonce that a receipt echoes; None where it is not one of ours."""
        return self._asked.pop(nonce, None)

    def _epoch_to_send(self) -> Epoch:
        """Return the oldest of these keys' epochs that is not settled, else the newest.

        What was written under keys that are lost cannot be signed, and must not hold up the rest.
        """
        ours = self._epochs.all_of(self._keys.device)
        return next((epoch for epoch in ours if self._epochs.has_unsettled(epoch)), ours[-1])

    def _new_nonce(self, asked: Asked) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        self._asked[nonce] = asked
        while len(self._asked) > _NONCES_KEPT:
            self._asked.popitem(last=False)
        return nonce
