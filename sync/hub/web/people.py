"""`/people/`: finds people by name, for a reason that goes on record first.

What is asked comes in the body: an address would stand in the logs of every proxy.
"""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sync.hub import clock
from sync.hub.people.look_ups import record
from sync.hub.people.models import Subject
from sync.hub.web.access import operator_of

MOST_ROWS = 50


class SearchForm(forms.Form):
    name = forms.CharField(label=_("Name or part of it"), min_length=3, max_length=200)
    reason = forms.CharField(
        label=_("What do you need it for?"),
        help_text=_("It is recorded with your name."),
        min_length=5,
        max_length=200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.POST if request.method == "POST" else None)
    found: list[Subject] | None = None
    if form.is_valid():
        named = Subject.objects.filter(label__icontains=form.cleaned_data["name"])
        found = list(
            named.select_related("person__office").order_by("label", "pk")[: MOST_ROWS + 1]
        )
        reason = form.cleaned_data["reason"]
        record(operator_of(request), "people", found[:MOST_ROWS], clock.now(), reason)
    content = {
        "form": form,
        "rows": None if found is None else found[:MOST_ROWS],
        "most": MOST_ROWS if found is not None and len(found) > MOST_ROWS else None,
    }
    return render(request, "web/people.html", content)
