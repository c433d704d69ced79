"""`/doors/…/card/`: an enrolment card on the technician's phone, to be held before a new kiosk."""

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods

from sync.hub import clock, installation
from sync.hub.environment import is_loopback
from sync.hub.errors import CommandFault
from sync.hub.fleet.cards import VALID_FOR, IssuedCard, make_card
from sync.hub.fleet.models import Door


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """A card is made by the form alone: a page that is looked at again makes none."""
    door = Door.objects.select_related("site__office").filter(pk=pk).first()
    if door is None:
        raise Http404
    url = installation.environment().url
    content: dict[str, object] = {
        "door": door,
        "url": url,
        "is_loopback": is_loopback(url),
        "hours": int(VALID_FOR.total_seconds()) // 3600,
    }
    if request.method == "POST":
        try:
            card = _made(door, url)
        except CommandFault as fault:
            content["fault"] = str(fault)
        else:
            content |= {"text": card.text, "drawing": _drawing(card.text)}
    return render(request, "web/card.html", content)


def _made(door: Door, url: str) -> IssuedCard:
    ca = installation.device_ca() if url.startswith("https://") else None
    pin = ca.pin if ca is not None else None
    return make_card(door, installation.keyring(), url, clock.now(), ca_pin=pin)


def _drawing(text: str) -> str:
    """Level M and the quiet zone of ISO/IEC 18004, section 9.1; black on white in any theme."""
    drawn = segno.make(text, error="m", micro=False)
    code = drawn.svg_inline(
        border=4, omitsize=True, dark="#000", light="#fff", svgclass="card-code"
    )
    # Nothing in it but the squares of a code that this hub has made.
    return mark_safe(code)  # noqa: S308
