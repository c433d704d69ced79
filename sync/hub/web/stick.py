"""`/stick/`: what kiosks have put on a stick, sent from a browser; the answers to take back.

Whoever is signed in may: what is taken in was signed by doors, and what comes back is sealed to
them.
"""

import io
import zipfile
from base64 import b64encode
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from sync.hub import clock, installation
from sync.hub.fleet.models import Device
from sync.hub.ingest.parcels import Reply
from sync.hub.ingest.tally import Kiosk, Tally
from sync.hub.web.stick_upload import MAX_PARCELS, MAX_UPLOAD_BYTES, TooManyFiles, parcels_in
from sync.wire.parcel import DOWN, ROOT

_MIB = 1024 * 1024
# What a browser takes in a link; more than a few hundred kiosks' bundles.
_LARGEST_ANSWER_BYTES = 8 * _MIB
_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    kiosk: Kiosk


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Refuse what is too long before any of it is read, also for its token."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = MAX_UPLOAD_BYTES + 1
    if length > MAX_UPLOAD_BYTES:
        # Read no further: the token, and with it the page's forms, would be looked for in it.
        return _page(request, {"is_too_much": True}, status=413)
    return _protected(request)


@csrf_protect
def _protected(request: HttpRequest) -> HttpResponse:
    files = request.FILES.getlist("files") if request.method == "POST" else []
    if not files:
        return _page(request, {"is_empty": request.method == "POST"})
    tally = Tally()
    replies: dict[tuple[str, str], Reply] = {}
    is_too_much = False
    try:
        for answered in tally.take_all(parcels_in(files), installation.keyring(), clock.now):
            replies |= {(reply.folder, reply.name): reply for reply in answered}
    except TooManyFiles:
        is_too_much = True
    answers = _zip(list(replies.values()))
    fits = len(answers) <= _LARGEST_ANSWER_BYTES
    content = {
        "is_too_much": is_too_much,
        "rows": [Row(_label(kiosk), kiosk) for kiosk in tally.kiosks.values()],
        "bad": tally.bad,
        "answers": b64encode(answers).decode() if replies and fits else "",
        "is_answer_too_long": not fits,
    }
    return _page(request, content)


def _page(request: HttpRequest, content: dict[str, object], status: int = 200) -> HttpResponse:
    limits = {"most_files": MAX_PARCELS, "most_mib": MAX_UPLOAD_BYTES // _MIB}
    return render(request, "web/stick.html", content | limits, status=status)


def _label(kiosk: Kiosk) -> str:
    labels = Device.objects.filter(device_id=kiosk.device).values_list("door__label", flat=True)
    return labels.first() or kiosk.device.hex()


def _zip(replies: list[Reply]) -> bytes:
    """Pack the answers so that they lie in their places when unpacked on the stick."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for reply in replies:
            name = f"{ROOT}/{DOWN}/{reply.folder}/{reply.name}"
            archive.writestr(zipfile.ZipInfo(name, _TIME), reply.content)
    return packed.getvalue()
