"""Entries as rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from kiosk.admission.verdict import Outcome
from kiosk.passes.format import Format
from kiosk.passes.reason import Reason
from sync.hub.clock import unix_ms
from sync.hub.fleet.models import Direction as DoorDirection
from sync.hub.ingest import rows
from sync.hub.ingest.boards import note_board
from sync.hub.ingest.changes import note_new
from sync.hub.ingest.dating import NO_TIES, Sighting, Ties
from sync.hub.ingest.doubles import find_doubles
from sync.hub.ingest.links import Link
from sync.hub.ingest.models import Entry, Epoch, Happening, Rejected, Visit
from sync.hub.ingest.opening import Read, Unread
from sync.hub.ingest.redating import date_arrivals, know_tail, ties_of
from sync.hub.ingest.rows import Values
from sync.hub.storable import storable_text
from sync.wire import visit
from sync.wire.entry import Header
from sync.wire.happenings import Happening as Happens
from sync.wire.visit import Assisted, Direction, Event

_DIRECTIONS = {
    DoorDirection.ENTRY: Direction.IN,
    DoorDirection.EXIT: Direction.OUT,
    DoorDirection.BOTH: Direction.UNKNOWN,
}
# In the order of `_record`: what a header has stands as it stands there.
_RECORD = (
    *("epoch_id", "seq", "run_no", "boot_ms", "wall_ms", "clock", "kind", "nonce"),
    *("sealed", "previous", "chain", "received_at"),
)
_ENTRY = ("id", "original", *_RECORD)
_REJECTED = ("reason", *_RECORD)
_HAPPENING = ("entry_id", "device_id", "name", "value", "is_bad", "detail", "count", "ago_s")
# In the order of `_codes`, which is a visit's own, and of what dating returns.
_VISIT = (
    *("entry_id", "door_id"),
    *("outcome", "shown", "reason", "direction", "format", "rulebook", "earliest_s", "latest_s"),
    *("rule", "pass_type", "sub", "cti", "assisted", "of_seq"),
    *("time_ms", "error_ms", "lower_ms", "upper_ms"),
)


def keep_read(
    epoch: Epoch, items: Iterable[Read], most: int, boots: Mapping[int, bytes], at: datetime
) -> None:
    """Store entries, in order, and what they say; what is stored elsewhere is not said twice.

    The items are taken one by one, while a server is storing those before: they must not ask
    anything of the database. There are `most` at most. `boots` names the boot of each run.
    """
    if not most:
        return
    ids = rows.reserve_ids(Entry, most)
    ties = ties_of(epoch.device, boots)
    know_tail(epoch)
    kept: list[tuple[int, Read]] = []
    rows.insert(Entry, _ENTRY, _entries(epoch, zip(ids, items, strict=False), at, kept))
    if not kept:
        return
    doubles = find_doubles(epoch, [item for _, item in kept], before_id=ids[0])
    told = [one for one in kept if one[1].link.seq not in doubles] if doubles else kept
    with rows.checking():
        visits = _visits(epoch, told, ties, at)
    rows.insert(Visit, _VISIT, visits)
    if visits:
        note_new(epoch, [item.link.seq for _, item in told])
    happenings = _happenings(epoch.device_id, told)
    rows.insert(Happening, _HAPPENING, happenings)
    board = _board(told)
    if board:
        note_board(epoch, board, at)


def keep_unread(epoch: Epoch, items: Sequence[Unread], at: datetime) -> None:
    if not items:
        return
    epoch.has_rejected = True
    unread = [(int(item.reason), *_record(epoch, item.link, at)) for item in items]
    rows.insert(Rejected, _REJECTED, unread)


def _entries(
    epoch: Epoch,
    numbered: Iterable[tuple[int, Read]],
    at: datetime,
    kept: list[tuple[int, Read]],
) -> Iterator[Values]:
    """Return the entries as rows, and note in `kept` which there were."""
    for one in numbered:
        kept.append(one)
        number, (link, _, original) = one
        yield (number, original.chain if original else None, *_record(epoch, link, at))


def _record(epoch: Epoch, link: Link, at: datetime) -> Values:
    return (epoch.pk, *link.entry.header, link.entry.sealed, link.previous, link.chain, at)


def _visits(
    epoch: Epoch, told: Sequence[tuple[int, Read]], ties: Mapping[int, Ties], at: datetime
) -> list[Values]:
    """Return the visits as rows, with their times. Asks nothing of the database."""
    seen = [
        (number, link.entry.header, content)
        for number, (link, content, _) in told
        if not isinstance(content, Event)
    ]
    received_ms = unix_ms(at)
    sightings = [_sighting(header, content, ties, received_ms) for _, header, content in seen]
    dated = date_arrivals(epoch, [header.seq for _, header, _ in seen], sightings)
    door = epoch.device.door
    direction = int(_DIRECTIONS[DoorDirection(door.direction)])
    return [
        (number, door.pk, *_codes(content, direction), when.time_ms, when.error_ms, *when.bounds)
        for (number, _, content), when in zip(seen, dated, strict=True)
    ]


def _happenings(device_id: int, told: Sequence[tuple[int, Read]]) -> list[Values]:
    return [
        (
            *(number, device_id, storable_text(event.name), event.value, event.is_bad),
            *(storable_text(event.detail), event.count, event.ago_s),
        )
        for number, item in told
        if isinstance(event := item.content, Event)
    ]


def _board(told: Sequence[tuple[int, Read]]) -> str:
    """Return the board that the epoch is written on, where this says it. What was carried speaks
    of another epoch.
    """
    boards = [
        item.content.detail
        for _, item in told
        if item.original is None
        and isinstance(item.content, Event)
        and item.content.name == Happens.BOARD
    ]
    return storable_text(boards[-1]) if boards else ""


def _sighting(
    header: Header, content: visit.Visit | Assisted, ties: Mapping[int, Ties], received_ms: int
) -> Sighting:
    tied = ties.get(header.run_no, NO_TIES)
    if isinstance(content, Assisted):
        return Sighting(header.boot_ms, 0, None, received_ms, tied)
    return Sighting(header.boot_ms, content.earliest_s, content.latest_s, received_ms, tied)


def _codes(content: visit.Visit | Assisted, direction: int) -> Values:
    """An officer's press says neither who it was nor what the door knew of the time."""
    if isinstance(content, Assisted):
        admitted, allowed = int(Outcome.ADMIT), int(Reason.ALLOWED)
        return (
            *(admitted, admitted, allowed, direction, int(Format.NONE), 0, 0, None),
            *(None, None, None, None, content.number, content.of_seq),
        )
    return (*content, None, None)
