"""`/people/`: finds people by name, for a reason that goes on record first.

What is asked comes in the body: an address would stand in the logs of every proxy.
"""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from sync.hub import clock, installation
from sync.hub.errors import CannotIssue
from sync.hub.fleet.models import Office
from sync.hub.people.finding import People, find_people
from sync.hub.people.look_ups import record
from sync.hub.people.models import PersonKind, Subject
from sync.hub.people.reissuing import renew_phone
from sync.hub.web.access import operator_of
from sync.hub.web.phone.links import shown_once
from sync.hub.web.refusals import said

MOST_ROWS = 50


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("What do you need it for?"),
        help_text=_("It is recorded with your name."),
        min_length=5,
        max_length=200,
    )


class SearchForm(forms.Form):
    name = forms.CharField(
        label=_("Name or part of it"), min_length=3, max_length=200, required=False
    )
    office = forms.ModelChoiceField(
        Office.objects.order_by("name"),
        label=_("Office"),
        required=False,
        empty_label=_("All offices"),
    )
    work = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All")), *PersonKind.choices]
    )
    reason = ReasonForm.base_fields["reason"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        asks = any(found.get(name) for name in ("name", "office", "work"))
        if not asks and "name" not in self.errors:
            self.add_error("name", _("Say a name, an office or a kind."))
        return found

    @property
    def asked(self) -> People:
        found = self.cleaned_data
        office: Office | None = found["office"]
        return People(found["name"], None if office is None else office.pk, found["work"])


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.POST if request.method == "POST" else None)
    found: list[Subject] | None = None
    count = 0
    if form.is_valid():
        people = find_people(form.asked)
        found, count = people[:MOST_ROWS], people.count()
        reason = form.cleaned_data["reason"]
        record(operator_of(request), "people", found, clock.now(), reason)
    content = {
        "form": form,
        "rows": found,
        "count": count,
        "most": MOST_ROWS if count > MOST_ROWS else None,
    }
    return render(request, "web/people.html", content)


@require_POST
def new_phone(request: HttpRequest, pk: int) -> HttpResponse:
    """A lost phone or a wiped browser: a link for the same pass; what was there ends."""
    subject = get_object_or_404(Subject.objects.select_related("person"), pk=pk)
    form = ReasonForm(request.POST)
    content: dict[str, object] = {}
    if form.is_valid():
        at = clock.now()
        record(operator_of(request), "new-phone", [subject], at, form.cleaned_data["reason"])
        try:
            renewed = renew_phone(subject, installation.keyring(), at)
            content["made"] = shown_once(renewed.token, subject.label, at)
        except CannotIssue as fault:
            content["fault"] = said(fault)
    else:
        content["form"] = form
    return render(request, "web/new_link.html", content)
