"""Entries as rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from kiosk.admission.verdict import Outcome
from kiosk.passes.format import Format
from kiosk.passes.reason import Reason
from sync.hub.clock import unix_ms
from sync.hub.fleet.models import Direction as DoorDirection
from sync.hub.ingest.dating import Bounds, Sighting, date_alone
from sync.hub.ingest.links import Link
from sync.hub.ingest.models import Entry, Epoch, Happening, Rejected, Visit
from sync.hub.ingest.opening import Read, Unread
from sync.hub.storable import storable_text
from sync.wire import visit
from sync.wire.visit import Assisted, Direction, Event

_DIRECTIONS = {
    DoorDirection.ENTRY: Direction.IN,
    DoorDirection.EXIT: Direction.OUT,
    DoorDirection.BOTH: Direction.UNKNOWN,
}


class _Columns(TypedDict):
    """The columns that a stored and a rejected entry share."""

    epoch: Epoch
    seq: int
    run_no: int
    boot_ms: int
    wall_ms: int
    clock: int
    kind: int
    nonce: int
    sealed: bytes
    previous: bytes
    chain: bytes
    received_at: datetime


def keep_read(epoch: Epoch, items: Sequence[Read], at: datetime) -> None:
    rows = Entry.objects.bulk_create(Entry(**_columns(epoch, item.link, at)) for item in items)
    visits, happenings = [], []
    for row, item in zip(rows, items, strict=True):
        match item.content:
            case Event():
                happenings.append(_happening(row, item.content))
            case Assisted():
                visits.append(_assisted(row, item.content))
            case visit.Visit():
                visits.append(_visit(row, item.content))
    Visit.objects.bulk_create(visits)
    Happening.objects.bulk_create(happenings)


def keep_unread(epoch: Epoch, items: Sequence[Unread], at: datetime) -> None:
    Rejected.objects.bulk_create(
        Rejected(**_columns(epoch, item.link, at), reason=int(item.reason)) for item in items
    )


def _columns(epoch: Epoch, link: Link, at: datetime) -> _Columns:
    header = link.entry.header
    return {
        "epoch": epoch,
        "seq": header.seq,
        "run_no": header.run_no,
        "boot_ms": header.boot_ms,
        "wall_ms": header.wall_ms,
        "clock": header.clock,
        "kind": header.kind,
        "nonce": header.nonce,
        "sealed": link.entry.sealed,
        "previous": link.previous,
        "chain": link.chain,
        "received_at": at,
    }


def _visit(row: Entry, content: visit.Visit) -> Visit:
    bounds = _bounds(row, content.earliest_s, content.latest_s)
    return Visit(
        entry=row,
        door=row.epoch.device.door,
        outcome=content.outcome,
        shown=content.shown,
        reason=content.reason,
        direction=int(content.direction),
        format=content.format,
        rulebook=content.rulebook,
        rule=content.rule,
        pass_type=content.pass_type,
        sub=content.sub,
        cti=content.cti,
        earliest_s=content.earliest_s,
        latest_s=content.latest_s,
        lower_ms=bounds.lower_ms,
        upper_ms=bounds.upper_ms,
    )


def _assisted(row: Entry, content: Assisted) -> Visit:
    """An officer's press says neither who it was nor what the door knew of the time."""
    door = row.epoch.device.door
    bounds = _bounds(row, earliest_s=0, latest_s=None)
    return Visit(
        entry=row,
        door=door,
        outcome=int(Outcome.ADMIT),
        shown=int(Outcome.ADMIT),
        reason=int(Reason.ALLOWED),
        direction=int(_DIRECTIONS[DoorDirection(door.direction)]),
        format=int(Format.NONE),
        rulebook=0,
        earliest_s=0,
        lower_ms=bounds.lower_ms,
        upper_ms=bounds.upper_ms,
        assisted=content.number,
        of_seq=content.of_seq,
    )


def _bounds(row: Entry, earliest_s: int, latest_s: int | None) -> Bounds:
    sighting = Sighting(row.boot_ms, earliest_s, latest_s, unix_ms(row.received_at))
    return date_alone(sighting).bounds


def _happening(row: Entry, content: Event) -> Happening:
    return Happening(entry=row, name=storable_text(content.name), value=content.value)
