"""Entries as rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from sync.hub.clock import unix_ms
from sync.hub.ingest.dating import Sighting, date_alone
from sync.hub.ingest.links import Link
from sync.hub.ingest.models import Entry, Epoch, Happening, Rejected, Visit
from sync.hub.ingest.opening import Read, Unread
from sync.hub.storable import storable_text
from sync.wire import visit
from sync.wire.visit import Event


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
        if isinstance(item.content, Event):
            happenings.append(_happening(row, item.content))
        else:
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
        "clock": int(header.clock),
        "kind": int(header.kind),
        "nonce": header.nonce,
        "sealed": link.entry.sealed,
        "previous": link.previous,
        "chain": link.chain,
        "received_at": at,
    }


def _visit(row: Entry, content: visit.Visit) -> Visit:
    bounds = date_alone(
        Sighting(row.boot_ms, content.earliest_s, content.latest_s, unix_ms(row.received_at))
    ).bounds
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


def _happening(row: Entry, content: Event) -> Happening:
    return Happening(entry=row, name=storable_text(content.name), value=content.value)
