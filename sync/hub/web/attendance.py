"""`/attendance/`: who of an office came and left when, on a day or over a month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sync.hub import clock
from sync.hub.attendance.models import DayKind
from sync.hub.attendance.overview import (
    OfficeCount,
    PersonDay,
    State,
    Totals,
    count_for,
    figures,
    month_of,
    office_days,
    today_of,
    totals,
)
from sync.hub.fleet.models import Office
from sync.hub.people.look_ups import record
from sync.hub.web.access import office_of, operator_of
from sync.hub.web.attendance_words import DOUBTS, FLAGS, STATE_CLASSES, STATES, hours_text, told
from sync.hub.web.instants import When
from sync.hub.web.paging import page_of
from sync.hub.web.words import Word

DAY, MONTH = "day", "month"
# Dates of forms: what a calendar can show on either side of them too.
EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)


class DayField(forms.DateField):
    def __init__(self, **how: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **how)

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day is not None and not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(_("There is no such day here."))
        return day


class OfficeForm(forms.Form):
    """`offices` are those that the operator may see; what is not asked for is as `initial` says."""

    office = forms.ModelChoiceField(Office.objects.none(), label=_("Office"), empty_label=None)
    day = DayField(label=_("Day"))
    span = forms.ChoiceField(
        label=_("Show"), choices=[(DAY, _("This day")), (MONTH, _("Its month"))]
    )

    def __init__(self, request: HttpRequest, offices: QuerySet[Office], first: Office) -> None:
        day = today_of(first, clock.now()).isoformat()
        usual = {"office": str(first.pk), "day": day, "span": DAY}
        given = {name: request.GET[name] for name in usual if request.GET.get(name)}
        super().__init__({**usual, **given})
        of_offices(self).queryset = offices


def of_offices(form: forms.BaseForm) -> "forms.ModelChoiceField[Office]":
    """Return the form's field in which an office is chosen."""
    return cast("forms.ModelChoiceField[Office]", form.fields["office"])


@dataclass(frozen=True, slots=True)
class Row:
    """A person's day in words. `came` and `left` are what counts."""

    pk: int
    person: str
    day: date
    kind: Word
    name: str
    state: Word
    css: str
    came: When | None
    left: When | None
    is_came_corrected: bool
    is_left_corrected: bool
    hours: str
    notes: list[Word]


@dataclass(frozen=True, slots=True)
class TotalsRow:
    pk: int
    person: str
    present: int
    unsure: int
    absent: int
    hours: str


def offices_of(request: HttpRequest) -> QuerySet[Office]:
    own = office_of(request)
    offices = Office.objects.order_by("name")
    return offices if own is None else offices.filter(pk=own)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    offices = offices_of(request)
    first = offices.first()
    if first is None:
        return render(request, "web/attendance.html", {"has_no_office": True})
    form = OfficeForm(request, offices, first)
    if not form.is_valid():
        return render(request, "web/attendance.html", {"form": form}, status=400)
    office, day, span = (form.cleaned_data[name] for name in ("office", "day", "span"))
    begin, end = month_of(day) if span == MONTH else (day, day)
    count = count_for(office, begin, end, clock.now())
    days = office_days(count, begin, end)
    content = {
        "form": form,
        "office": office,
        "day": day,
        "is_month": span == MONTH,
        "figures": _figures(days),
        "kind": count.days.kind_of(day).label,
        "name": count.days.name_of(day),
        "is_working": count.days.kind_of(day) is not DayKind.HOLIDAY,
    }
    listed: Sequence[PersonDay | Totals] = totals(days) if span == MONTH else days
    shown = page_of(listed, request)
    record(operator_of(request), "attendance", [one.person.subject for one in shown], clock.now())
    content["rows"] = shown
    content["told"] = [_told(one, count) for one in shown]
    return render(request, "web/attendance.html", content)


def _told(one: PersonDay | Totals, count: OfficeCount) -> Row | TotalsRow:
    return row_of(one, count) if isinstance(one, PersonDay) else _totals_row(one)


def row_of(one: PersonDay, count: OfficeCount) -> Row:
    zone, widest_ms = count.timezone, count.days.hours.widest_min * 60_000
    row = one.row
    has_hours = row is not None and row.most_ms > 0
    return Row(
        pk=one.person.pk,
        person=one.person.subject.label,
        day=one.day,
        kind=one.kind.label,
        name=one.name,
        state=STATES[one.state],
        css=STATE_CLASSES[one.state],
        came=told(one.came.counts, zone, widest_ms),
        left=told(one.left.counts, zone, widest_ms),
        is_came_corrected=one.came.corrected is not None,
        is_left_corrected=one.left.corrected is not None,
        hours=hours_text(row.least_ms, row.most_ms) if row is not None and has_hours else "",
        notes=notes_of(one),
    )


def notes_of(one: PersonDay) -> list[Word]:
    doubts = [word for doubt, word in DOUBTS.items() if doubt in one.doubts]
    return [*doubts, *(FLAGS[flag] for flag in one.flags)]


def _totals_row(one: Totals) -> TotalsRow:
    return TotalsRow(
        pk=one.person.pk,
        person=one.person.subject.label,
        present=one.days[State.PRESENT],
        unsure=one.days[State.UNCERTAIN] + one.days[State.INCOMPLETE],
        absent=one.days[State.ABSENT],
        hours=hours_text(one.least_ms, one.most_ms),
    )


def _figures(days: list[PersonDay]) -> dict[str, int]:
    found = figures(days)
    return {
        "present": found[State.PRESENT],
        "unsure": found[State.UNCERTAIN] + found[State.INCOMPLETE],
        "absent": found[State.ABSENT],
        "open": found[State.OPEN],
    }
