"""`/kiosks/`: every kiosk, those that need something first."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sync.hub import clock, installation
from sync.hub.fleet.bundles import Publication, gather
from sync.hub.fleet.models import Device, DeviceStatus
from sync.hub.ingest.models import Epoch
from sync.hub.web.access import office_of
from sync.hub.web.paging import page_of
from sync.hub.web.readings import Health, read_health
from sync.hub.web.words import DOOR_DIRECTIONS, Word

# A kiosk with a network sends something every few minutes, if only how it is.
LATE_AFTER = timedelta(minutes=15)
SILENT_AFTER = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)
_URGENCY = ("silent", "never", "late", "fresh", "revoked")


@dataclass(frozen=True, slots=True)
class Row:
    """`contact_class` is one of `_URGENCY`; `lost` counts entries that nobody has any more."""

    pk: int
    door: str
    site: str
    office: str
    direction: Word
    contact: datetime | None
    contact_class: str
    is_just_now: bool
    backlog: int
    lost: int
    taken: int
    has_news: bool
    health: Health
    software: str

    @property
    def bad(self) -> int:
        return 0 if self.contact_class == "revoked" else len(self.health.bad)


def page(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    publication = gather(installation.keyring(), now)
    epochs = _current_epochs()
    devices = Device.objects.select_related("door__site__office", "door__office")
    if (office := office_of(request)) is not None:
        devices = devices.filter(door__office_id=office)
    lost = _lost()
    rows = [
        _row(device, epochs.get(device.pk), lost[device.pk], publication, now) for device in devices
    ]
    rows.sort(key=lambda row: (-row.bad, _URGENCY.index(row.contact_class), row.site, row.door))
    content = {
        "rows": page_of(rows, request),
        "now": now,
        "heard": sum(row.contact_class == "fresh" for row in rows),
        "unheard": sum(row.contact_class in {"late", "silent", "never"} for row in rows),
        "bad": sum(row.bad > 0 for row in rows),
        "backlog": sum(row.backlog for row in rows),
    }
    return render(request, "web/kiosks.html", content)


def _row(
    device: Device, epoch: Epoch | None, lost: int, publication: Publication, now: datetime
) -> Row:
    site = device.door.site
    return Row(
        pk=device.pk,
        door=device.door.label,
        site=site.name,
        office=site.office.name,
        direction=DOOR_DIRECTIONS.get(device.door.direction, device.door.direction),
        contact=device.last_contact,
        contact_class=_contact_class(device, now),
        is_just_now=device.last_contact is not None and now - device.last_contact < _MINUTE,
        backlog=max(0, epoch.newest_seq - epoch.acked_through) if epoch else 0,
        lost=lost,
        taken=device.bundle_version,
        has_news=publication.is_news_to(device),
        health=read_health(device.health),
        software=device.software,
    )


def _contact_class(device: Device, now: datetime) -> str:
    if device.status == DeviceStatus.REVOKED:
        return "revoked"
    if device.last_contact is None:
        return "never"
    silence = now - device.last_contact
    if silence > SILENT_AFTER:
        return "silent"
    return "late" if silence > LATE_AFTER else "fresh"


def _lost() -> Counter[int]:
    """Return, by device, how many entries neither it nor the hub has."""
    lost: Counter[int] = Counter()
    for device_id, gaps in Epoch.objects.exclude(gaps=[]).values_list("device_id", "gaps"):
        lost[device_id] += sum(last - first + 1 for first, last in gaps)
    return lost


def _current_epochs() -> dict[int, Epoch]:
    """Return, by device, the epoch that was heard of last: earlier ones are closed journals."""
    newest = Epoch.objects.filter(device=OuterRef("device")).order_by("-last_heard", "-pk")
    current = Epoch.objects.filter(pk=Subquery(newest.values("pk")[:1]))
    return {epoch.device_id: epoch for epoch in current}
