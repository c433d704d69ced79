"""What other parts of the hub reckon with: which visits are others than before."""

from collections.abc import Sequence

from sync.hub.ingest import rows
from sync.hub.ingest.models import Changed, Epoch

Before = tuple[int, int, int]
"""The seq of a visit, and between which times it was before."""

_SPAN = ("epoch_id", "first_seq", "last_seq")


def note_new(epoch: Epoch, seqs: Sequence[int]) -> None:
    if seqs:
        rows.insert(Changed, _SPAN, [(epoch.pk, min(seqs), max(seqs))])


def note_redated(epoch: Epoch, before: Sequence[Before]) -> None:
    if before:
        seqs, lowers, uppers = zip(*before, strict=True)
        Changed.objects.create(
            epoch=epoch,
            first_seq=min(seqs),
            last_seq=max(seqs),
            lower_ms=min(lowers),
            upper_ms=max(uppers),
        )
