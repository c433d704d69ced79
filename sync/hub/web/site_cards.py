"""`/site-cards/`: a stock of cards with numbers, for visitors of a site who have no phone."""

from datetime import timedelta

from django import forms
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sync.hub import clock, installation
from sync.hub.errors import CannotIssue
from sync.hub.fleet.models import Site
from sync.hub.keyring import Keyring
from sync.hub.people.cards import Wanted
from sync.hub.people.models import Printing
from sync.hub.people.phone_links import begin_of
from sync.hub.people.site_cards import MOST_OF_A_STOCK, Stock, issue_stock
from sync.hub.web.access import operator_of
from sync.hub.web.people import ReasonForm
from sync.hub.web.refusals import said

_MOST_DAYS = 366


class _SiteField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Site) -> str:
        return f"{obj.name} · {obj.office.name}"


class StockForm(forms.Form):
    site = _SiteField(
        Site.objects.select_related("office").order_by("name"), label=_("Site"), empty_label=None
    )
    count = forms.IntegerField(
        label=_("How many cards"), min_value=1, max_value=MOST_OF_A_STOCK, initial=50
    )
    days = forms.IntegerField(
        label=_("Valid for days"), min_value=1, max_value=_MOST_DAYS, initial=90
    )
    reason = ReasonForm.base_fields["reason"]


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    form = StockForm(request.POST if request.method == "POST" else None)
    fault = ""
    if form.is_valid():
        try:
            return redirect("printing", _issue(request, form, installation.keyring()).pk)
        except CannotIssue as found:
            fault = said(found)
    stocks = Site.objects.filter(cards__isnull=False).select_related("office")
    content = {
        "form": form,
        "fault": fault,
        "stocks": stocks.annotate(held=Count("cards"), last=Max("cards__number")).order_by("name"),
    }
    return render(request, "web/site_cards.html", content)


def _issue(request: HttpRequest, form: StockForm, keyring: Keyring) -> Printing:
    """Raises CannotIssue."""
    at, wish = clock.now(), form.cleaned_data
    site: Site = wish["site"]
    stock = Stock(
        site=site,
        count=wish["count"],
        not_before=begin_of(keyring, at),
        expires=at + timedelta(days=wish["days"]),
        unit=site.office.unit,
    )
    return issue_stock(stock, Wanted(operator_of(request), wish["reason"]), keyring, at)
