"""`/passes/<pk>/`: one pass, to be withdrawn or issued again. Whose it is needs a reason."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from kiosk.passes.claims import PassType
from sync.hub import clock, installation
from sync.hub.errors import CannotIssue
from sync.hub.people.cards import Wanted
from sync.hub.people.finding import State, revoked_kids
from sync.hub.people.look_ups import record
from sync.hub.people.models import Pass
from sync.hub.people.reissuing import reissue_card, reissue_on_phone
from sync.hub.people.revocation import revoke
from sync.hub.web.access import operator_of
from sync.hub.web.passes import rows_of
from sync.hub.web.people import ReasonForm
from sync.hub.web.phone.links import shown_once
from sync.hub.web.refusals import said

CARD, PHONE = "card", "phone"


class AgainForm(ReasonForm):
    way = forms.ChoiceField(choices=[(CARD, _("As a card")), (PHONE, _("On a phone"))])


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: int) -> HttpResponse:
    found = _find(pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    return _page(request, found, form)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Doors learn it with their next bundle. Who did it, and why, stands among the look-ups."""
    found = _find(pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        at, reason = clock.now(), form.cleaned_data["reason"]
        record(operator_of(request), "pass-revoke", [found.subject], at, reason)
        revoke([found.cti], at)
        found = _find(pk)
    return _page(request, found, form)


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    found = _find(pk)
    form = AgainForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    at, keyring, operator = clock.now(), installation.keyring(), operator_of(request)
    reason = form.cleaned_data["reason"]
    try:
        if form.cleaned_data["way"] == CARD:
            printing = reissue_card(pk, Wanted(operator, reason), keyring, at)
            record(operator, "pass-again", [found.subject], at, reason)
            return redirect("printing", printing.pk)
        renewed = reissue_on_phone(pk, keyring, at)
    except CannotIssue as fault:
        return _page(request, found, form, fault=said(fault))
    record(operator, "pass-again", [found.subject], at, reason)
    content = {"made": shown_once(renewed.token, renewed.subject.label, at)}
    return render(request, "web/new_link.html", content)


def _find(pk: int) -> Pass:
    found = Pass.objects.select_related(
        "subject__person__office",
        "subject__site_card__site",
        "replaced_by",
        "replaces",
        "printing__made_by",
    )
    one = found.filter(pk=pk).first()
    if one is None:
        raise Http404
    return one


def _page(request: HttpRequest, found: Pass, form: ReasonForm, *, fault: str = "") -> HttpResponse:
    at, is_known = clock.now(), form.is_valid()
    if is_known:
        record(operator_of(request), "pass", [found.subject], at, form.cleaned_data["reason"])
    row = rows_of([found], revoked_kids(installation.keyring()), at)[0]
    content = {
        "found": found,
        "row": row,
        "form": form if form.is_bound else ReasonForm(),
        "is_known": is_known,
        "reason": form.cleaned_data["reason"] if is_known else "",
        "is_on_phone": found.phone_links.exists(),
        "may_be_a_card": found.pass_type != PassType.OFFICER,
        "may_be_again": found.expires > at and not row.is_replaced,
        "is_revoked": row.state is State.REVOKED,
        "fault": fault,
    }
    return render(request, "web/pass.html", content)
