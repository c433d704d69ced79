"""Makes the batches that go up, and remembers their nonces until a receipt answers."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass

import apsw

from kiosk.instants import Moment
from kiosk.journal.anchors import AnchorTable
from kiosk.journal.database import rows
from kiosk.journal.door_keys import DoorKeys
from kiosk.journal.entries import EntryTable
from kiosk.journal.facts import Facts
from kiosk.journal.receipts import ReceiptBook
from sync.wire.batch import MAX_ENTRIES, NONCE_BYTES, Batch, Reading, sign_batch

# Batches may wait for weeks on a stick; their receipts still settle, only without a nonce.
_NONCES_KEPT = 64


@dataclass(frozen=True, slots=True)
class Outgoing:
    """`last_seq` is the last entry in the batch; `more` says whether others wait behind it."""

    message: bytes
    last_seq: int
    more: bool


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


class Outbox:
    """Reads what is not settled; the caller brings the transaction."""

    def __init__(self, connection: apsw.Connection, keys: DoorKeys) -> None:
        self._connection = connection
        self._keys = keys
        self._entries = EntryTable(connection)
        self._anchors = AnchorTable(connection)
        self._receipts = ReceiptBook(connection)
        self._facts = Facts(connection)
        self._asked: OrderedDict[bytes, Asked] = OrderedDict()

    def next_batch(self, after_seq: int, most: int, circumstance: Circumstance) -> Outgoing:
        """Return the batch behind `after_seq`, or behind what is settled if that is further.

        An earlier epoch goes first, whole; `after_seq` counts in the epoch that is being sent.
        """
        epoch_no, device, epoch = self._epoch_to_send()
        newest = self._entries.tip(epoch_no, device, epoch).seq
        acked_through = self._receipts.acked_through(epoch_no)
        # A number that this epoch has not reached was counted in the one before.
        start = max(after_seq, acked_through) if after_seq <= newest else acked_through
        entries = self._entries.after(epoch_no, start, min(max(most, 0), MAX_ENTRIES))
        last_seq = entries[-1].header.seq if entries else start
        anchors, anchor_no = self._anchors.after(self._facts.anchors_told())
        nonce = self._new_nonce(Asked(circumstance.moment, anchor_no))
        batch = Batch(
            device=device,
            epoch=epoch,
            previous=self._entries.chain_at(epoch_no, start, device, epoch),
            runs=tuple(self._entries.runs(epoch_no, {e.header.run_no for e in entries})),
            anchors=tuple(anchors),
            entries=tuple(entries),
            health=circumstance.health,
            nonce=nonce,
            boot_id=circumstance.moment.boot_id,
            sent_boot_ms=circumstance.moment.boot_ms,
            sent_wall_ms=max(circumstance.moment.wall_ms, 0),
            newest_seq=newest,
            bundle_version=circumstance.bundle_version,
            software=circumstance.software,
        )
        return Outgoing(sign_batch(batch, self._keys.signing), last_seq, last_seq < newest)

    def answered(self, nonce: bytes) -> Asked | None:
        """Take back a nonce that a receipt echoes; None where it is not one of ours."""
        return self._asked.pop(nonce, None)

    def _epoch_to_send(self) -> tuple[int, bytes, bytes]:
        """Return the oldest of these keys' epochs that is not settled, else the newest.

        What was written under keys that are lost cannot be signed, and must not hold up the rest.
        """
        epochs = rows(
            self._connection,
            "SELECT epoch_no, device, epoch FROM identity WHERE device=? ORDER BY epoch_no",
            (self._keys.device,),
        )
        for epoch_no, device, epoch in epochs:
            newest = self._entries.tip(epoch_no, device, epoch).seq
            if newest > self._receipts.acked_through(epoch_no):
                return epoch_no, device, epoch
        epoch_no, device, epoch = epochs[-1]
        return epoch_no, device, epoch

    def _new_nonce(self, asked: Asked) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        self._asked[nonce] = asked
        while len(self._asked) > _NONCES_KEPT:
            self._asked.popitem(last=False)
        return nonce
