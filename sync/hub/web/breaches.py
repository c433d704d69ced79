"""`/privacy/breaches/`: something was lost or stolen: whose data were where, and until when whom to
tell (UU PDP 27/2022, article 46).
"""

from datetime import datetime, timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sync.hub import clock
from sync.hub.privacy.breaches import assess, deadline, note_breach, note_told
from sync.hub.privacy.kinds import Lost
from sync.hub.privacy.models import Breach
from sync.hub.web.access import operator_of

_SHOWN = 100
_HOUR = timedelta(hours=1)
_LONGEST = timedelta(days=3650)


class LossForm(forms.Form):
    lost = forms.ChoiceField(label=_("What was lost, stolen or copied?"), choices=Lost.choices)
    known_at = forms.DateTimeField(
        label=_("Since when do you know of it?"),
        help_text=_("As 2026-11-02 08:30, local time. The 72 hours begin with it."),
        input_formats=["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(format="%Y-%m-%d %H:%M"),
    )
    about = forms.CharField(
        label=_("Which one, and what happened"),
        help_text=_("For instance the kiosk's door. No names of persons."),
        max_length=200,
        required=False,
    )

    def clean_known_at(self) -> datetime:
        known: datetime = self.cleaned_data["known_at"]
        if not timedelta() <= clock.now() - known <= _LONGEST:
            raise forms.ValidationError(_("Not a time within the last ten years."))
        return known


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    form = LossForm(request.POST if request.method == "POST" else None, initial={"known_at": at})
    if form.is_valid():
        wish = form.cleaned_data
        operator = operator_of(request)
        noted = note_breach(Lost(wish["lost"]), wish["known_at"], wish["about"], operator, at)
        return redirect("breach", noted.pk)
    found = Breach.objects.select_related("noted_by").order_by("-known_at", "-pk")[:_SHOWN]
    rows = [(breach, Lost(breach.lost).label, _left_h(breach, at)) for breach in found]
    return render(request, "web/breaches.html", {"form": form, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    breach = get_object_or_404(Breach.objects.select_related("noted_by"), pk=pk)
    at = clock.now()
    if request.method == "POST":
        note_told(breach, at)
        return redirect("breach", pk)
    found = assess(Lost(breach.lost))
    content = {
        "breach": breach,
        "lost": Lost(breach.lost).label,
        "found": [(each, breach.figures.get(each.figure)) for each in found.findings],
        "steps": found.steps,
        "figures": breach.figures,
        "deadline": deadline(breach),
        "left_h": _left_h(breach, at),
        "known_h": (at - breach.known_at) // _HOUR,
        "at": at,
    }
    return render(request, "web/breach.html", content)


def _left_h(breach: Breach, at: datetime) -> int:
    """Return the whole hours that are left, less than none where they are over."""
    return (deadline(breach) - at) // _HOUR
