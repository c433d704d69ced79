"""`/kiosks/…/`: one kiosk, its state, its week, and what it was told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sync.hub import clock
from sync.hub.fleet.health.gathering import opening_of
from sync.hub.fleet.health.history import BOOTS
from sync.hub.fleet.health.models import Alert
from sync.hub.fleet.health.opening import open_since, zone
from sync.hub.fleet.health.todo import Item, Raised, raised, single_item
from sync.hub.fleet.models import Device, DeviceStatus
from sync.hub.ingest.boards import unapproved_boards
from sync.hub.ingest.models import Epoch
from sync.hub.web.access import office_of
from sync.hub.web.charts import DAYS, Week, week_to
from sync.hub.web.figures import figure, span
from sync.hub.web.happenings import acceptance_of, happenings_of
from sync.hub.web.kiosk_charts import Reading, charts_of, hours_of_visits, readings_of
from sync.hub.web.readings import read_health
from sync.hub.web.words import DOOR_DIRECTIONS

_PAST_ALERTS = 20


@dataclass(frozen=True, slots=True)
class Trouble:
    item: Item
    value: str
    cleared_at: datetime | None


@dataclass(frozen=True, slots=True)
class Started:
    """How often the kiosk started on a day, as far as it is known."""

    day: str
    count: int


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    now = clock.now()
    device = _find(pk, office_of(request))
    site = device.door.site
    week = week_to(now, zone(site.timezone))
    readings = readings_of(device.pk, week)
    content = {
        "device": device,
        "site": site,
        "direction": DOOR_DIRECTIONS.get(device.door.direction, ""),
        "now": now,
        "timezone": site.timezone,
        "is_open": open_since(*opening_of(site), now) is not None,
        "health": read_health(device.health),
        "troubles": _troubles(device, is_open=True),
        "past": _troubles(device, is_open=False),
        "charts": charts_of(readings, hours_of_visits(device.door_id, week), week),
        "days": week.days,
        "starts": _starts(readings, week),
        "ran": _ran(device),
        "epochs": Epoch.objects.filter(device=device).order_by("-last_heard", "-pk")[:5],
        "happenings": happenings_of(device, site.timezone),
        "acceptance": acceptance_of(device, site.timezone),
        "board": unapproved_boards().get(device.pk, ""),
        "is_news_waiting": device.issued_version > device.bundle_version,
        "is_revoked": device.status == DeviceStatus.REVOKED,
        "is_pending": device.status == DeviceStatus.PENDING,
    }
    return render(request, "web/kiosk.html", content)


def _find(pk: int, office: int | None) -> Device:
    found = Device.objects.select_related("door__site__office").filter(pk=pk)
    if office is not None:
        found = found.filter(door__office_id=office)
    device = found.first()
    if device is None:
        raise Http404
    return device


def _troubles(device: Device, *, is_open: bool) -> list[Trouble]:
    alerts = Alert.objects.filter(
        device=device, raised_at__isnull=False, cleared_at__isnull=is_open
    )
    if is_open:
        found = alerts.order_by("-severity", "since")
    else:
        found = alerts.order_by("-cleared_at")[:_PAST_ALERTS]
    return [_trouble(alert) for alert in raised(found)]


def _trouble(alert: Raised) -> Trouble:
    item = single_item(alert)
    return Trouble(item, figure(item.value, item.unit), alert.cleared_at)


def _starts(readings: Iterable[Reading], week: Week) -> list[Started]:
    """Boots are counted on and on: a day's are what the count grew by."""
    counted = [row for row in readings if row.name == BOOTS]
    days: list[int | None] = [None] * DAYS
    before: int | None = None
    for row in counted:
        day = (row.hour - week.first_hour) // 24
        if 0 <= day < DAYS:
            grown = max(0, row.high - (row.low if before is None else before))
            days[day] = (days[day] or 0) + grown
        before = row.high
    shown = zip(week.days, days, strict=True)
    return [Started(name, count) for name, count in shown if count is not None]


def _ran(device: Device) -> str:
    """Return for how long it had run when it spoke last."""
    return span(device.told_boot_ms // 1000) if device.told_boot_id else ""
