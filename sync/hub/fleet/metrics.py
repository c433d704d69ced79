"""How the kiosks are, as Prometheus reads it."""

from collections.abc import Iterator

from django.db.models import Count
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from sync.hub.fleet.health.gathering import read_told
from sync.hub.fleet.health.models import Alert, Judged
from sync.hub.fleet.models import Device, DeviceStatus
from sync.hub.ingest.models import Epoch
from sync.wire.batch import State

_KIOSK = ("device", "door", "site", "office")


def exposition() -> bytes:
    """Return everything in Prometheus's text format, read in a fixed number of queries."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(FleetCollector())
    return generate_latest(registry)


class FleetCollector(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        devices = list(
            Device.objects.filter(status=DeviceStatus.ACTIVE)
            .select_related("door__site__office")
            .order_by("pk")
        )
        yield from _kiosks(devices)
        yield from _alerts()
        yield _statuses()
        yield _judged()


def _kiosks(devices: list[Device]) -> Iterator[GaugeMetricFamily]:
    contact = _gauge("last_contact_timestamp_seconds", "when the kiosk is proven to have lived")
    issued = _gauge("bundle_issued_version", "version of rules and keys that it was told")
    taken = _gauge("bundle_taken_version", "version of rules and keys that it has")
    backlog = _gauge("backlog_entries", "entries that it has and the hub has not")
    reading = _gauge("reading", "what a check of the kiosk read last", "check")
    bad = _gauge("check_bad", "1 where a check of the kiosk is bad", "check")
    behind = _behind()
    for device in devices:
        labels = _labels(device)
        if device.last_contact is not None:
            contact.add_metric(labels, device.last_contact.timestamp())
        issued.add_metric(labels, device.issued_version)
        taken.add_metric(labels, device.bundle_version)
        backlog.add_metric(labels, behind.get(device.pk, 0))
        for name, told in read_told(device.health).items():
            bad.add_metric([*labels, name], told.state is State.BAD)
            if told.value is not None:
                reading.add_metric([*labels, name], told.value)
    yield from (contact, issued, taken, backlog, reading, bad)


def _behind() -> dict[int, int]:
    """Return, by device, how much of its newest journal is still to come."""
    newest: dict[int, int] = {}
    for epoch in Epoch.objects.order_by("last_heard", "pk").only(
        "device_id", "newest_seq", "acked_through"
    ):
        newest[epoch.device_id] = max(0, epoch.newest_seq - epoch.acked_through)
    return newest


def _alerts() -> Iterator[GaugeMetricFamily]:
    raised = GaugeMetricFamily(
        "gapura_alerts", "what is to be done, by rule", labels=("rule", "severity")
    )
    counted = (
        Alert.objects.filter(raised_at__isnull=False, cleared_at__isnull=True)
        .values_list("rule", "severity")
        .annotate(Count("pk"))
        .order_by("rule", "severity")
    )
    for rule, severity, count in counted:
        raised.add_metric((rule, "critical" if severity > 1 else "warning"), count)
    yield raised


def _statuses() -> GaugeMetricFamily:
    devices = GaugeMetricFamily("gapura_devices", "kiosks by status", labels=("status",))
    counted = dict(Device.objects.values_list("status").annotate(Count("pk")).order_by())
    for status in DeviceStatus:
        devices.add_metric((status.value,), counted.get(status.value, 0))
    return devices


def _judged() -> GaugeMetricFamily:
    last = GaugeMetricFamily(
        "gapura_last_judged_timestamp_seconds", "when gapura-hub watch judged all kiosks last"
    )
    for at in Judged.objects.values_list("at", flat=True):
        last.add_metric((), at.timestamp())
    return last


def _gauge(name: str, said: str, *more: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"gapura_kiosk_{name}", said, labels=(*_KIOSK, *more))


def _labels(device: Device) -> list[str]:
    site = device.door.site
    return [device.device_id.hex(), device.door.label, site.name, site.office.name]
