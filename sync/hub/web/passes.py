"""`/passes/`: who holds which pass, for a reason that goes on record before any name is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from kiosk.passes.claims import ALL_DOORS, ANY_UNIT, CTI_BYTES, NATIVE_TYPES
from sync.hub import clock, installation
from sync.hub.fleet.models import Door, Office
from sync.hub.people.finding import Passes, State, find_passes, revoked_kids, state_of
from sync.hub.people.look_ups import record
from sync.hub.people.models import Pass
from sync.hub.privacy.audit import note
from sync.hub.privacy.kinds import Event
from sync.hub.web.access import operator_of
from sync.hub.web.people import ReasonForm
from sync.hub.web.phone.card_drawing import grouped
from sync.hub.web.spreadsheet import as_csv
from sync.hub.web.words import PASS_TYPES, Word, word

PAGE_ROWS = 50
MOST_EXPORTED = 20_000
CHIPS = {State.VALID: "admit", State.EARLY: "refer", State.EXPIRED: "", State.REVOKED: "deny"}


@dataclass(frozen=True, slots=True)
class Row:
    """A pass as it is shown; `doors` is empty where it is good for all of them."""

    pk: int
    label: str
    number: str
    kind: Word
    begins: datetime
    expires: datetime
    home: str
    place: str
    doors: str
    state: State
    chip: str
    is_replaced: bool


class PassForm(forms.Form):
    name = forms.CharField(
        label=_("Name or part of it"), min_length=2, max_length=200, required=False
    )
    number = forms.CharField(
        label=_("Number on the card"), max_length=32, required=False, help_text=_("16 digits")
    )
    office = forms.ModelChoiceField(
        Office.objects.order_by("name"),
        label=_("Office"),
        required=False,
        empty_label=_("All offices"),
    )
    kind = forms.TypedChoiceField(
        label=_("Kind of pass"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("All")), *((int(one), PASS_TYPES[one]) for one in sorted(NATIVE_TYPES))],
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *State.choices]
    )
    reason = ReasonForm.base_fields["reason"]
    person = forms.IntegerField(
        required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput
    )

    def clean_number(self) -> bytes | None:
        digits = "".join(self.cleaned_data["number"].split())
        if not digits:
            return None
        try:
            found = bytes.fromhex(digits)
        except ValueError:
            found = b""
        if len(found) != CTI_BYTES:
            raise forms.ValidationError(_("It has 16 digits and letters from a to f."))
        return found

    @property
    def asked(self) -> Passes:
        wish = self.cleaned_data
        office: Office | None = wish["office"]
        return Passes(
            name=wish["name"],
            person=wish["person"],
            office=None if office is None else office.pk,
            unit=None if office is None else office.unit,
            kind=wish["kind"],
            state=wish["state"],
            cti=wish["number"],
        )


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    form = PassForm(request.POST if request.method == "POST" else None)
    content: dict[str, Any] = {"form": form}
    if form.is_valid():
        at, revoked = clock.now(), revoked_kids(installation.keyring())
        found: Page[Pass] = Paginator(find_passes(form.asked, revoked, at), PAGE_ROWS).get_page(
            request.POST.get("page")
        )
        passes = list(found)
        subjects = [one.subject for one in passes]
        record(operator_of(request), "passes", subjects, at, form.cleaned_data["reason"])
        content |= {"rows": rows_of(passes, revoked, at), "found": found}
    return render(request, "web/passes.html", content)


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The same as a table for a spreadsheet."""
    form = PassForm(request.POST)
    if not form.is_valid():
        return render(request, "web/passes.html", {"form": form}, status=400)
    at, revoked = clock.now(), revoked_kids(installation.keyring())
    passes = list(find_passes(form.asked, revoked, at)[:MOST_EXPORTED])
    subjects = [one.subject for one in passes]
    record(operator_of(request), "passes-export", subjects, at, form.cleaned_data["reason"])
    note(Event.EXPORT, {"page": "passes-export", "rows": len(passes)})
    headings = [_now("Number"), _now("Person"), _now("Office"), _now("Kind of pass")]
    headings += [_now("Valid from"), _now("Valid until"), _now("Counts at"), _now("State")]
    table = as_csv(headings, (_cells(row) for row in rows_of(passes, revoked, at)))
    headers = {"Content-Disposition": 'attachment; filename="tiket.csv"'}
    return HttpResponse(table, "text/csv; charset=utf-8", headers=headers)


def rows_of(passes: Sequence[Pass], revoked: frozenset[bytes], at: datetime) -> list[Row]:
    """Two queries for all of them: offices, and the doors of those that are not for all."""
    units = {one.unit for one in passes} - {ANY_UNIT}
    offices = dict(Office.objects.filter(unit__in=units).values_list("unit", "name"))
    limited = {one.unit for one in passes if one.doors != ALL_DOORS}
    doors = list(Door.objects.filter(office__unit__in=limited).select_related("office"))
    return [_row(one, offices, doors, state_of(one, revoked, at)) for one in passes]


def _row(one: Pass, offices: dict[int, str], doors: list[Door], state: State) -> Row:
    return Row(
        pk=one.pk,
        label=one.subject.label,
        number=grouped(one.cti),
        kind=word(PASS_TYPES, one.pass_type),
        begins=one.not_before,
        expires=one.expires,
        home=_home(one),
        place=str(_("All offices")) if one.unit == ANY_UNIT else offices.get(one.unit, "–"),
        doors=_doors(one, doors),
        state=state,
        chip=CHIPS[state],
        is_replaced=hasattr(one, "replaced_by"),
    )


def _home(one: Pass) -> str:
    """Return the holder's office, or the site of the card."""
    if hasattr(one.subject, "site_card"):
        return one.subject.site_card.site.name
    if hasattr(one.subject, "person"):
        return one.subject.person.office.name
    return ""


def _doors(one: Pass, doors: list[Door]) -> str:
    if one.doors == ALL_DOORS:
        return ""
    named = [
        door.label
        for door in doors
        if door.office.unit == one.unit and one.doors >> door.door_bit & 1
    ]
    return ", ".join(named) or str(_("No door"))


def _cells(row: Row) -> list[str]:
    begins, expires = (
        localtime(one).strftime("%Y-%m-%d %H:%M") for one in (row.begins, row.expires)
    )
    doors = f" ({row.doors})" if row.doors else ""
    place = f"{row.place}{doors}"
    return [
        row.number,
        row.label,
        row.home,
        str(row.kind),
        begins,
        expires,
        place,
        str(row.state.label),
    ]
