"""An entry of an earlier epoch, carried into a new one as it lies: the door cannot read it.

A door that begins a new epoch (after a conflict with what the hub holds, or after its journal was
damaged) still has entries that the hub may lack. The keys of their runs were forgotten when the
runs ended, so they cannot be sealed again: each becomes the body of an entry of the new epoch.

The outer header repeats `boot_ms`, `wall_ms`, `clock` and `nonce`; its `kind` is `Kind.CARRIED`,
and its `run_no` that under which the new epoch has adopted the old run (`batch.Adoption`).
"""

from dataclasses import dataclass

from sync.wire import cbor
from sync.wire.entry import CHAIN_BYTES, MAX_BODY_BYTES, Header, Kind, RunCipher, SealedEntry
from sync.wire.errors import Malformed
from sync.wire.fields import Fields
from sync.wire.run import Run

_MAX_CODE = 255


@dataclass(frozen=True, slots=True)
class Carried:
    """What the outer header does not repeat; `previous` is the chain value before the entry."""

    seq: int
    kind: int
    previous: bytes
    sealed: bytes

    def to_bytes(self) -> bytes:
        return cbor.encode([self.seq, self.kind, self.previous, self.sealed])

    def original(self, outer: Header, run: Run) -> SealedEntry:
        """Return the entry as it was; `run` is the one that sealed it."""
        header = Header(
            seq=self.seq,
            run_no=run.run_no,
            boot_ms=outer.boot_ms,
            wall_ms=outer.wall_ms,
            clock=outer.clock,
            kind=self.kind,
            nonce=outer.nonce,
        )
        return SealedEntry(header, self.sealed)

    def chain(self, outer: Header, run: Run) -> bytes:
        """Return the chain value that the entry had, by which it is known wherever it lies."""
        return self.original(outer, run).chain(self.previous, run.epoch)

    def unseal(self, outer: Header, run: Run, cipher: RunCipher) -> bytes:
        """Open the body that was carried.

        Raises:
            CannotOpen: another run's, another place's, or altered.
        """
        original = self.original(outer, run)
        return cipher.unseal(original, original.header.bind(run.epoch) + self.previous)


def carry(entry: SealedEntry, previous: bytes) -> Carried:
    """Return what carries an entry; one that is carried already is passed on as it is.

    Raises:
        Malformed: it says that it is carried, and is not.
    """
    if entry.header.kind == Kind.CARRIED:
        return read_carried(entry.sealed)
    return Carried(entry.header.seq, entry.header.kind, previous, entry.sealed)


def read_carried(body: bytes) -> Carried:
    """Raises Malformed where the body carries no entry."""
    fields = Fields.parse(body, of="carried entry").only(range(4))
    kind = fields.uint(1, _MAX_CODE)
    if kind == Kind.CARRIED:
        raise Malformed("carried entry: one within another")
    return Carried(
        seq=fields.uint(0),
        kind=kind,
        previous=fields.octets(2, CHAIN_BYTES),
        sealed=fields.octets(3, most=MAX_BODY_BYTES),
    )
