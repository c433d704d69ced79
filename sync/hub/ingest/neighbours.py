"""What the visits on either side of a stretch say of it, and it of them.

Along an epoch bounds only rise, but for visits that contradict their neighbours and keep their own.
So a walk away from the stretch may end at the first visit to which it has nothing to say.
"""

from collections.abc import Sequence

from django.db.models import QuerySet

from sync.hub.ingest import rows
from sync.hub.ingest.changes import note_redated
from sync.hub.ingest.dating import LATEST_MS, Bounds
from sync.hub.ingest.models import Epoch, Visit

_AT_ONCE = 500


def bounds_around(epoch: Epoch, first: int, last: int) -> Bounds:
    """Return after what, and before what, all visits from `first` to `last` (seqs) were seen."""
    before = _visits(epoch).filter(entry__seq__lt=first).order_by("-entry__seq").first()
    after = _visits(epoch).filter(entry__seq__gt=last).order_by("entry__seq").first()
    lower_ms = 0 if before is None else before.lower_ms
    return Bounds(lower_ms, LATEST_MS if after is None else after.upper_ms)


def tell_neighbours(epoch: Epoch, first: int, last: int, bounds: Sequence[Bounds]) -> None:
    """Narrow the visits around the stretch, to whose own `bounds` nothing is to be added."""
    if not bounds:
        return
    upper_ms = min(bound.upper_ms for bound in bounds)
    while found := _known(_visits(epoch).filter(entry__seq__lt=first).order_by("-entry__seq")):
        told = [one for one in found if one[2] <= upper_ms < one[3]]
        rows.update(Visit, ("upper_ms",), [(pk, upper_ms) for pk, *_ in told])
        note_redated(epoch, [(seq, lower, upper) for _, seq, lower, upper in told])
        if any(upper <= upper_ms for *_, upper in found):
            break
        first = found[-1][1]
    lower_ms = max(bound.lower_ms for bound in bounds)
    while found := _known(_visits(epoch).filter(entry__seq__gt=last).order_by("entry__seq")):
        told = [one for one in found if one[2] < lower_ms <= one[3]]
        rows.update(Visit, ("lower_ms",), [(pk, lower_ms) for pk, *_ in told])
        note_redated(epoch, [(seq, lower, upper) for _, seq, lower, upper in told])
        if any(lower >= lower_ms for _, _, lower, _ in found):
            break
        last = found[-1][1]


def _visits(epoch: Epoch) -> QuerySet[Visit]:
    return Visit.objects.filter(entry__epoch=epoch)


def _known(visits: QuerySet[Visit]) -> list[tuple[int, int, int, int]]:
    return list(visits.values_list("pk", "entry__seq", "lower_ms", "upper_ms")[:_AT_ONCE])
