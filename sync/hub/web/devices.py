"""`/devices/`: which kiosks wait, are in use, were put out; and who lets them in and out."""

from collections import defaultdict

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from sync.hub import clock
from sync.hub.fleet.approval import approve, revoke
from sync.hub.fleet.models import Device, DeviceStatus, Door
from sync.hub.ingest.boards import approve_board, unapproved_boards
from sync.hub.web.paging import page_of

_REVOKED_SHOWN = 100


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    devices = Device.objects.select_related("door__site__office").order_by(
        "door__site__office__name", "door__site__name", "door__label", "pk"
    )
    by_status: defaultdict[str, list[Device]] = defaultdict(list)
    for device in devices.exclude(status=DeviceStatus.REVOKED):
        by_status[device.status].append(device)
    taken = {device.door_id for device in by_status[DeviceStatus.ACTIVE]}
    boards = unapproved_boards()
    content = {
        "pending": [(one, one.door_id in taken) for one in by_status[DeviceStatus.PENDING]],
        "moved": [
            (one, boards[one.pk]) for one in by_status[DeviceStatus.ACTIVE] if one.pk in boards
        ],
        "active": page_of(by_status[DeviceStatus.ACTIVE], request),
        "revoked": devices.filter(status=DeviceStatus.REVOKED)[:_REVOKED_SHOWN],
        "empty": Door.objects.exclude(devices__status=DeviceStatus.ACTIVE)
        .select_related("site__office")
        .order_by("site__office__name", "site__name", "label"),
    }
    return render(request, "web/devices.html", content)


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a kiosk in or out. What was decided meanwhile by somebody else stays as it is."""
    if not Device.objects.filter(pk=pk).exists():
        raise Http404
    decision = request.POST.get("decision", "")
    if decision in {"approve", "replace"}:
        approve(pk, clock.now(), replaces=decision == "replace")
    elif decision == "board":
        approve_board(pk, request.POST.get("board", ""), clock.now())
    elif decision == "revoke":
        revoke(pk, clock.now())
    else:
        return HttpResponseBadRequest("no such decision\n", content_type="text/plain")
    return redirect("devices")
