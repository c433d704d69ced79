"""`/p/`: the page on the holder's phone, which makes the key and shows the turning code.

What is open here is open to all: the token of a link says who may have what.
"""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from kiosk.passes.claims import ANY_UNIT, HolderKey, PassType
from kiosk.passes.issuing import STATIC_PREFIX
from kiosk.passes.unpacking import decode_base45
from sync.hub import clock, installation
from sync.hub.fleet.models import Office
from sync.hub.people.phone_links import Closed, Handed, LinkClosed, open_link
from sync.hub.web.phone import shell
from sync.hub.web.phone.limits import Limit
from sync.hub.web.security_headers import CONTENT_SECURITY_POLICY
from sync.hub.web.words import PASS_TYPES

_POLICY = f"{CONTENT_SECURITY_POLICY}; worker-src 'self'; manifest-src 'self'"
_LARGEST_CLAIM_BYTES = 1024
_COORDINATE_BYTES = 32
_LONGEST_TOKEN = 64
# Whole buildings share one address; a token of 128 bits is not found by trying.
_CLAIMS = Limit("claims", most=120, per_s=600)
_STATUS = {Closed.UNKNOWN: 404, Closed.BAD_KEY: 400, Closed.NOT_NOW: 503}
_GONE = 410
_NATIVE = (PassType.VISITOR, PassType.SITE_CARD, PassType.EMPLOYEE, PassType.OFFICER)


@dataclass(frozen=True, slots=True)
class Claim:
    token: str
    holder: HolderKey


@login_not_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    types = [(kind.name.lower(), PASS_TYPES[kind]) for kind in _NATIVE]
    response = render(request, "phone/pass.html", {"types": types})
    response.headers["Content-Security-Policy"] = _POLICY
    return response


@csrf_exempt
@login_not_required
@require_POST
def claim(request: HttpRequest) -> HttpResponse:
    """Answer a phone that opens a link: JSON in, JSON out."""
    at = clock.now()
    if not _CLAIMS.allows(request, at):
        return JsonResponse({"why": "too-many"}, status=429)
    found = _read(request)
    if found is None:
        return JsonResponse({"why": "malformed"}, status=400)
    try:
        handed = open_link(found.token, found.holder, installation.keyring(), at)
    except LinkClosed as closed:
        return JsonResponse({"why": closed.why.value}, status=_STATUS.get(closed.why, _GONE))
    return JsonResponse(_content(handed))


@login_not_required
@require_safe
def hub_clock(_request: HttpRequest) -> HttpResponse:
    """Tell the hub's time, so that a phone can see how far off it is itself."""
    return JsonResponse({"unix_ms": clock.unix_ms(clock.now())})


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; it may serve what lies beside it, which is why it is no static file."""
    content = {"shell": json.dumps(shell.addresses()), "version": shell.version()}
    response = render(request, "phone/worker.js", content, content_type="text/javascript")
    response.headers["Content-Security-Policy"] = _POLICY
    return response


@login_not_required
@require_safe
def manifest(_request: HttpRequest) -> HttpResponse:
    sizes = (("phone/icon-192.png", "192x192"), ("phone/icon-512.png", "512x512"))
    start = reverse("pass-page")
    content = {
        "name": _("Gapura pass"),
        "short_name": "Gapura",
        "id": start,
        "start_url": start,
        "scope": start,
        "lang": get_language(),
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#f3f6f5",
        "theme_color": "#0b3b3c",
        "icons": [
            {"src": static(name), "sizes": size, "type": "image/png", "purpose": "any maskable"}
            for name, size in sizes
        ],
    }
    return JsonResponse(content, content_type="application/manifest+json")


def _read(request: HttpRequest) -> Claim | None:
    """Return what a phone asks for; None where it is not to be understood."""
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > _LARGEST_CLAIM_BYTES:
            return None
        said = json.loads(request.body)
        token, x, y = said["token"], b64decode(said["x"]), b64decode(said["y"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    is_of_form = isinstance(token, str) and len(token) <= _LONGEST_TOKEN and token.isascii()
    if not is_of_form or {len(x), len(y)} != {_COORDINATE_BYTES}:
        return None
    return Claim(token, HolderKey(x, y))


def _content(handed: Handed) -> dict[str, object]:
    issued = handed.issued
    unit = issued.unit
    office = Office.objects.filter(unit=unit).values_list("name", flat=True).first()
    return {
        "pass": b64encode(decode_base45(handed.text.removeprefix(STATIC_PREFIX))).decode(),
        "cti": issued.cti.hex(),
        "type": PassType(issued.pass_type).name.lower(),
        "label": issued.subject.label,
        "office": "" if unit == ANY_UNIT else office or "",
        "begins_s": int(issued.not_before.timestamp()),
        "expires_s": int(issued.expires.timestamp()),
        "replaces": [cti.hex() for cti in handed.replaces],
    }
