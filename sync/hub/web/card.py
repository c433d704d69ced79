"""`/doors/…/card/`: an enrolment card on the technician's phone, to be held before a new kiosk."""

import segno
from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sync.hub import clock, installation
from sync.hub.environment import is_loopback
from sync.hub.errors import CommandFault
from sync.hub.fleet.cards import VALID_FOR, IssuedCard, make_card
from sync.hub.fleet.models import Door
from sync.wire.wifi import WiFi, faults

_CABLE, _WIFI = "cable", "wifi"


class NetworkForm(forms.Form):
    """By which network the kiosk goes. It goes onto the card and is kept nowhere at the hub."""

    network = forms.ChoiceField(
        label=_("Network"),
        choices=((_CABLE, _("Cable, or the one it has")), (_WIFI, _("By WiFi"))),
        initial=_CABLE,
    )
    ssid = forms.CharField(label=_("Name of the WiFi"), required=False, strip=False, max_length=32)
    psk = forms.CharField(
        label=_("Password of the WiFi"),
        required=False,
        strip=False,
        max_length=64,
        help_text=_("Empty where the network is open."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    hidden = forms.BooleanField(label=_("The WiFi does not show its name"), required=False)
    country = forms.CharField(label=_("Country (two letters)"), initial="ID", max_length=2)

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        if given.get("network") == _WIFI and not self.errors:
            for wrong in faults(given["ssid"], given["psk"], given["country"]):
                name = wrong.partition(":")[0]
                self.add_error(name, _WRONG[name])
        return given

    def wifi(self) -> WiFi | None:
        given = self.cleaned_data
        if given["network"] != _WIFI:
            return None
        return WiFi(given["ssid"], given["psk"], given["hidden"], given["country"])


_WRONG = {
    "ssid": _("A WiFi's name has 1 to 32 bytes, on one line."),
    "psk": _("A WiFi's password has 8 to 63 plain characters, or 64 hexadecimal digits."),
    "country": _("Two capital letters, as ID."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """A card is made by the form alone: a page that is looked at again makes none."""
    door = Door.objects.select_related("site__office").filter(pk=pk).first()
    if door is None:
        raise Http404
    url = installation.environment().url
    form = NetworkForm(request.POST if request.POST.get("network") else None)
    content: dict[str, object] = {
        "door": door,
        "url": url,
        "is_loopback": is_loopback(url),
        "hours": int(VALID_FOR.total_seconds()) // 3600,
        "form": form,
    }
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        try:
            card = _made(door, url, form.wifi() if form.is_bound else None)
        except CommandFault as fault:
            content["fault"] = str(fault)
        else:
            content |= {"text": card.text, "drawings": [_drawing(part) for part in card.parts]}
    return render(request, "web/card.html", content)


def _made(door: Door, url: str, wifi: WiFi | None) -> IssuedCard:
    ca = installation.device_ca() if url.startswith("https://") else None
    pin = ca.pin if ca is not None else None
    return make_card(door, installation.keyring(), url, clock.now(), ca_pin=pin, wifi=wifi)


def _drawing(text: str) -> str:
    """Level M and the quiet zone of ISO/IEC 18004, section 9.1; black on white in any theme."""
    drawn = segno.make(text, error="m", micro=False)
    code = drawn.svg_inline(
        border=4, omitsize=True, dark="#000", light="#fff", svgclass="card-code"
    )
    # Nothing in it but the squares of a code that this hub has made.
    return mark_safe(code)  # noqa: S308
