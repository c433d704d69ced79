"""`/`: what is to be done, and for which kiosk; `/take/`: who does it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from sync.hub import clock
from sync.hub.fleet.health.models import Severity
from sync.hub.fleet.health.taking import give_back, take
from sync.hub.fleet.health.todo import Item, todo_list
from sync.hub.fleet.models import Device, DeviceStatus
from sync.hub.web.access import office_of
from sync.hub.web.figures import figure
from sync.hub.web.models import Operator
from sync.hub.web.paging import page_of
from sync.hub.web.roles import Role, roles_of

_MOST = 1000
_LARGEST = 2**63 - 1
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Row:
    """`alerts` is how the form names the item."""

    item: Item
    value: str
    alerts: str
    is_just_now: bool


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    if roles_of(request.user) == {Role.DPO}:
        # Where everybody comes after signing in.
        return redirect("privacy")
    now = clock.now()
    office = office_of(request)
    items = todo_list(now, office)
    of_office = Q() if office is None else Q(door__office_id=office)
    statuses = list(Device.objects.filter(of_office).values_list("status", flat=True))
    shown = page_of(items, request)
    content = {
        "rows": [_row(item, now) for item in shown],
        "shown": shown,
        "tasks": len(items),
        "now": now,
        "critical": sum(item.severity == Severity.CRITICAL for item in items),
        "untaken": sum(not item.taken_by for item in items),
        "pending": statuses.count(DeviceStatus.PENDING),
        "active": statuses.count(DeviceStatus.ACTIVE),
    }
    return render(request, "web/todo.html", content)


@require_POST
def take_item(request: HttpRequest) -> HttpResponse:
    """Take an item, or give it back; then show the list again."""
    alerts = _numbers(request.POST.get("alerts", ""))
    user = request.user
    if not alerts or not isinstance(user, Operator):
        return HttpResponseBadRequest("no alerts\n", content_type="text/plain")
    if "give_back" in request.POST:
        give_back(alerts)
    else:
        take(alerts, user, clock.now())
    return redirect("todo")


def _numbers(text: str) -> list[int]:
    words = text.split(",")[:_MOST]
    found = [int(word) for word in words if word.isascii() and word.isdecimal() and len(word) < 20]
    return [number for number in found if number <= _LARGEST]


def _row(item: Item, now: datetime) -> Row:
    return Row(
        item=item,
        value=figure(item.value, item.unit),
        alerts=",".join(str(pk) for pk in item.alerts),
        is_just_now=now - item.since < _MINUTE,
    )
