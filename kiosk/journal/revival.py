"""Fills a new journal with what is left of a damaged one."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import apsw

from kiosk.journal.epochs import Carrier, EpochTable
from kiosk.journal.facts import ANCHORS_TOLD, MEMBERSHIP, Facts, read_membership
from kiosk.journal.presence import PRESENCE_KEY
from kiosk.journal.remains import Remains
from sync.wire import cbor
from sync.wire.entry import Kind, SealedEntry, first_chain
from sync.wire.errors import WireError
from sync.wire.run import Run, read_run

_IDENTITY = {"epoch_no": int, "device": bytes, "epoch": bytes, "board": str}
_RUN = {"epoch_no": int, "run_no": int, "boot_id": bytes, "signed": bytes, "adopted": int}
_ANCHOR = {
    "anchor_no": int,
    "boot_id": bytes,
    "boot_ms": int,
    "true_ms": int,
    "error_ms": int,
    "source": int,
}
_PRESENCE = {"tag": bytes, "direction": int, "last_slot": int, "seen_boot_ms": int}


@dataclass(frozen=True, slots=True)
class _Origin:
    """An epoch of the damaged journal."""

    device: bytes
    epoch: bytes
    board: str = ""


def revive(target: apsw.Connection, remains: Remains, membership: Path) -> tuple[int, int]:
    """Copy what can be read into a journal that is new and empty, entries under a new epoch.

    `membership` is the copy of what a fact says, for where the fact is lost. Returns how many
    entries were carried over, and how many could be seen but not be carried.
    """
    with target:
        _copy_facts(target, remains, membership)
        _copy_rows(target, remains)
        origins = _origins(remains)
        if not origins:
            return 0, 0
        newest = origins[max(origins)]
        epoch = EpochTable(target).begin(newest.device, newest.board, 0)
        carrier = Carrier(target, epoch)
        for epoch_no, run_no, boot_id, signed in _runs(remains):
            carrier.adopt((epoch_no, run_no), boot_id, signed)
        outcomes = [
            _carry(carrier, epoch_no, entry, previous)
            for epoch_no in sorted(origins)
            for entry, previous in _placed(remains, epoch_no, origins[epoch_no])
        ]
    return sum(outcomes), len(outcomes) - sum(outcomes)


def _copy_facts(target: apsw.Connection, remains: Remains, membership: Path) -> None:
    for name, value in remains.small("fact", {"name": str, "value": bytes}, "name"):
        # What the hub was told of is not known of the copies.
        if name != ANCHORS_TOLD and _is_sound(name, value):
            target.execute("INSERT INTO fact VALUES(?,?)", (name, value))
    facts = Facts(target)
    if facts.membership() is None and membership.exists():
        content = membership.read_bytes()
        if _is_sound(MEMBERSHIP, content):
            facts.set_membership(read_membership(content))


def _is_sound(name: str, value: bytes) -> bool:
    if name == PRESENCE_KEY:
        return True
    try:
        if name == MEMBERSHIP:
            read_membership(value)
        else:
            cbor.decode(value)
    except WireError:
        return False
    return True


def _copy_rows(target: apsw.Connection, remains: Remains) -> None:
    for row in remains.small("anchor", _ANCHOR, "anchor_no"):
        target.execute("INSERT OR IGNORE INTO anchor VALUES(?,?,?,?,?,?)", row)
    for row in remains.small("presence", _PRESENCE, "tag"):
        target.execute("INSERT OR IGNORE INTO presence VALUES(?,?,?,?)", row)


def _origins(remains: Remains) -> dict[int, _Origin]:
    """Return the epochs that there were: by their own rows, else by what their runs say."""
    origins = {
        epoch_no: _Origin(run.device, run.epoch)
        for epoch_no, _run_no, _boot_id, signed, adopted in _run_rows(remains)
        if not adopted and (run := _read_run(signed)) is not None
    }
    for epoch_no, device, epoch, board in remains.small("identity", _IDENTITY, "epoch_no"):
        origins[epoch_no] = _Origin(device, epoch, board)
    return origins


def _runs(remains: Remains) -> Iterator[tuple[int, int, bytes, bytes]]:
    for epoch_no, run_no, boot_id, signed, _adopted in sorted(_run_rows(remains)):
        if _read_run(signed) is not None:
            yield epoch_no, run_no, boot_id, signed


def _run_rows(remains: Remains) -> list[tuple[int, int, bytes, bytes, int]]:
    return [
        (epoch_no, run_no, boot_id, signed, adopted)
        for epoch_no, run_no, boot_id, signed, adopted in remains.small(
            "run", _RUN, "epoch_no, run_no"
        )
    ]


def _read_run(signed: bytes) -> Run | None:
    try:
        return read_run(signed)
    except WireError:
        return None


def _placed(
    remains: Remains, epoch_no: int, origin: _Origin
) -> Iterator[tuple[SealedEntry, bytes | None]]:
    """Yield each entry with the chain value before it, None where that cannot be told.

    It is stored with the entry before, and can be computed from that; either may be damaged.
    """
    behind, candidates = 0, [first_chain(origin.device, origin.epoch)]
    for entry, chain in remains.entries(epoch_no):
        if entry.header.seq != behind + 1:
            candidates = []
        fitting = [value for value in candidates if entry.chain(value, origin.epoch) == chain]
        previous = next(iter(fitting + candidates), None)
        yield entry, previous
        candidates = [chain] if previous is None else [chain, entry.chain(previous, origin.epoch)]
        behind = entry.header.seq


def _carry(carrier: Carrier, epoch_no: int, entry: SealedEntry, previous: bytes | None) -> bool:
    """Carry an entry where something could come of it; else it stays in the file set aside."""
    run = (epoch_no, entry.header.run_no)
    if not carrier.has_adopted(run):
        return False
    if previous is None and entry.header.kind != Kind.CARRIED:
        return False
    try:
        carrier.add(run, entry, previous or b"")
    except WireError:
        return False
    return True
