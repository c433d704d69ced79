"""`/privacy/`: how long what is kept, and what was deleted last; the way to what else there is."""

import json
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from sync.hub.clock import from_unix_s
from sync.hub.privacy.kinds import MOST_DAYS, Event, Kind
from sync.hub.privacy.models import AuditRecord
from sync.hub.privacy.retention import choose_days, days_of
from sync.hub.web.words import Word

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Deleted:
    at: datetime
    kind: Word
    count: int


class RetentionForm(forms.Form):
    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        chosen = days_of()
        for kind in Kind:
            self.fields[kind.value] = forms.IntegerField(
                label=kind.label, min_value=1, max_value=MOST_DAYS, initial=chosen[kind]
            )


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    form = RetentionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        for kind in Kind:
            choose_days(kind, form.cleaned_data[kind.value])
        return redirect("privacy")
    return render(request, "web/privacy.html", {"form": form, "deleted": _deleted()})


def _deleted() -> list[Deleted]:
    found = AuditRecord.objects.filter(event=Event.RETENTION).order_by("-number")[:_SHOWN]
    told = [(record.at_ms, json.loads(record.detail)) for record in found]
    return [
        Deleted(from_unix_s(at_ms // 1000), Kind(detail["kind"]).label, detail["count"])
        for at_ms, detail in told
    ]
