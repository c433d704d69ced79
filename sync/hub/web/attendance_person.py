"""`/attendance/<person>/`: one person's month, with what was corrected, by whom and why."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from sync.hub import clock
from sync.hub.attendance.correcting import Wish, correct, withdraw
from sync.hub.attendance.models import Correction, End
from sync.hub.attendance.overview import (
    OfficeCount,
    PersonDay,
    count_for,
    month_of,
    person_days,
    today_of,
)
from sync.hub.clock import unix_ms
from sync.hub.people.look_ups import record
from sync.hub.people.models import Person
from sync.hub.web.access import office_of, operator_of
from sync.hub.web.attendance import EARLIEST, LATEST, DayField, row_of
from sync.hub.web.attendance_words import told
from sync.hub.web.instants import When, when
from sync.hub.web.words import Word


class CorrectionForm(forms.Form):
    """A time before the hour at which the working day begins is that of the morning after."""

    day = DayField(label=_("Working day"))
    end = forms.ChoiceField(label=_("What is corrected"), choices=End.choices)
    time = forms.TimeField(
        label=_("Time"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("It is recorded with your name."),
        min_length=5,
        max_length=200,
    )

    def wish(self, count: OfficeCount) -> Wish:
        hours, told = count.days.hours, self.cleaned_data
        date_of_time = told["day"]
        if told["time"] < hours.day_begins:
            date_of_time += timedelta(days=1)
        at = datetime.combine(date_of_time, told["time"], ZoneInfo(hours.timezone))
        return Wish(told["day"], End(told["end"]), unix_ms(at), told["reason"])


@dataclass(frozen=True, slots=True)
class Trail:
    """A correction as it was made, and beside it what was seen."""

    pk: int
    end: Word
    time: When
    seen: When | None
    reason: str
    by: str
    at: datetime
    withdrawn_by: str
    withdrawn_at: datetime | None


def person_for(request: HttpRequest, pk: int) -> Person:
    """Raises Http404 also for somebody of another office than the operator's."""
    people = Person.objects.select_related("subject", "office")
    own = office_of(request)
    return get_object_or_404(people if own is None else people.filter(office=own), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_for(request, pk)
    now = clock.now()
    today = today_of(person.office, now)
    begin, end = month_of(_month(request.GET.get("month", ""), today))
    count = count_for(person.office, begin, end, now)
    form = CorrectionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        wish = form.wish(count)
        correct(person, wish, operator_of(request), now)
        return to_month(person, wish.day)
    record(operator_of(request), "attendance-person", [person.subject], now)
    days = person_days(count, person, begin, end)
    content = {
        "person": person,
        "form": form,
        "month": begin,
        "before": begin - timedelta(days=1),
        "after": end + timedelta(days=1),
        "days": [(row_of(one, count), _trails(one, count)) for one in days],
    }
    return render(request, "web/attendance_person.html", content)


@require_POST
def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    made = get_object_or_404(Correction.objects.select_related("day__subject__person"), pk=pk)
    person = person_for(request, made.day.subject.person.pk)
    withdraw(made, operator_of(request), clock.now())
    return to_month(person, made.day.day)


def to_month(person: Person, day: date) -> HttpResponseRedirect:
    address = reverse("attendance-person", args=[person.pk])
    return redirect(f"{address}?month={day:%Y-%m}")


def _month(text: str, today: date) -> date:
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today
    return found if EARLIEST <= found <= LATEST else today


def _trails(one: PersonDay, count: OfficeCount) -> list[Trail]:
    seen = {End.FIRST_IN: one.came.seen, End.LAST_OUT: one.left.seen}
    zone, widest_ms = count.timezone, count.days.hours.widest_min * 60_000
    return [
        Trail(
            pk=made.pk,
            end=End(made.end).label,
            time=when(made.time_ms, 0, 0, 0, zone),
            seen=told(seen[End(made.end)], zone, widest_ms),
            reason=made.reason,
            by=made.made_by.get_username(),
            at=made.made_at,
            withdrawn_by="" if made.withdrawn_by is None else made.withdrawn_by.get_username(),
            withdrawn_at=made.withdrawn_at,
        )
        for made in one.corrections
    ]
