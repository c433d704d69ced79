"""`/people/issue/`: passes for those who were chosen on `/people/`, as cards or links for phones.

First what is to be issued is asked, and to how many people; then it is done.
"""

from datetime import timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from kiosk.passes.claims import ANY_UNIT, PassType
from sync.hub import clock, installation
from sync.hub.errors import CannotIssue
from sync.hub.fleet.models import Office
from sync.hub.people.cards import Wanted, issue_cards
from sync.hub.people.finding import People, find_people
from sync.hub.people.issuing_many import Terms, make_links, orders_for
from sync.hub.people.look_ups import record
from sync.hub.people.models import Subject
from sync.hub.people.phone_links import link_url
from sync.hub.people.reissuing import USUAL_DAYS
from sync.hub.web.access import operator_of
from sync.hub.web.people import SearchForm
from sync.hub.web.phone.card_drawing import Slip, draw_slips
from sync.hub.web.phone.pdf import as_pdf
from sync.hub.web.refusals import said
from sync.hub.web.words import PASS_TYPES, Word

CARDS, LINKS = "cards", "links"
_BY_WORK, _OWN = "", "own"
_MOST_DAYS = 366
_MOST_TICKED = 50
_KINDS = (PassType.EMPLOYEE, PassType.OFFICER, PassType.VISITOR)


def _places() -> list[tuple[str, Word]]:
    offices = Office.objects.order_by("name").values_list("unit", "name")
    return [
        ("", _("All offices")),
        (_OWN, _("Each one's own office")),
        *((str(unit), name) for unit, name in offices),
    ]


class OrderForm(forms.Form):
    way = forms.ChoiceField(
        label=_("As"),
        choices=[(CARDS, _("Printed cards")), (LINKS, _("Links for phones, on slips to hand out"))],
    )
    kind = forms.ChoiceField(
        label=_("Kind of pass"),
        required=False,
        choices=[
            (_BY_WORK, _("By their work: officers an officer's, others an employee's")),
            *((str(int(kind)), PASS_TYPES[kind]) for kind in _KINDS),
        ],
    )
    days = forms.IntegerField(
        label=_("Valid for days"), min_value=1, max_value=_MOST_DAYS, initial=USUAL_DAYS
    )
    place = forms.ChoiceField(label=_("Counts at"), required=False, choices=_places)
    hours = forms.TypedChoiceField(
        label=_("A link can be opened for"),
        coerce=int,
        choices=[(24, _("24 hours")), (72, _("3 days")), (168, _("7 days"))],
    )
    without = forms.BooleanField(
        label=_("Leave out who has a valid pass of that kind"), required=False, initial=True
    )

    @property
    def terms(self) -> Terms:
        wish = self.cleaned_data
        place, kind = wish["place"], wish["kind"]
        return Terms(
            kind=PassType(int(kind)) if kind else None,
            days=wish["days"],
            unit=None if place == _OWN else int(place or ANY_UNIT),
            is_for_those_without=wish["without"],
        )


@require_POST
def page(request: HttpRequest) -> HttpResponse:
    search = SearchForm(request.POST)
    ticked = _ticked(request)
    if not search.is_valid() or ticked is None:
        return redirect("people")
    is_order = "way" in request.POST
    form = OrderForm(request.POST if is_order else None)
    fault = ""
    if form.is_valid():
        try:
            return _issue(request, form, _people(request, search, ticked), search)
        except CannotIssue as found:
            fault = said(found)
    content = {
        "form": form,
        "search": search,
        "ticked": ticked,
        "who": request.POST.get("who", ""),
        "count": find_people(_people(request, search, ticked)).count(),
        "fault": fault,
    }
    return render(request, "web/issue.html", content)


def _ticked(request: HttpRequest) -> tuple[int, ...] | None:
    """Return the keys that were ticked, None where that is no list of keys."""
    texts = request.POST.getlist("subject")
    if len(texts) > _MOST_TICKED or not all(_is_key(text) for text in texts):
        return None
    return tuple(int(text) for text in texts)


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < len(str(2**63))


def _people(request: HttpRequest, search: SearchForm, ticked: tuple[int, ...]) -> People:
    asked = search.asked
    if request.POST.get("who") == "all":
        return asked
    return People(asked.name, asked.office, asked.work, ticked)


def _issue(
    request: HttpRequest, form: OrderForm, people: People, search: SearchForm
) -> HttpResponse:
    """Raises CannotIssue."""
    at, keyring, operator = clock.now(), installation.keyring(), operator_of(request)
    reason = search.cleaned_data["reason"]
    orders = orders_for(find_people(people), form.terms, keyring, at)
    if form.cleaned_data["way"] == CARDS:
        return redirect("printing", issue_cards(orders, Wanted(operator, reason), keyring, at).pk)
    good_for = timedelta(hours=form.cleaned_data["hours"])
    links = make_links(orders, keyring, at, good_for)
    record(operator, "people-issue", [link.subject for link in links], at, reason)
    hub = installation.environment().url
    slips = [
        Slip(link_url(hub, link.token), link.subject.label, _office(link.subject), at + good_for)
        for link in links
    ]
    return as_pdf(draw_slips(slips), "tautan")


def _office(subject: Subject) -> str:
    person = getattr(subject, "person", None)
    return "" if person is None else person.office.name
