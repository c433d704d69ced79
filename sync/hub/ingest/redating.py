"""Derives visits' times when they come, and again when more becomes known."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q

from sync.hub.clock import unix_ms
from sync.hub.fleet.models import Device
from sync.hub.ingest import rows
from sync.hub.ingest.changes import note_redated
from sync.hub.ingest.dating import (
    LATEST_MS,
    NO_TIES,
    Bounds,
    Dated,
    Sighting,
    Tie,
    Ties,
    date_alone,
    date_in_order,
    narrow,
    reach,
    weigh,
)
from sync.hub.ingest.models import Anchor, Entry, Epoch, Run, Visit
from sync.hub.ingest.neighbours import bounds_around, tell_neighbours
from sync.hub.ingest.settled import Range
from sync.wire import batch
from sync.wire.batch import AnchorSource

_LAST_SEQ = 2**63 - 1
_TIMES = ("time_ms", "error_ms", "lower_ms", "upper_ms")


@dataclass(frozen=True, slots=True)
class Gained:
    """A boot that has more anchors than before: they may tell what was seen behind `after_ms`."""

    boot_id: bytes
    after_ms: int


def keep_anchors(device: Device, anchors: Sequence[batch.Anchor], at: datetime) -> list[Gained]:
    """Store the anchors and return the boots that have one more than before."""
    if not anchors:
        return []
    boots = {anchor.boot_id for anchor in anchors}
    known = list(Anchor.objects.filter(device=device, boot_id__in=boots))
    parts = {(row.boot_id, row.boot_ms, row.true_ms, row.error_ms, row.source) for row in known}
    fresh = Anchor.objects.bulk_create(
        Anchor(
            device=device,
            boot_id=anchor.boot_id,
            boot_ms=anchor.boot_ms,
            true_ms=anchor.true_ms,
            error_ms=anchor.error_ms,
            source=int(anchor.source),
            received_at=at,
        )
        for anchor in dict.fromkeys(anchors)
        if _parts(anchor) not in parts
    )
    before, now = _by_boot(known), _by_boot([*known, *fresh])
    reached = {boot_id: reach(before.get(boot_id, ()), ties) for boot_id, ties in now.items()}
    return [
        Gained(boot_id, after_ms) for boot_id, after_ms in reached.items() if after_ms is not None
    ]


def ties_of(device: Device, boots: Mapping[int, bytes]) -> dict[int, Ties]:
    """Return, by run, what is known of the time of its boot; `boots` names that of each run."""
    anchors = Anchor.objects.filter(device=device, boot_id__in=set(boots.values()))
    found = {boot_id: weigh(ties) for boot_id, ties in _by_boot(anchors).items()}
    return {number: found[boot_id] for number, boot_id in boots.items() if boot_id in found}


def date_arrivals(epoch: Epoch, seqs: Sequence[int], sightings: Sequence[Sighting]) -> list[Dated]:
    """Date visits that arrive in order, and note where the tail of the epoch ends now.

    `know_tail` has gone before. Where they do not follow all that is stored, or tell more of it,
    the tail is unknown after this, and `date_visits` has to hold them against their neighbours.
    """
    alone = [date_alone(sighting) for sighting in sightings]
    if not alone:
        return []
    follow = epoch.tail_seq is not None and seqs[0] > epoch.tail_seq
    tells_more = min(dated.bounds.upper_ms for dated in alone) < epoch.tail_upper_ms
    if not follow or tells_more:
        epoch.tail_seq = None
        return alone
    before = Bounds(epoch.tail_lower_ms, LATEST_MS)
    bounds = narrow([before, *(dated.bounds for dated in alone)])[1:]
    dated = [
        Dated(bound, one.time_ms, one.error_ms) for bound, one in zip(bounds, alone, strict=True)
    ]
    _move_tail(epoch, seqs[-1], dated)
    return dated


def date_visits(
    epoch: Epoch, arrived: Range | None, gained: Sequence[Gained], *, dated_from: int
) -> None:
    """Date the visits of `epoch` that arrived, where they were not when they came, and what boots
    that gained an anchor saw before that, each with its undated neighbours.

    Visits of `epoch` from `dated_from` on know these anchors already.
    """
    spans: dict[int, tuple[Epoch, list[Range]]] = {}
    if arrived is not None:
        spans[epoch.pk] = (epoch, [arrived])
    after_ms = {boot.boot_id: boot.after_ms for boot in gained}
    runs = Run.objects.filter(epoch__device=epoch.device_id, boot_id__in=after_ms)
    for run in runs if after_ms else ():
        found = epoch if run.epoch_id == epoch.pk else run.epoch
        span = _span_of(run, after_ms[run.boot_id])
        if span and (found is not epoch or span[0] < dated_from):
            spans.setdefault(found.pk, (found, []))[1].append(span)
    for found, ranges in spans.values():
        first = min(first for first, _ in ranges)
        last = max(last for _, last in ranges)
        _date_range(found, _widened(found, first, last))
        _forget_tail(found, is_other=found is not epoch)


def _span_of(run: Run, after_ms: int) -> Range | None:
    """Return the first and the last entry of the run behind that time of its boot. Within a run
    time rises, so that the search from the end ends where it is found.
    """
    entries = (
        Entry.objects.filter(epoch=run.epoch_id).order_by("-seq").values_list("seq", flat=True)
    )
    last = entries.filter(run_no=run.run_no).first()
    if last is None:
        return None
    earlier = ~Q(run_no=run.run_no) | Q(boot_ms__lte=after_ms)
    before = entries.filter(earlier, seq__lte=last).first() or 0
    return None if before == last else (before + 1, last)


def _widened(epoch: Epoch, first: int, last: int) -> Range:
    """Return the range with the undated visits at either side, and the dated one behind them."""
    dated = Visit.objects.filter(entry__epoch=epoch, time_ms__isnull=False)
    seqs = dated.order_by("entry__seq").values_list("entry__seq", flat=True)
    before = seqs.filter(entry__seq__lt=first).last()
    after = seqs.filter(entry__seq__gt=last).first()
    return (before or 1, after or _LAST_SEQ)


def _date_range(epoch: Epoch, span: Range) -> None:
    visits = list(
        Visit.objects.filter(entry__epoch=epoch, entry__seq__range=span)
        .order_by("entry__seq")
        .values_list(
            *("pk", "entry__seq", "entry__run_no", "entry__boot_ms", "entry__received_at"),
            *("earliest_s", "latest_s", *_TIMES),
        )
    )
    runs = Run.objects.filter(epoch=epoch, run_no__in={run_no for _, _, run_no, *_ in visits})
    ties = ties_of(epoch.device, dict(runs.values_list("run_no", "boot_id")))
    sightings = [
        Sighting(boot_ms, earliest_s, latest_s, unix_ms(at), ties.get(run_no, NO_TIES))
        for _, _, run_no, boot_ms, at, earliest_s, latest_s, *_ in visits
    ]
    changed, told = [], date_in_order(sightings, bounds_around(epoch, *span))
    for (pk, *rest), dated in zip(visits, told, strict=True):
        bounds = dated.bounds
        now = (dated.time_ms, dated.error_ms, bounds.lower_ms, bounds.upper_ms)
        if now != tuple(rest[-4:]):
            changed.append((pk, *now))
    rows.update(Visit, _TIMES, changed)
    redated = {pk for pk, *_ in changed}
    note_redated(epoch, [(row[1], row[-2], row[-1]) for row in visits if row[0] in redated])
    tell_neighbours(epoch, *span, [dated.bounds for dated in told])


def know_tail(epoch: Epoch) -> None:
    """Look the tail up, where it is not known."""
    if epoch.tail_seq is not None:
        return
    visits = Visit.objects.filter(entry__epoch=epoch).order_by("-entry__seq")
    seqs = visits.values_list("entry__seq", flat=True)
    begin = seqs.filter(time_ms__isnull=False).first() or 0
    found = visits.filter(entry__seq__gte=begin).aggregate(Max("lower_ms"), Max("upper_ms"))
    epoch.tail_seq = seqs.first() or 0
    epoch.tail_lower_ms = found["lower_ms__max"] or 0
    epoch.tail_upper_ms = found["upper_ms__max"] or 0


def _move_tail(epoch: Epoch, last_seq: int, dated: Sequence[Dated]) -> None:
    """The tail begins with the last visit whose time is known, or goes on."""
    known = [place for place, one in enumerate(dated) if one.time_ms is not None]
    tail = [one.bounds for one in dated[known[-1] if known else 0 :]]
    if not known:
        tail.append(Bounds(epoch.tail_lower_ms, epoch.tail_upper_ms))
    epoch.tail_seq = last_seq
    epoch.tail_lower_ms = max(bounds.lower_ms for bounds in tail)
    epoch.tail_upper_ms = max(bounds.upper_ms for bounds in tail)


def _forget_tail(epoch: Epoch, *, is_other: bool) -> None:
    epoch.tail_seq = None
    if is_other:
        epoch.save(update_fields=["tail_seq"])


def _by_boot(anchors: Iterable[Anchor]) -> dict[bytes, list[Tie]]:
    by_boot: dict[bytes, list[Tie]] = {}
    for row in anchors:
        # An anchor is made before it arrives: one that says otherwise is wrong.
        if row.true_ms - row.error_ms <= unix_ms(row.received_at):
            tie = Tie(row.boot_ms, row.true_ms, row.error_ms, AnchorSource(row.source).rank)
            by_boot.setdefault(row.boot_id, []).append(tie)
    return by_boot


def _parts(anchor: batch.Anchor) -> tuple[bytes, int, int, int, int]:
    return (
        *(anchor.boot_id, anchor.boot_ms, anchor.true_ms, anchor.error_ms),
        int(anchor.source),
    )
