"""Entries as rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kiosk.admission.verdict import Outcome
from kiosk.passes.format import Format
from kiosk.passes.reason import Reason
from sync.hub.clock import unix_ms
from sync.hub.fleet.models import Direction as DoorDirection
from sync.hub.ingest import rows
from sync.hub.ingest.dating import NO_TIES, Dated, Sighting, Ties
from sync.hub.ingest.doubles import find_doubles
from sync.hub.ingest.links import Link
from sync.hub.ingest.models import Entry, Epoch, Happening, Rejected, Visit
from sync.hub.ingest.opening import Read, Unread
from sync.hub.ingest.redating import date_arrivals, know_tail, ties_of
from sync.hub.ingest.rows import Values
from sync.hub.storable import storable_text
from sync.wire import visit
from sync.wire.visit import Assisted, Direction, Event

_DIRECTIONS = {
    DoorDirection.ENTRY: Direction.IN,
    DoorDirection.EXIT: Direction.OUT,
    DoorDirection.BOTH: Direction.UNKNOWN,
}
# In the order of `_record`.
_RECORD = (
    *("epoch_id", "seq", "run_no", "boot_ms", "wall_ms", "clock", "kind", "nonce"),
    *("sealed", "previous", "chain", "received_at"),
)
_ENTRY = ("id", "original", *_RECORD)
_REJECTED = ("reason", *_RECORD)
_HAPPENING = ("entry_id", "name", "value")
# In the order of `_codes` and `_times`.
_VISIT = (
    *("entry_id", "door_id"),
    *("outcome", "shown", "reason", "direction", "format", "rulebook", "rule", "pass_type"),
    *("sub", "cti", "earliest_s", "latest_s", "assisted", "of_seq"),
    *("time_ms", "error_ms", "lower_ms", "upper_ms"),
)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A visit with the row of the entry that says it."""

    entry_id: int
    link: Link
    content: visit.Visit | Assisted


def keep_read(
    epoch: Epoch, items: Sequence[Read], boots: Mapping[int, bytes], at: datetime
) -> None:
    """Store entries, in order, and what they say; what is stored elsewhere is not said twice.

    `boots` names the boot of each run.
    """
    if not items:
        return
    ids = rows.reserve_ids(Entry, len(items))
    doubles = find_doubles(epoch, items)
    told = [
        (number, item)
        for number, item in zip(ids, items, strict=True)
        if item.link.seq not in doubles
    ]
    seen = [
        _Seen(number, item.link, item.content)
        for number, item in told
        if not isinstance(item.content, Event)
    ]
    ties = ties_of(epoch.device, boots) if seen else {}
    know_tail(epoch)
    entries = [
        (number, item.original.chain if item.original else None, *_record(epoch, item.link, at))
        for number, item in zip(ids, items, strict=True)
    ]
    with rows.inserting(Entry, _ENTRY, entries):
        visits = _visits(epoch, seen, ties, at)
    rows.insert(Visit, _VISIT, visits)
    rows.insert(Happening, _HAPPENING, _happenings(told))


def keep_unread(epoch: Epoch, items: Sequence[Unread], at: datetime) -> None:
    if not items:
        return
    epoch.has_rejected = True
    unread = [(int(item.reason), *_record(epoch, item.link, at)) for item in items]
    rows.insert(Rejected, _REJECTED, unread)


def _record(epoch: Epoch, link: Link, at: datetime) -> Values:
    header = link.entry.header
    return (
        *(epoch.pk, header.seq, header.run_no, header.boot_ms, header.wall_ms, header.clock),
        *(header.kind, header.nonce, link.entry.sealed, link.previous, link.chain, at),
    )


def _visits(
    epoch: Epoch, seen: Sequence[_Seen], ties: Mapping[int, Ties], at: datetime
) -> list[Values]:
    """Return the visits as rows, with their times. Asks nothing of the database."""
    sightings = [_sighting(one, ties, unix_ms(at)) for one in seen]
    dated = date_arrivals(epoch, [one.link.seq for one in seen], sightings)
    door = epoch.device.door
    direction = int(_DIRECTIONS[DoorDirection(door.direction)])
    return [
        (one.entry_id, door.pk, *_codes(one.content, direction), *_times(when))
        for one, when in zip(seen, dated, strict=True)
    ]


def _happenings(told: Sequence[tuple[int, Read]]) -> list[Values]:
    return [
        (number, storable_text(item.content.name), item.content.value)
        for number, item in told
        if isinstance(item.content, Event)
    ]


def _sighting(seen: _Seen, ties: Mapping[int, Ties], received_ms: int) -> Sighting:
    header, content = seen.link.entry.header, seen.content
    tied = ties.get(header.run_no, NO_TIES)
    if isinstance(content, Assisted):
        return Sighting(header.boot_ms, 0, None, received_ms, tied)
    return Sighting(header.boot_ms, content.earliest_s, content.latest_s, received_ms, tied)


def _codes(content: visit.Visit | Assisted, direction: int) -> Values:
    """An officer's press says neither who it was nor what the door knew of the time."""
    if isinstance(content, Assisted):
        admitted, allowed = int(Outcome.ADMIT), int(Reason.ALLOWED)
        return (
            *(admitted, admitted, allowed, direction, int(Format.NONE), 0, None, None),
            *(None, None, 0, None, content.number, content.of_seq),
        )
    return (
        *(content.outcome, content.shown, content.reason, int(content.direction)),
        *(content.format, content.rulebook, content.rule, content.pass_type),
        *(content.sub, content.cti, content.earliest_s, content.latest_s, None, None),
    )


def _times(dated: Dated) -> Values:
    bounds = dated.bounds
    return (dated.time_ms, dated.error_ms, bounds.lower_ms, bounds.upper_ms)
