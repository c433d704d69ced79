"""How far an epoch is settled after a batch, and what a receipt has to say of the rest."""

from collections.abc import Sequence
from dataclasses import dataclass

from sync.hub.ingest.links import Link
from sync.hub.ingest.models import Entry, Epoch, Rejected
from sync.hub.ingest.settled import Range, Settled, without
from sync.wire.batch import Batch
from sync.wire.receipt import MAX_MISSING, MAX_REJECTED, Rejection


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a receipt says of the epoch, but for the time at which it is signed."""

    acked_through: int
    chain: bytes
    rejected: tuple[tuple[int, Rejection], ...] = ()
    missing: tuple[Range, ...] = ()
    is_conflict: bool = False


def advance(
    epoch: Epoch, links: Sequence[Link], batch: Batch, rejected: Sequence[tuple[int, Rejection]]
) -> Settlement:
    """Move the mark as far as nothing is missing, and say what is missing beyond it.

    What is behind the newest settled entry is asked for only when nothing was sent: a door that
    is sending comes to it by itself. What it knows as settled, and a restored hub has not, it
    must be told. `rejected` are those of this batch.
    """
    before = Settled(epoch.acked_through, _ranges(epoch.islands))
    now = before.with_range(links[0].seq, links[-1].seq) if links else before
    now = _past_what_is_gone(epoch, now, links, batch)
    if now.acked_through != epoch.acked_through:
        epoch.chain = _chain_at(epoch, now.acked_through, links, batch)
    epoch.acked_through = now.acked_through
    epoch.islands = [list(island) for island in now.islands]
    through = max(batch.acked_through, 0 if links else batch.newest_seq)
    missing = without(now.missing(through), (1, batch.oldest_seq - 1))
    told = Settlement(epoch.acked_through, epoch.chain, missing=missing[:MAX_MISSING])
    return _with_rejected(told, epoch, batch, rejected)


def _past_what_is_gone(epoch: Epoch, now: Settled, links: Sequence[Link], batch: Batch) -> Settled:
    """Settle what neither the door nor the hub has: a hub that was restored from a backup may be
    sent again only what the door still keeps.

    Not before the chain value there is known: by the entry behind it, or because nothing is left.
    """
    gaps = _ranges(epoch.gaps)
    if links:
        gaps = without(gaps, (links[0].seq, links[-1].seq))
    last = batch.oldest_seq - 1
    ends_known = now.has(batch.oldest_seq) or _is_empty(links, batch)
    if last > now.acked_through and ends_known:
        lost = [(first, min(end, last)) for first, end in now.missing(last) if first <= last]
        gaps = Settled(0, gaps).with_ranges(lost).all_ranges()
        now = now.with_ranges(lost)
    epoch.gaps = [list(gap) for gap in gaps]
    return now


def _is_empty(links: Sequence[Link], batch: Batch) -> bool:
    return not links and batch.oldest_seq > batch.newest_seq


def _chain_at(epoch: Epoch, seq: int, links: Sequence[Link], batch: Batch) -> bytes:
    if links and links[0].seq <= seq <= links[-1].seq:
        return links[seq - links[0].seq].chain
    for model in (Entry, Rejected):
        found = model.objects.filter(epoch=epoch, seq=seq).values_list("chain", flat=True).first()
        if found is not None:
            return bytes(found)
    # Nothing is left of it but what the door says came before its next entry.
    return batch.previous


def _with_rejected(
    told: Settlement, epoch: Epoch, batch: Batch, fresh: Sequence[tuple[int, Rejection]]
) -> Settlement:
    """List what was rejected, also in a receipt that the door may never have seen.

    A door deletes what is settled and not listed: what does not fit is not acknowledged yet.
    """
    if not epoch.has_rejected:
        return told
    stored = Rejected.objects.filter(epoch=epoch, seq__gt=batch.acked_through).order_by("seq")
    earlier = stored.values_list("seq", "reason")[: MAX_REJECTED + 1]
    listed = sorted({**{seq: Rejection(reason) for seq, reason in earlier}, **dict(fresh)}.items())
    if len(listed) <= MAX_REJECTED:
        return Settlement(told.acked_through, told.chain, tuple(listed), told.missing)
    mark = min(told.acked_through, listed[MAX_REJECTED][0] - 1)
    chain = told.chain if mark == told.acked_through else _chain_at(epoch, mark, (), batch)
    return Settlement(mark, chain, tuple(listed[:MAX_REJECTED]), told.missing)


def _ranges(listed: Sequence[Sequence[int]]) -> tuple[Range, ...]:
    return tuple((first, last) for first, last in listed)
