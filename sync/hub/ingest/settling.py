"""Takes a batch in: what is new is stored, what is known is counted, what contradicts is set aside.

Two processes may do so at once for the same device: the device's row is locked for the while.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sync.hub.fleet.models import Device
from sync.hub.ingest import agreement, keeping
from sync.hub.ingest.advancing import Settlement, advance
from sync.hub.ingest.agreement import Stored
from sync.hub.ingest.links import Link, link_up
from sync.hub.ingest.models import Conflict, Epoch, Rejected
from sync.hub.ingest.opening import Opener, Read, Unread, open_runs
from sync.hub.ingest.redating import date_visits, keep_anchors
from sync.hub.ingest.redeeming import redeem
from sync.hub.ingest.runs import RunBook
from sync.hub.keyring import Keyring
from sync.wire.batch import Batch
from sync.wire.entry import first_chain
from sync.wire.receipt import Rejection

logger = logging.getLogger(__name__)
_LAST_SEQ = 2**63 - 1


def settle(
    device: Device,
    batch: Batch,
    message: bytes,
    keyring: Keyring,
    at: datetime,
    *,
    is_news: bool = True,
) -> Settlement:
    """Store the batch. The caller brings the transaction and holds the device's row.

    `is_news` says that the door has made no newer batch that is known.

    Raises:
        Malformed: the batch's entries do not follow one another.
    """
    links = link_up(batch)
    epoch = _epoch(device, batch, at, is_news=is_news)
    gained = keep_anchors(device, batch.anchors, at)
    door_public = bytes(device.signing_public)
    brought = open_runs(batch.runs, batch.adopted, door_public=door_public, epoch=batch.epoch)
    runs = RunBook(epoch, brought, links)
    stored = agreement.stored_around(epoch, links)
    if not agreement.agrees(epoch, links, stored) or not runs.fits():
        return _set_aside(epoch, links, message, at)
    opener = runs.opener(keyring)
    redeemed = redeem(epoch, runs.keep(), opener, at)
    known = {seq for seq, row in stored.items() if not row.is_rejected}
    fresh = [link for link in links if link.seq not in known and link.seq not in redeemed]
    epoch.repeats += sum(link.seq in known for link in links)
    rejected = _store(epoch, fresh, stored, opener, at)
    settled = advance(epoch, links, batch, rejected)
    arrived = (*redeemed, *(link.seq for link in fresh))
    # What was redeemed lies before the rest, and may be told more by it.
    if redeemed or (arrived and epoch.tail_seq is None):
        date_visits(epoch, (min(arrived), max(arrived)), gained, dated_from=_LAST_SEQ)
    else:
        date_visits(epoch, None, gained, dated_from=min(arrived, default=_LAST_SEQ))
    epoch.save()
    return settled


def _epoch(device: Device, batch: Batch, at: datetime, *, is_news: bool) -> Epoch:
    chain = first_chain(device.device_id, batch.epoch)
    defaults = {"chain": chain, "last_heard": at, "has_rejected": False}
    epoch, _ = Epoch.objects.get_or_create(device=device, epoch=batch.epoch, defaults=defaults)
    epoch.device = device
    if is_news:
        epoch.last_heard = at
    epoch.newest_seq = max(epoch.newest_seq, batch.newest_seq)
    return epoch


def _store(
    epoch: Epoch, fresh: Sequence[Link], stored: dict[int, Stored], opener: Opener, at: datetime
) -> tuple[tuple[int, Rejection], ...]:
    """Store each entry where it belongs; one that was rejected before gets another chance."""
    unread: list[Unread] = []
    keeping.keep_read(epoch, _readable(fresh, opener, unread), len(fresh), opener.boots, at)
    unread_seqs = {item.link.seq for item in unread}
    if again := [one.seq for one in fresh if one.seq in stored and one.seq not in unread_seqs]:
        Rejected.objects.filter(epoch=epoch, seq__in=again).delete()
    keeping.keep_unread(epoch, [item for item in unread if item.link.seq not in stored], at)
    if unread:
        logger.warning("device %d: %d entries are rejected", epoch.device.pk, len(unread))
    return tuple((item.link.seq, item.reason) for item in unread)


def _readable(links: Iterable[Link], opener: Opener, unread: list[Unread]) -> Iterator[Read]:
    """Open one after the other; what does not open is added to `unread`."""
    for link in links:
        item = opener.open(link)
        if isinstance(item, Unread):
            unread.append(item)
        else:
            yield item


def _set_aside(epoch: Epoch, links: Sequence[Link], message: bytes, at: datetime) -> Settlement:
    """Keep the batch whole, and nothing of it under the epoch."""
    logger.error("device %d: a batch contradicts what is stored", epoch.device.pk)
    Conflict.objects.get_or_create(
        epoch=epoch,
        first_seq=links[0].seq if links else 0,
        last_chain=links[-1].chain if links else b"",
        defaults={
            "last_seq": links[-1].seq if links else 0,
            "message": message,
            "received_at": at,
        },
    )
    epoch.save()
    return Settlement(epoch.acked_through, epoch.chain, is_conflict=True)
