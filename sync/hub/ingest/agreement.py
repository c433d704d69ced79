"""Does a batch tell the same story as what is stored of its epoch? Nothing is believed twice."""

from collections.abc import Sequence
from dataclasses import dataclass

from sync.hub.ingest.links import Link
from sync.hub.ingest.models import Entry, Epoch, Rejected
from sync.wire.entry import first_chain


@dataclass(frozen=True, slots=True)
class Stored:
    """What is kept at one seq."""

    previous: bytes
    chain: bytes
    is_rejected: bool = False


def stored_around(epoch: Epoch, links: Sequence[Link]) -> dict[int, Stored]:
    """Return what is stored from the entry before the first link to the one after the last."""
    if not links:
        return {}
    span = (links[0].seq - 1, links[-1].seq + 1)
    if span[0] == epoch.acked_through and not any(first <= span[1] for first, _ in epoch.islands):
        # What follows all that is settled meets nothing else.
        return {span[0]: Stored(b"", epoch.chain)}
    stored = {
        seq: Stored(previous, chain)
        for seq, previous, chain in Entry.objects.filter(epoch=epoch, seq__range=span).values_list(
            "seq", "previous", "chain"
        )
    }
    for row in Rejected.objects.filter(epoch=epoch, seq__range=span).only(
        "seq", "previous", "chain"
    ):
        stored[row.seq] = Stored(row.previous, row.chain, is_rejected=True)
    return stored


def agrees(epoch: Epoch, links: Sequence[Link], stored: dict[int, Stored]) -> bool:
    """Say whether the links' chain values are those stored, wherever both are known."""
    if not links:
        return True
    first, last = links[0], links[-1]
    before = stored.get(first.seq - 1)
    if first.seq == 1:
        fits = first.previous == first_chain(epoch.device.device_id, epoch.epoch)
    else:
        fits = before is None or before.chain == first.previous
    after = stored.get(last.seq + 1)
    return (
        fits
        and all(link.seq not in stored or stored[link.seq].chain == link.chain for link in links)
        and (after is None or after.previous == last.chain)
    )
