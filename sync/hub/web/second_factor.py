"""The second factor: a code from an app on the person's phone, or one of the paper they kept."""

from base64 import b32encode
from dataclasses import dataclass

import django_otp
import segno
from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_otp.middleware import is_verified
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from sync.hub.privacy.actor import operator_name
from sync.hub.privacy.audit import note
from sync.hub.privacy.kinds import Event
from sync.hub.web.access import operator_of
from sync.hub.web.models import Operator

BACKUP_CODES = 8


class CodeForm(forms.Form):
    code = forms.CharField(max_length=20)

    def clean_code(self) -> str:
        return "".join(str(self.cleaned_data["code"]).split()).lower()


@dataclass(frozen=True, slots=True)
class Secret:
    """What the app takes: as a picture, or typed."""

    picture: SafeString
    text: str


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    operator = operator_of(request)
    after = _after(request)
    if is_verified(request.user):
        return HttpResponseRedirect(after)
    if not TOTPDevice.objects.filter(user=operator, confirmed=True).exists():
        return redirect(f"{reverse('second-factor-setup')}?{urlencode({'next': after})}")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        if _prove(request, operator, form.cleaned_data["code"]):
            return HttpResponseRedirect(after)
        note(Event.SIGN_IN_FAILED, {"of": operator_name(operator.pk), "step": "second-factor"})
    return render(request, "web/second_factor.html", {"form": form, "next": after})


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Take an app into use. Whoever has one already proves it first; the old one is forgotten."""
    operator = operator_of(request)
    after = _after(request)
    has_one = TOTPDevice.objects.filter(user=operator, confirmed=True).exists()
    if has_one and not is_verified(request.user):
        return redirect("second-factor")
    device = TOTPDevice.objects.filter(user=operator, confirmed=False).first()
    if device is None:
        device = TOTPDevice.objects.create(user=operator, name="app", confirmed=False)
    form = CodeForm(request.POST or None)
    if form.is_valid() and _verifies(device, form.cleaned_data["code"]):
        codes = _confirm(operator, device)
        _enter(request, device)
        return render(request, "web/backup_codes.html", {"codes": codes, "next": after})
    content = {"form": form, "secret": _secret(device), "next": after, "is_change": has_one}
    return render(request, "web/second_factor_setup.html", content)


def forget(operator: Operator) -> None:
    """Let somebody who lost app and paper set up another one at the next sign-in."""
    with transaction.atomic():
        TOTPDevice.objects.filter(user=operator).delete()
        StaticDevice.objects.filter(user=operator).delete()


def _after(request: HttpRequest) -> str:
    wanted = request.POST.get("next", request.GET.get("next", ""))
    hosts = {request.get_host()}
    if url_has_allowed_host_and_scheme(wanted, hosts, require_https=request.is_secure()):
        return wanted
    return reverse(settings.LOGIN_REDIRECT_URL)


def _prove(request: HttpRequest, operator: Operator, code: str) -> bool:
    """Try the app first, then the paper: each slows down by itself after a wrong code."""
    tried = TOTPDevice if code.isascii() and code.isdecimal() else StaticDevice
    for device in tried.objects.filter(user=operator, confirmed=True):
        if _verifies(device, code):
            _enter(request, device)
            return True
    return False


def _verifies(device: TOTPDevice | StaticDevice, code: str) -> bool:
    return bool(django_otp.verify_token(device.user, device.persistent_id, code))


def _enter(request: HttpRequest, device: TOTPDevice | StaticDevice) -> None:
    request.session.cycle_key()
    django_otp.login(request, device)
    note(Event.SECOND_FACTOR)


def _confirm(operator: Operator, device: TOTPDevice) -> list[str]:
    """Return new backup codes; those of before are worth nothing any more."""
    with transaction.atomic():
        TOTPDevice.objects.filter(user=operator).exclude(pk=device.pk).delete()
        TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
        StaticDevice.objects.filter(user=operator).delete()
        paper = StaticDevice.objects.create(user=operator, name="paper")
        codes = [StaticToken.random_token() for _ in range(BACKUP_CODES)]
        StaticToken.objects.bulk_create(StaticToken(device=paper, token=code) for code in codes)
    return codes


def _secret(device: TOTPDevice) -> Secret:
    # Level M and the quiet zone of ISO/IEC 18004, section 9.1. Colours as attributes: a style
    # would be blocked.
    drawn = segno.make(device.config_url, error="m", micro=False).svg_inline(
        scale=5, border=4, dark="#000", light="#fff", svgclass="code", lineclass=None
    )
    text = b32encode(device.bin_key).decode().rstrip("=")
    parts = (text[start : start + 4] for start in range(0, len(text), 4))
    return Secret(mark_safe(drawn), " ".join(parts))  # noqa: S308
