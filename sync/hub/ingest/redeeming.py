"""Reads entries that had come before the run that opens them."""

from collections.abc import Set as AbstractSet
from datetime import datetime

from sync.hub.ingest import keeping
from sync.hub.ingest.links import Link
from sync.hub.ingest.models import Epoch, Rejected
from sync.hub.ingest.opening import Opener, Read
from sync.wire.entry import Header, SealedEntry
from sync.wire.receipt import Rejection


def redeem(
    epoch: Epoch,
    run_numbers: AbstractSet[int],
    opener: Opener,
    at: datetime,
) -> tuple[int, ...]:
    """Move what was rejected for want of these runs to the entries, as far as it opens now.

    Returns the seqs that were moved.
    """
    if not run_numbers or not epoch.has_rejected:
        return ()
    rows = Rejected.objects.filter(
        epoch=epoch, run_no__in=run_numbers, reason=int(Rejection.NO_RUN)
    ).order_by("seq")
    opened = [(row, opener.open(_link(row, epoch.epoch))) for row in rows]
    read = [(row, item) for row, item in opened if isinstance(item, Read)]
    Rejected.objects.filter(pk__in=[row.pk for row, _ in read]).delete()
    items = [item for _, item in read]
    keeping.keep_read(epoch, items, len(items), opener.boots, at)
    return tuple(row.seq for row, _ in read)


def _link(row: Rejected, epoch: bytes) -> Link:
    header = Header(
        seq=row.seq,
        run_no=row.run_no,
        boot_ms=row.boot_ms,
        wall_ms=row.wall_ms,
        clock=row.clock,
        kind=row.kind,
        nonce=row.nonce,
    )
    return Link(SealedEntry(header, row.sealed), row.previous, row.chain, header.bind(epoch))
