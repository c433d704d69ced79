"""Derives visits' times when they come, and again when more becomes known."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sync.hub.clock import unix_ms
from sync.hub.fleet.models import Device
from sync.hub.ingest.dating import NO_TIES, Dated, Sighting, Tie, Ties, date_in_order, weigh
from sync.hub.ingest.models import Anchor, Epoch, Run, Visit
from sync.hub.ingest.settled import Range
from sync.wire import batch
from sync.wire.batch import AnchorSource

_LAST_SEQ = 2**63 - 1
_ROWS_AT_ONCE = 200


def keep_anchors(device: Device, anchors: Sequence[batch.Anchor], at: datetime) -> set[bytes]:
    """Store the anchors and return the boots that have one more than before."""
    boots = {anchor.boot_id for anchor in anchors}
    rows = Anchor.objects.filter(device=device, boot_id__in=boots)
    known = {(row.boot_id, row.boot_ms, row.true_ms, row.error_ms, row.source) for row in rows}
    fresh = [anchor for anchor in dict.fromkeys(anchors) if _parts(anchor) not in known]
    Anchor.objects.bulk_create(
        Anchor(
            device=device,
            boot_id=anchor.boot_id,
            boot_ms=anchor.boot_ms,
            true_ms=anchor.true_ms,
            error_ms=anchor.error_ms,
            source=int(anchor.source),
            received_at=at,
        )
        for anchor in fresh
    )
    return {anchor.boot_id for anchor in fresh}


def date_visits(epoch: Epoch, arrived: Range | None, boots: set[bytes]) -> None:
    """Date the visits that arrived in `epoch`, and those of the device's boots that gained an
    anchor, each with its undated neighbours.
    """
    spans: dict[Epoch, list[Range]] = {epoch: [arrived]} if arrived else {}
    for run in Run.objects.filter(epoch__device=epoch.device, boot_id__in=boots):
        if span := _span_of(run):
            spans.setdefault(run.epoch, []).append(span)
    for found, ranges in spans.items():
        first = min(first for first, _ in ranges)
        last = max(last for _, last in ranges)
        _date_range(found, _widened(found, first, last))


def _span_of(run: Run) -> Range | None:
    visits = Visit.objects.filter(entry__epoch=run.epoch_id, entry__run_no=run.run_no)
    seqs = visits.order_by("entry__seq").values_list("entry__seq", flat=True)
    first, last = seqs.first(), seqs.last()
    return None if first is None or last is None else (first, last)


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
        .select_related("entry")
        .order_by("entry__seq")
    )
    ties = _ties(epoch, {visit.entry.run_no for visit in visits})
    sightings = [_sighting(visit, ties.get(visit.entry.run_no, NO_TIES)) for visit in visits]
    changed = [
        visit
        for visit, dated in zip(visits, date_in_order(sightings), strict=True)
        if _take_over(visit, dated)
    ]
    Visit.objects.bulk_update(
        changed, ["time_ms", "error_ms", "lower_ms", "upper_ms"], batch_size=_ROWS_AT_ONCE
    )


def _ties(epoch: Epoch, run_numbers: Iterable[int]) -> dict[int, Ties]:
    runs = Run.objects.filter(epoch=epoch, run_no__in=list(run_numbers))
    boots = dict(runs.values_list("run_no", "boot_id"))
    by_boot: dict[bytes, list[Tie]] = {}
    for row in Anchor.objects.filter(device=epoch.device, boot_id__in=set(boots.values())):
        # An anchor is made before it arrives: one that says otherwise is wrong.
        if row.true_ms - row.error_ms <= unix_ms(row.received_at):
            tie = Tie(row.boot_ms, row.true_ms, row.error_ms, AnchorSource(row.source).rank)
            by_boot.setdefault(row.boot_id, []).append(tie)
    found = {boot_id: weigh(ties) for boot_id, ties in by_boot.items()}
    return {number: found[boot_id] for number, boot_id in boots.items() if boot_id in found}


def _sighting(visit: Visit, ties: Ties) -> Sighting:
    return Sighting(
        boot_ms=visit.entry.boot_ms,
        earliest_s=visit.earliest_s,
        latest_s=visit.latest_s,
        received_ms=unix_ms(visit.entry.received_at),
        ties=ties,
    )


def _take_over(visit: Visit, dated: Dated) -> bool:
    """Set the visit's time; say whether that changed anything."""
    before = (visit.time_ms, visit.error_ms, visit.lower_ms, visit.upper_ms)
    visit.time_ms, visit.error_ms = dated.time_ms, dated.error_ms
    visit.lower_ms, visit.upper_ms = dated.bounds.lower_ms, dated.bounds.upper_ms
    return before != (visit.time_ms, visit.error_ms, visit.lower_ms, visit.upper_ms)


def _parts(anchor: batch.Anchor) -> tuple[bytes, int, int, int, int]:
    return (
        *(anchor.boot_id, anchor.boot_ms, anchor.true_ms, anchor.error_ms),
        int(anchor.source),
    )
