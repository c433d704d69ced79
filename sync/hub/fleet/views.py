"""`POST /v1/enrol`, `GET /v1/ca`, and the parts of updates."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from sync.hub import clock, installation
from sync.hub.device_endpoint import device_download, device_endpoint
from sync.hub.fleet.enrolment import enrol_device
from sync.hub.fleet.updates import part_for
from sync.wire.enrolment import MAX_BYTES
from sync.wire.envelope import Envelope

_ENVELOPE_BYTES = 256


@device_endpoint(MAX_BYTES + _ENVELOPE_BYTES)
def enrol(envelope: Envelope) -> list[Envelope]:
    return [enrol_device(envelope, installation.keyring(), clock.now())]


@login_not_required
@require_safe
def ca(_request: HttpRequest) -> HttpResponse:
    """Give the CA's certificate (DER) to whoever asks: a kiosk knows it by its hash."""
    found = installation.device_ca()
    if found is None:
        return HttpResponse("this hub has no CA of its own\n", "text/plain", status=404)
    return HttpResponse(found.der, "application/pkix-cert")


@device_download
def update_part(ticket: str, number: int) -> bytes:
    """Give a part of an update to the kiosk that it was offered to."""
    return part_for(ticket, number, clock.now())
