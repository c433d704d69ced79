"""What visits say of when people were seen."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet, Value

from kiosk.admission.verdict import Outcome
from sync.hub.attendance.sightings import Sighting
from sync.hub.ingest.models import Changed, Visit
from sync.wire.visit import Direction

# An officer answers within seconds: so many entries behind the code that the press is about.
_PRESS_WITHIN = 32


@dataclass(slots=True)
class Span:
    lower_ms: int
    upper_ms: int

    def take_in(self, lower_ms: int, upper_ms: int) -> None:
        self.lower_ms = min(self.lower_ms, lower_ms)
        self.upper_ms = max(self.upper_ms, upper_ms)


def touched(changed: Iterable[Changed]) -> dict[bytes, Span]:
    """Return between which times each subject's visits are others than before."""
    spans: dict[bytes, Span] = {}
    for one in _merged(changed):
        # A press tells something of the code before it.
        first = one.first_seq - _PRESS_WITHIN
        within = Visit.objects.filter(
            entry__epoch=one.epoch_id, entry__seq__range=(first, one.last_seq), sub__isnull=False
        )
        bounds = within.values("sub").annotate(least=Min("lower_ms"), most=Max("upper_ms"))
        for sub, lower_ms, upper_ms in bounds.values_list("sub", "least", "most"):
            span = spans.setdefault(bytes(sub or b""), Span(lower_ms, upper_ms))
            span.take_in(lower_ms, upper_ms)
            if one.lower_ms is not None and one.upper_ms is not None:
                span.take_in(one.lower_ms, one.upper_ms)
    return spans


def _merged(changed: Iterable[Changed]) -> list[Changed]:
    """Take batches of an epoch that followed each other as one: a live kiosk sends many."""
    found: list[Changed] = []
    for one in sorted(changed, key=lambda one: (one.epoch_id, one.first_seq)):
        last = found[-1] if found else one
        is_next = last.epoch_id == one.epoch_id and one.first_seq <= last.last_seq + 1
        if found and is_next and last.lower_ms is None and one.lower_ms is None:
            last.last_seq = max(last.last_seq, one.last_seq)
        else:
            found.append(one)
    return found


def earliest_of(subs: Collection[bytes]) -> dict[bytes, int]:
    """Return when each was seen first, of visits that are still kept."""
    kept = Visit.objects.filter(sub__in=subs).values("sub").annotate(least=Min("lower_ms"))
    return {bytes(sub or b""): least for sub, least in kept.values_list("sub", "least")}


def sightings_of(
    subs: Collection[bytes], lower_ms: int, upper_ms: int
) -> dict[bytes, list[Sighting]]:
    """Return what may lie between the times: whom a door or its officer let in, and who left."""
    found: dict[bytes, list[Sighting]] = defaultdict(list)
    visits = Visit.objects.filter(sub__in=subs, upper_ms__gte=lower_ms, lower_ms__lte=upper_ms)
    let_through = Q(shown=int(Outcome.ADMIT)) | Q(direction=int(Direction.OUT)) | Exists(_press())
    times = ("time_ms", "error_ms", "lower_ms", "upper_ms")
    rows = visits.filter(let_through).values_list(
        "sub", "direction", "entry__epoch", "entry__seq", *times
    )
    for sub, direction, epoch, seq, *known in rows:
        lower, upper = _bounds(*known)
        found[bytes(sub)].append(Sighting(lower, upper, Direction(direction), epoch, seq))
    return found


def _press() -> QuerySet[Visit]:
    """The officer's press by which somebody was let in after all."""
    return Visit.objects.filter(
        entry__epoch=OuterRef("entry__epoch"),
        entry__seq__gt=OuterRef("entry__seq"),
        entry__seq__lte=OuterRef("entry__seq") + Value(_PRESS_WITHIN),
        of_seq=OuterRef("entry__seq"),
    )


def _bounds(
    time_ms: int | None, error_ms: int | None, lower_ms: int, upper_ms: int
) -> tuple[int, int]:
    """What an anchor says, within what is known in any case."""
    if time_ms is None or error_ms is None:
        return lower_ms, upper_ms
    lower, upper = max(lower_ms, time_ms - error_ms), min(upper_ms, time_ms + error_ms)
    return (lower, upper) if lower <= upper else (lower_ms, upper_ms)
