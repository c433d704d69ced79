"""`/phone-links/`: links by which people get their passes onto their phones."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import segno
from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from kiosk.passes.claims import ANY_UNIT, PassType
from sync.hub import clock, installation
from sync.hub.errors import CannotIssue
from sync.hub.fleet.models import Office
from sync.hub.people.issuing import Order
from sync.hub.people.look_ups import record
from sync.hub.people.models import PhoneLink, Subject
from sync.hub.people.phone_links import VALID_FOR, begin_of, link_url, make_link
from sync.hub.web.models import Operator
from sync.hub.web.refusals import said
from sync.hub.web.words import PASS_TYPES, Word, word

_KINDS = (PassType.EMPLOYEE, PassType.OFFICER, PassType.VISITOR, PassType.SITE_CARD)
_MOST_DAYS = 366
_ROWS = 50
_SUBJECT_DIGITS = 16


class LinkForm(forms.Form):
    label = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.TypedChoiceField(
        label=_("Kind of pass"),
        coerce=int,
        choices=[(int(kind), PASS_TYPES[kind]) for kind in _KINDS],
    )
    days = forms.IntegerField(
        label=_("Valid for days"), min_value=1, max_value=_MOST_DAYS, initial=180
    )
    office = forms.ModelChoiceField(
        Office.objects.order_by("name"),
        label=_("Only at this office"),
        required=False,
        empty_label=_("All offices"),
    )


@dataclass(frozen=True, slots=True)
class Made:
    """A new link: to be shown once, for the hub keeps its hash only."""

    url: str
    code: SafeString
    label: str
    good_until: datetime
    hours: int = int(VALID_FOR / timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    subject: str
    kind: Word
    state: str
    expires: datetime


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    subject = _subject(request.GET.get("subject", ""))
    form = LinkForm(request.POST if request.method == "POST" else None)
    if subject is not None:
        # The person is known: another name would be another person's.
        form.fields["label"].required = False
    made, fault = None, ""
    if form.is_valid():
        try:
            made, form = _make(form, subject), LinkForm()
        except CannotIssue as found:
            fault = said(found)
    links = _newest()
    named = {link.subject for link in links} | ({subject} if subject is not None else set())
    if isinstance(request.user, Operator):
        record(request.user, "phone-links", named, clock.now())
    content = {
        "form": form,
        "subject": subject,
        "made": made,
        "fault": fault,
        "rows": [_row(link, clock.now()) for link in links],
    }
    return render(request, "phone/links.html", content)


def _subject(text: str) -> Subject | None:
    if not text:
        return None
    try:
        sub = bytes.fromhex(text) if len(text) == _SUBJECT_DIGITS else b""
    except ValueError:
        sub = b""
    found = Subject.objects.filter(sub=sub).first()
    if found is None:
        raise Http404
    return found


def _make(form: LinkForm, subject: Subject | None) -> Made:
    at, keyring, wish = clock.now(), installation.keyring(), form.cleaned_data
    label = subject.label if subject is not None else wish["label"]
    order = Order(
        pass_type=PassType(wish["kind"]),
        label=label,
        not_before=begin_of(keyring, at),
        expires=at + timedelta(days=wish["days"]),
        unit=wish["office"].unit if wish["office"] is not None else ANY_UNIT,
        sub=None if subject is None else subject.sub,
    )
    return shown_once(make_link(order, keyring, at), label, at)


def shown_once(token: str, label: str, at: datetime) -> Made:
    """Return what a page shows of a link that was made now."""
    url = link_url(installation.environment().url, token)
    # Level M and the quiet zone of ISO/IEC 18004, section 9.1.
    drawn = segno.make(url, error="m", micro=False)
    code = drawn.svg_inline(border=4, omitsize=True, light="#fff", svgclass="qr")
    good_until = at + VALID_FOR
    return Made(url, mark_safe(code), label, good_until)  # noqa: S308 - drawn here


def _newest() -> list[PhoneLink]:
    """Return the newest links, without those that visitors made for themselves."""
    links = PhoneLink.objects.select_related("subject", "issued").order_by("-pk")
    return list(links.filter(subject__registration__isnull=True)[:_ROWS])


def _row(link: PhoneLink, at: datetime) -> Row:
    return Row(
        label=link.subject.label,
        subject=link.subject.sub.hex(),
        kind=word(PASS_TYPES, link.pass_type),
        state=_state(link, at),
        expires=link.expires,
    )


def _state(link: PhoneLink, at: datetime) -> str:
    if link.ended_at is not None or (link.issued is not None and link.issued.revoked_at):
        return "ended"
    if link.issued is not None:
        return "expired" if link.expires < at else "on-phone"
    return "late" if link.good_until < at else "waiting"
