"""`/roll-out/`: per office, which doors have a kiosk, which will, and who waits for internet."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sync.hub import clock
from sync.hub.fleet.models import (
    ConnectionRequest,
    Device,
    DeviceStatus,
    Door,
    Office,
    PlannedDoor,
    Site,
    SiteKind,
)
from sync.hub.web.access import office_of
from sync.hub.web.words import DOOR_DIRECTIONS, Word

_DONE = (PlannedDoor.Status.EQUIPPED, PlannedDoor.Status.DROPPED)
_SETTLED = (ConnectionRequest.Status.CONNECTED, ConnectionRequest.Status.REFUSED)


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """`late` counts what is past its deadline."""

    pk: int
    name: str
    doors: int
    equipped: int
    planned: int
    sites: int
    offline: int
    late: int

    @property
    def percent(self) -> int:
        wanted = self.doors + self.planned
        return self.equipped * 100 // wanted if wanted else 0


@dataclass(frozen=True, slots=True)
class DoorRow:
    pk: int
    label: str
    direction: Word
    device_pk: int | None


@dataclass(frozen=True, slots=True)
class Plan:
    label: str
    direction: Word
    status: Word
    deadline: date | None
    is_late: bool
    note: str


@dataclass(frozen=True, slots=True)
class Request:
    status: Word
    deadline: date | None
    is_late: bool
    requested_on: date | None
    note: str


@dataclass(frozen=True, slots=True)
class SiteRow:
    site: Site
    kind: Word
    doors: list[DoorRow]
    plans: list[Plan]
    requests: list[Request]


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show all offices, each with its figures."""
    rows = _offices(office_of(request), _today())
    content = {
        "rows": rows,
        "equipped": sum(row.equipped for row in rows),
        "doors": sum(row.doors for row in rows),
        "planned": sum(row.planned for row in rows),
        "offline": sum(row.offline for row in rows),
    }
    return render(request, "web/roll_out.html", content)


@require_safe
def office_page(request: HttpRequest, pk: int) -> HttpResponse:
    own = office_of(request)
    office = Office.objects.filter(pk=pk).first()
    if office is None or (own is not None and own != pk):
        raise Http404
    rows = _offices(pk, _today())
    content = {"office": office, "row": rows[0], "sites": _sites(pk, _today())}
    return render(request, "web/roll_out_office.html", content)


def _today() -> date:
    return clock.now().astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def _offices(only: int | None, today: date) -> list[OfficeRow]:
    """Count each kind of thing by itself: joined, they would be counted several times."""
    offices = Office.objects.order_by("name")
    if only is not None:
        offices = offices.filter(pk=only)
    active = Device.objects.filter(door=OuterRef("pk"), status=DeviceStatus.ACTIVE)
    doors = _by_office(Door.objects.all())
    equipped = _by_office(Door.objects.filter(Exists(active)))
    plans = PlannedDoor.objects.exclude(status__in=_DONE).filter(door__isnull=True)
    deadlines = list(plans.values_list("site__office_id", "deadline"))
    planned = Counter(office for office, _ in deadlines)
    late = Counter(office for office, day in deadlines if day is not None and day < today)
    waiting = ConnectionRequest.objects.exclude(status__in=_SETTLED)
    late += _by_office(waiting.filter(deadline__lt=today))
    sites = {
        office: (count, offline)
        for office, count, offline in Site.objects.values_list("office")
        .annotate(count=Count("pk"), offline=Count("pk", filter=Q(has_internet=False)))
        .order_by()
    }
    return [
        OfficeRow(
            pk=office.pk,
            name=office.name,
            doors=doors[office.pk],
            equipped=equipped[office.pk],
            planned=planned[office.pk],
            sites=sites.get(office.pk, (0, 0))[0],
            offline=sites.get(office.pk, (0, 0))[1],
            late=late[office.pk],
        )
        for office in offices
    ]


def _sites(office: int, today: date) -> list[SiteRow]:
    sites = list(Site.objects.filter(office=office).order_by("name"))
    doors: defaultdict[int, list[DoorRow]] = defaultdict(list)
    kiosk = Device.objects.filter(door=OuterRef("pk"), status=DeviceStatus.ACTIVE)
    for door in (
        Door.objects.filter(site__in=sites)
        .annotate(kiosk=kiosk.order_by("-pk").values("pk")[:1])
        .order_by("label", "pk")
    ):
        direction = DOOR_DIRECTIONS.get(door.direction, "")
        doors[door.site_id].append(DoorRow(door.pk, door.label, direction, door.kiosk))
    plans: defaultdict[int, list[Plan]] = defaultdict(list)
    for plan in PlannedDoor.objects.filter(site__in=sites, door__isnull=True).order_by(
        "deadline", "label"
    ):
        plans[plan.site_id].append(_plan(plan, today))
    requests: defaultdict[int, list[Request]] = defaultdict(list)
    for one in ConnectionRequest.objects.filter(site__in=sites).order_by("deadline", "pk"):
        requests[one.site_id].append(_request(one, today))
    kinds: dict[str, Word] = dict(SiteKind.choices)
    return [
        SiteRow(
            site, kinds.get(site.kind, site.kind), doors[site.pk], plans[site.pk], requests[site.pk]
        )
        for site in sites
    ]


def _by_office(
    things: QuerySet[Door] | QuerySet[ConnectionRequest],
) -> Counter[int]:
    """Count them by the office of their site."""
    return Counter(things.values_list("site__office_id", flat=True))


def _plan(plan: PlannedDoor, today: date) -> Plan:
    return Plan(
        label=plan.label,
        direction=DOOR_DIRECTIONS.get(plan.direction, ""),
        status=PlannedDoor.Status(plan.status).label,
        deadline=plan.deadline,
        is_late=_is_late(plan.deadline, today, is_done=plan.status in _DONE),
        note=plan.note,
    )


def _request(one: ConnectionRequest, today: date) -> Request:
    return Request(
        status=ConnectionRequest.Status(one.status).label,
        deadline=one.deadline,
        is_late=_is_late(one.deadline, today, is_done=one.status in _SETTLED),
        requested_on=one.requested_on,
        note=one.note,
    )


def _is_late(deadline: date | None, today: date, *, is_done: bool) -> bool:
    return deadline is not None and deadline < today and not is_done
