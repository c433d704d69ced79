"""A batch's entries as links of the chain. Pure."""

from typing import NamedTuple

from sync.wire.batch import Batch
from sync.wire.entry import SealedEntry, chain_value
from sync.wire.errors import Malformed


class Link(NamedTuple):
    """An entry with the chain values before and after it; `bound` is its header with its epoch."""

    entry: SealedEntry
    previous: bytes
    chain: bytes
    bound: bytes

    @property
    def seq(self) -> int:
        return self.entry.header.seq


def link_up(batch: Batch) -> tuple[Link, ...]:
    """Return the batch's entries in order, each with its place in the chain.

    Raises:
        Malformed: they do not follow one another; no chain value could be told for the rest.
    """
    links: list[Link] = []
    previous = batch.previous
    for entry in batch.entries:
        if entry.header.seq < 1 or (links and entry.header.seq != links[-1].seq + 1):
            raise Malformed("batch: entries that do not follow one another")
        bound = entry.header.bind(batch.epoch)
        chain = chain_value(previous, bound, entry.sealed)
        links.append(Link(entry, previous, chain, bound))
        previous = chain
    return tuple(links)
