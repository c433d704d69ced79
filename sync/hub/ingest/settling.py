"""Takes a batch in: what is new is stored, what is known is counted, what contradicts is set aside.

Two processes may do so at once for the same device: the device's row is locked for the while.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sync.hub.fleet.models import Device
from sync.hub.ingest import agreement, keeping
from sync.hub.ingest.agreement import Stored
from sync.hub.ingest.links import Link, link_up
from sync.hub.ingest.models import Conflict, Entry, Epoch, Rejected
from sync.hub.ingest.opening import Opener, Read, Unread, open_runs
from sync.hub.ingest.redating import date_visits, keep_anchors
from sync.hub.ingest.redeeming import redeem
from sync.hub.ingest.runs import fit, keep_runs, opener_for
from sync.hub.ingest.settled import Range, Settled
from sync.hub.keyring import Keyring
from sync.wire.batch import Batch
from sync.wire.entry import first_chain
from sync.wire.receipt import MAX_MISSING, Rejection

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a receipt says of the epoch, but for the time at which it is signed."""

    acked_through: int
    chain: bytes
    rejected: tuple[tuple[int, Rejection], ...] = ()
    missing: tuple[Range, ...] = ()
    is_conflict: bool = False


def settle(
    device: Device, batch: Batch, message: bytes, keyring: Keyring, at: datetime
) -> Settlement:
    """Store the batch. The caller brings the transaction and holds the device's row.

    Raises:
        Malformed: the batch's entries do not follow one another.
    """
    links = link_up(batch)
    epoch = _epoch(device, batch, at)
    boots = keep_anchors(device, batch.anchors, at)
    runs = open_runs(batch.runs, door_public=device.signing_public, epoch=batch.epoch)
    stored = agreement.stored_around(epoch, links)
    if not agreement.agrees(epoch, links, stored) or not fit(epoch, runs):
        return _set_aside(epoch, links, message, at)
    opener = opener_for(epoch, links, runs, keyring)
    redeemed = redeem(epoch, keep_runs(epoch, runs), opener, at)
    known = {seq for seq, row in stored.items() if not row.is_rejected}
    fresh = [link for link in links if link.seq not in known and link.seq not in redeemed]
    epoch.repeats += sum(link.seq in known for link in links)
    rejected = _store(epoch, fresh, stored, opener, at)
    settled = _advance(epoch, links, batch)
    epoch.save()
    arrived = (*redeemed, *(link.seq for link in links))
    date_visits(epoch, (min(arrived), max(arrived)) if arrived else None, boots)
    return replace(settled, rejected=rejected)


def _epoch(device: Device, batch: Batch, at: datetime) -> Epoch:
    chain = first_chain(device.device_id, batch.epoch)
    epoch, _ = Epoch.objects.get_or_create(
        device=device, epoch=batch.epoch, defaults={"chain": chain, "last_heard": at}
    )
    epoch.device = device
    epoch.last_heard = at
    epoch.newest_seq = max(epoch.newest_seq, batch.newest_seq)
    return epoch


def _store(
    epoch: Epoch, fresh: Sequence[Link], stored: dict[int, Stored], opener: Opener, at: datetime
) -> tuple[tuple[int, Rejection], ...]:
    """Store each entry where it belongs; one that was rejected before gets another chance."""
    opened = [opener.open(link) for link in fresh]
    read = [item for item in opened if isinstance(item, Read)]
    unread = [item for item in opened if isinstance(item, Unread)]
    again = [item.link.seq for item in read if item.link.seq in stored]
    Rejected.objects.filter(epoch=epoch, seq__in=again).delete()
    keeping.keep_read(epoch, read, at)
    keeping.keep_unread(epoch, [item for item in unread if item.link.seq not in stored], at)
    if unread:
        logger.warning("device %d: %d entries are rejected", epoch.device.pk, len(unread))
    return tuple((item.link.seq, item.reason) for item in unread)


def _advance(epoch: Epoch, links: Sequence[Link], batch: Batch) -> Settlement:
    """Move the mark as far as nothing is missing, and say what is missing beyond it.

    What is behind the newest settled entry is asked for only when nothing was sent: a door that
    is sending comes to it by itself.
    """
    before = Settled(epoch.acked_through, tuple((first, last) for first, last in epoch.islands))
    now = before.with_range(links[0].seq, links[-1].seq) if links else before
    if now.acked_through != before.acked_through:
        epoch.chain = _chain_at(epoch, now.acked_through)
    epoch.acked_through = now.acked_through
    epoch.islands = [list(island) for island in now.islands]
    missing = now.missing(0 if links else batch.newest_seq)
    return Settlement(epoch.acked_through, epoch.chain, missing=missing[:MAX_MISSING])


def _chain_at(epoch: Epoch, seq: int) -> bytes:
    found = Entry.objects.filter(epoch=epoch, seq=seq).values_list("chain", flat=True).first()
    if found is not None:
        return found
    return Rejected.objects.values_list("chain", flat=True).get(epoch=epoch, seq=seq)


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
