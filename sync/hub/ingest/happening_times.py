"""When events happened: derived whenever they are shown, for nothing else is told by them."""

from collections.abc import Sequence

from sync.hub.clock import unix_ms
from sync.hub.fleet.models import Device
from sync.hub.ingest.dating import NO_TIES, Bounds, Dated, Sighting, date_alone, within_calendar
from sync.hub.ingest.models import Happening, Run
from sync.hub.ingest.neighbours import bounds_around
from sync.hub.ingest.redating import ties_of


def date_happenings(device: Device, found: Sequence[Happening]) -> list[Dated]:
    """Date events of one kiosk, which come with their entries and epochs.

    By an anchor of their boot; without one, between the visits before and behind them.
    """
    boots = _boots(found)
    ties = ties_of(device, dict(enumerate(boots)))
    return [
        _dated(device, one, Sighting(one.entry.boot_ms, 0, None, _received_ms(one), tied))
        for number, one in enumerate(found)
        for tied in (ties.get(number, NO_TIES),)
    ]


def _boots(found: Sequence[Happening]) -> list[bytes]:
    """Return the boot in which each was written."""
    runs = Run.objects.filter(epoch__in={one.entry.epoch_id for one in found})
    boots = {
        (epoch, run_no): boot
        for epoch, run_no, boot in runs.values_list("epoch", "run_no", "boot_id")
    }
    return [boots[one.entry.epoch_id, one.entry.run_no] for one in found]


def _dated(device: Device, one: Happening, sighting: Sighting) -> Dated:
    """An event was written a while after it happened, within the same boot."""
    written = date_alone(sighting)
    ago_ms = one.ago_s * 1000
    if written.time_ms is not None:
        time_ms = within_calendar(written.time_ms - ago_ms)
        return Dated(_earlier(written.bounds, ago_ms), time_ms, written.error_ms)
    around = bounds_around(one.entry.epoch, one.entry.seq, one.entry.seq)
    lower_ms = max(around.lower_ms, unix_ms(device.enrolled_at))
    upper_ms = min(around.upper_ms, _received_ms(one))
    return Dated(_earlier(Bounds(min(lower_ms, upper_ms), upper_ms), ago_ms))


def _earlier(bounds: Bounds, ago_ms: int) -> Bounds:
    return Bounds(
        within_calendar(bounds.lower_ms - ago_ms), within_calendar(bounds.upper_ms - ago_ms)
    )


def _received_ms(one: Happening) -> int:
    return unix_ms(one.entry.received_at)
