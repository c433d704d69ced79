"""`/v/<door>/`: a visitor at the poster of a door asks for a pass for today."""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sync.hub import clock, installation
from sync.hub.errors import CommandFault
from sync.hub.fleet.models import Door
from sync.hub.people.visitors import NAME_KEPT_FOR, register
from sync.hub.web.phone.limits import Limit

_LONGEST_NAME = 80
_DOOR_DIGITS = 16
# A building's guests share its network, and a mobile network's customers share an address.
_REGISTRATIONS = Limit("registrations", most=60, per_s=600)


class RegistrationForm(forms.Form):
    """Asks for consent, and for nothing else that a visitor would have to tell."""

    name = forms.CharField(label=_("Name (you may leave it out)"), max_length=_LONGEST_NAME)
    consent = forms.BooleanField(
        label=_("I have read this and agree to it."),
        error_messages={"required": _("Without your consent the hub can make no pass.")},
    )

    def __init__(self, *arguments: object, **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        self.fields["name"].required = False


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, door: str) -> HttpResponse:
    found = door_named(door)
    form = RegistrationForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, found, form)
    at = clock.now()
    if not _REGISTRATIONS.allows(request, at):
        return _page(request, found, form, trouble="too-many", status=429)
    try:
        token = register(found, form.cleaned_data["name"], installation.keyring(), at)
    except CommandFault:
        return _page(request, found, form, trouble="not-now", status=503)
    return HttpResponseRedirect(f"{reverse('pass-page')}#visit={token}")


def door_named(text: str) -> Door:
    """Raises Http404 where no door has that public number (16 hexadecimal digits)."""
    try:
        public_id = bytes.fromhex(text) if len(text) == _DOOR_DIGITS else b""
    except ValueError:
        public_id = b""
    found = Door.objects.select_related("site", "office").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest,
    door: Door,
    form: RegistrationForm,
    *,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    content = {"door": door, "form": form, "trouble": trouble, "days": NAME_KEPT_FOR.days}
    return render(request, "phone/visitor.html", content, status=status)
