"""`/privacy/person/`: what is held on somebody who asks for it, and deleting them.

Whom it is about comes in the body: an address would stand in the logs of every proxy.
"""

import json
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from sync.hub import clock, installation
from sync.hub.people.finding import People, find_people, revoked_kids
from sync.hub.people.look_ups import record
from sync.hub.people.models import Subject
from sync.hub.privacy.audit import note, pseudonym
from sync.hub.privacy.forgetting import forget_person
from sync.hub.privacy.kinds import Event
from sync.hub.privacy.person_data import find_subject, held_on, look_ups_of, visits_of
from sync.hub.web.access import operator_of
from sync.hub.web.passes import rows_of
from sync.hub.web.people import ReasonForm
from sync.hub.web.visits import row_of

MOST_FOUND = 20
MOST_VISITS = 200
_HEX_DIGITS = 16


class PersonForm(forms.Form):
    who = forms.CharField(
        label=_("Name or part of it, or the number on a pass"), min_length=3, max_length=200
    )
    reason = ReasonForm.base_fields["reason"]


class ChosenForm(forms.Form):
    """Somebody who was found; what the buttons on their page send."""

    subject = forms.IntegerField(min_value=1, max_value=2**62)
    reason = ReasonForm.base_fields["reason"]


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Find somebody, or show the one who was chosen."""
    chosen = ChosenForm(request.POST)
    if request.method == "POST" and chosen.is_valid():
        return _shown(request, _subject(chosen), chosen.cleaned_data["reason"])
    form = PersonForm(request.POST if request.method == "POST" else None)
    content: dict[str, Any] = {"form": form}
    if form.is_valid():
        found = _find(form.cleaned_data["who"])
        reason = form.cleaned_data["reason"]
        record(operator_of(request), "person-data", found, clock.now(), reason)
        content |= {"found": found, "reason": reason, "most": MOST_FOUND}
    return render(request, "web/person_data.html", content)


@require_POST
def file(request: HttpRequest) -> HttpResponse:
    """The same as JSON, whole."""
    form = ChosenForm(request.POST)
    if not form.is_valid():
        return render(request, "web/person_data.html", {"form": PersonForm()}, status=400)
    subject, at = _subject(form), clock.now()
    _note_shown(request, subject, form.cleaned_data["reason"])
    text = json.dumps(held_on(subject, at), ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": 'attachment; filename="data-pribadi.json"'}
    return HttpResponse(text, "application/json; charset=utf-8", headers=headers)


@require_POST
def delete(request: HttpRequest) -> HttpResponse:
    form = ChosenForm(request.POST)
    if not form.is_valid() or request.POST.get("sure") != "yes":
        return render(request, "web/person_data.html", {"form": PersonForm()}, status=400)
    subject, at = _subject(form), clock.now()
    record(operator_of(request), "person-delete", [subject], at, form.cleaned_data["reason"])
    forgotten = forget_person(subject, at)
    return render(request, "web/person_deleted.html", {"forgotten": forgotten})


def _find(who: str) -> list[Subject]:
    digits = "".join(who.split())
    try:
        known = find_subject(bytes.fromhex(digits)) if len(digits) == _HEX_DIGITS else None
    except ValueError:
        known = None
    return [known] if known else find_people(People(name=who))[:MOST_FOUND]


def _subject(form: ChosenForm) -> Subject:
    people = Subject.objects.select_related("person__office", "registration__door__site")
    return get_object_or_404(people, pk=form.cleaned_data["subject"])


def _shown(request: HttpRequest, subject: Subject, reason: str) -> HttpResponse:
    _note_shown(request, subject, reason)
    at, revoked = clock.now(), revoked_kids(installation.keyring())
    passes = list(
        subject.passes.select_related(
            "subject__person__office", "subject__site_card__site", "replaced_by"
        ).order_by("-pk")
    )
    visits = visits_of(subject)
    content = {
        "subject": subject,
        "reason": reason,
        "passes": rows_of(passes, revoked, at),
        "visits": [row_of(visit, {}) for visit in visits.order_by("-pk")[:MOST_VISITS]],
        "visit_count": visits.count(),
        "most_visits": MOST_VISITS,
        "look_ups": list(look_ups_of(subject)),
        "links": subject.phone_links.count(),
        "at": at,
    }
    return render(request, "web/person_shown.html", content)


def _note_shown(request: HttpRequest, subject: Subject, reason: str) -> None:
    record(operator_of(request), "person-data", [subject], clock.now(), reason)
    note(Event.PERSON_SHOWN, {"who": pseudonym(subject.sub)})
