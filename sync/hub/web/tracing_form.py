"""What somebody has to say before contacts are traced, and whom that means."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from sync.hub import clock
from sync.hub.clock import unix_ms
from sync.hub.people.finding import People, find_people
from sync.hub.people.models import Subject
from sync.hub.tracing.spans import Span
from sync.hub.web.people import ReasonForm

MOST_DAYS = 31
USUAL_DAYS = 14
MOST_FOUND = 20
_ID_DIGITS = 16
# A day begins first in the east of the country and ends last in its west.
_EAST, _WEST = ZoneInfo("Asia/Jayapura"), ZoneInfo("Asia/Jakarta")


def today() -> date:
    return clock.now().astimezone(_EAST).date()


def _usual_first() -> date:
    return today() - timedelta(days=USUAL_DAYS - 1)


class _Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        # Browsers know no other form.
        super().__init__(format="%Y-%m-%d")


class TracingForm(forms.Form):
    who = forms.CharField(
        label=_("Who"),
        help_text=_("Name or part of it, or the 16 digits of a pass or a person"),
        min_length=3,
        max_length=200,
    )
    first = forms.DateField(
        label=_("From"), widget=_Day(), initial=_usual_first, input_formats=["%Y-%m-%d"]
    )
    last = forms.DateField(label=_("To"), widget=_Day(), initial=today, input_formats=["%Y-%m-%d"])
    minutes = forms.IntegerField(
        label=_("Together for at least (minutes)"), min_value=0, max_value=24 * 60, initial=0
    )
    case = forms.CharField(label=_("Case number"), min_length=2, max_length=60)
    reason = ReasonForm.base_fields["reason"]
    person = forms.IntegerField(
        required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        first, last = found.get("first"), found.get("last")
        if first and last and not first <= last <= today():
            self.add_error("last", _("Not before the first day, and not after today."))
        elif first and last and (last - first).days >= MOST_DAYS:
            self.add_error("first", _("At most 31 days."))
        return found

    @property
    def period(self) -> Span:
        """From the first midnight to the last one, wherever in the country."""
        return period_of(self.cleaned_data["first"], self.cleaned_data["last"])

    @property
    def at_least_ms(self) -> int:
        return int(self.cleaned_data["minutes"]) * 60_000


def period_of(first: date, last: date) -> Span:
    begin = datetime.combine(first, time(), _EAST)
    end = datetime.combine(last + timedelta(days=1), time(), _WEST)
    return unix_ms(begin), unix_ms(end)


def sought(form: TracingForm) -> list[Subject]:
    """Return whom it may mean, one more than are shown at most."""
    if (pk := form.cleaned_data["person"]) is not None:
        return list(Subject.objects.filter(pk=pk))
    who = form.cleaned_data["who"].strip()
    if (number := _number(who)) is not None:
        subjects = Subject.objects.filter(sub=number) | Subject.objects.filter(passes__cti=number)
        return list(subjects.distinct())
    return find_people(People(who))[: MOST_FOUND + 1]


def _number(text: str) -> bytes | None:
    digits = text.replace(" ", "")
    if len(digits) != _ID_DIGITS or not digits.isascii() or not digits.isalnum():
        return None
    try:
        return bytes.fromhex(digits)
    except ValueError:
        return None
