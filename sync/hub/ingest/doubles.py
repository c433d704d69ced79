"""Entries that were carried into another epoch may arrive twice: each makes one visit."""

from collections.abc import Sequence

from sync.hub.fleet.models import Device
from sync.hub.ingest.models import Entry, Epoch
from sync.hub.ingest.opening import Original, Read

_ROWS_AT_ONCE = 200


def find_doubles(epoch: Epoch, items: Sequence[Read], *, before_id: int) -> set[int]:
    """Return the seqs of those whose very content was stored before them for this device, under
    ids below `before_id`: in the place that it had, or carried. The caller holds the device's row.
    """
    device = epoch.device
    carried = [item for item in items if item.original is not None]
    if carried and not device.has_carried:
        device.has_carried = True
        device.save(update_fields=["has_carried"])
    if not device.has_carried:
        return set()
    known = _carried_before(device, [_name(item) for item in items], before_id)
    known |= _in_their_place(device, [item.original for item in carried if item.original])
    doubles: set[int] = set()
    for item in items:
        name = _name(item)
        if name in known:
            doubles.add(item.link.seq)
        known.add(name)
    return doubles


def _name(item: Read) -> bytes:
    return item.link.chain if item.original is None else item.original.chain


def _carried_before(device: Device, chains: Sequence[bytes], before_id: int) -> set[bytes]:
    """Return which of these chain values belong to entries that lie somewhere as carried."""
    found: set[bytes] = set()
    for start in range(0, len(chains), _ROWS_AT_ONCE):
        entries = Entry.objects.filter(
            epoch__device=device,
            original__in=chains[start : start + _ROWS_AT_ONCE],
            pk__lt=before_id,
        )
        found.update(one for one in entries.values_list("original", flat=True) if one is not None)
    return found


def _in_their_place(device: Device, originals: Sequence[Original]) -> set[bytes]:
    """Return the chain values of those that are stored under the epoch from which they came."""
    seqs: dict[bytes, list[int]] = {}
    for one in originals:
        seqs.setdefault(one.epoch, []).append(one.seq)
    found: set[bytes] = set()
    for epoch, wanted in seqs.items():
        entries = Entry.objects.filter(
            epoch__device=device, epoch__epoch=epoch, seq__range=(min(wanted), max(wanted))
        )
        found.update(entries.values_list("chain", flat=True))
    return found & {one.chain for one in originals}
