"""Reads what is known of all kiosks, with as many queries as there are kinds of facts."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Min

from sync.hub.attendance.models import Webhook
from sync.hub.fleet.health.facts import Facts, Told, Traffic
from sync.hub.fleet.health.history import BOOTS, hour_of
from sync.hub.fleet.health.models import HourlyReading, Maintenance
from sync.hub.fleet.health.opening import Span, open_since
from sync.hub.fleet.health.traffic import Hours, traffic_by_door
from sync.hub.fleet.models import Device, DeviceStatus, Site
from sync.hub.ingest.boards import unapproved_boards
from sync.wire.batch import State

_DAY = timedelta(days=1)
_STATES = frozenset(int(state) for state in State)


@dataclass(frozen=True, slots=True)
class Watched:
    """A kiosk that is judged; `is_in_maintenance` says that nothing about it is news."""

    device: Device
    facts: Facts
    is_in_maintenance: bool


def gather(now: datetime, usual_pauses: Mapping[int, timedelta]) -> list[Watched]:
    """Return all active kiosks. `usual_pauses` are by door."""
    devices = list(active_devices())
    traffic, boots = traffic_by_door(now), _boots(now)
    resting = set(
        Maintenance.objects.filter(begins__lte=now, ends__gt=now).values_list("site_id", flat=True)
    )
    most, moved = most_frequent_software(devices), unapproved_boards()
    return [
        Watched(
            device,
            _facts(
                device,
                now,
                boots=boots.get(device.pk, 0),
                traffic=traffic.get(device.door_id, Traffic()),
                usual_pause=usual_pauses.get(device.door_id),
                most_frequent=most,
                is_board_new=device.pk in moved,
            ),
            device.door.site_id in resting,
        )
        for device in devices
    ]


def refused_notices(now: datetime) -> tuple[datetime | None, bool]:
    """Return since when a system that may read refuses a notice, and whether the hub gave up on
    one.
    """
    usable = Webhook.objects.filter(token__revoked_at=None, token__expires__gt=now)
    refused = usable.filter(failures__gt=0)
    found = refused.aggregate(since=Min("news_at"), stopped=Min("stopped_at"))
    return found["since"], found["stopped"] is not None


def active_devices() -> list[Device]:
    found = (
        Device.objects.filter(status=DeviceStatus.ACTIVE)
        .select_related("door__site__office")
        .prefetch_related("door__site__opening_hours")
        .order_by("pk")
    )
    return list(found)


def opening_of(site: Site) -> Hours:
    """Costs no query where the hours were fetched with the site."""
    spans = tuple(Span(row.weekday, row.opens, row.closes) for row in site.opening_hours.all())
    return spans, site.timezone


def most_frequent_software(devices: list[Device]) -> str:
    """Return what more than half of the kiosks run; nothing where there is no such version."""
    counted = Counter(device.software for device in devices if device.software)
    name, count = next(iter(counted.most_common(1)), ("", 0))
    return name if 2 * count > counted.total() else ""


def read_told(health: list[list[str | int | None]]) -> dict[str, Told]:
    """Read what `Device.health` lists."""
    return {
        str(name): Told(State(int(state)), None if value is None else int(value))
        for name, state, value in health
        if state is not None and int(state) in _STATES
    }


def _facts(
    device: Device,
    now: datetime,
    *,
    boots: int,
    traffic: Traffic,
    usual_pause: timedelta | None,
    most_frequent: str,
    is_board_new: bool,
) -> Facts:
    site = device.door.site
    is_old = bool(most_frequent and device.software) and device.software != most_frequent
    return Facts(
        now=now,
        enrolled_at=device.enrolled_at,
        open_since=open_since(*opening_of(site), now),
        has_internet=site.has_internet,
        last_contact=device.last_contact,
        told=read_told(device.health),
        powered=timedelta(milliseconds=min(device.told_boot_ms, _LONGEST_MS)),
        behind_since=device.behind_since,
        boots=boots,
        is_software_old=is_old,
        is_board_new=is_board_new,
        issued_version=device.issued_version,
        issued_at=device.issued_at,
        taken_version=device.bundle_version,
        traffic=traffic,
        usual_pause=usual_pause,
    )


# Doors send numbers of 63 bits, whatever they mean.
_LONGEST_MS = 10 * 365 * 86_400_000


def _boots(now: datetime) -> dict[int, int]:
    """Return, by device, how many boots were told of within the last 24 hours."""
    rows = (
        HourlyReading.objects.filter(name=BOOTS, hour__gt=hour_of(now - _DAY))
        .values_list("device_id")
        .annotate(first=Min("low"), last=Max("high"))
        .order_by()
    )
    return {device: last - first for device, first, last in rows}
