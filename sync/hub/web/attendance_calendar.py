"""`/attendance/calendar/`: on which days an office works, and how its days are counted."""

from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import available_timezones

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from sync.hub.attendance.calendars import hours_of
from sync.hub.attendance.holidays import MAX_BYTES, MAX_ROWS, DayList, read_day_list, take_over
from sync.hub.attendance.models import OfficeHours, SpecialDay
from sync.hub.errors import FaultyFile
from sync.hub.fleet.models import Office, Weekday
from sync.hub.web.access import office_of
from sync.hub.web.attendance import DayField, of_offices, offices_of

if TYPE_CHECKING:
    _HoursForm = forms.ModelForm[OfficeHours]
    _DayForm = forms.ModelForm[SpecialDay]
else:
    # Django's classes are generic in its stubs only.
    _HoursForm = _DayForm = forms.ModelForm

_MOST_FAULTS = 50
# By what of these changes days that were reckoned before would be others.
_COUNTED_BY = ("timezone", "day_begins", "longest_shift_h", "widest_min")


class HoursForm(_HoursForm):
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Working weekdays"),
        choices=Weekday.choices,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = OfficeHours
        fields = _COUNTED_BY
        widgets: ClassVar = {"day_begins": forms.TimeInput(format="%H:%M", attrs={"type": "time"})}

    def __init__(self, hours: OfficeHours, data: Any = None) -> None:
        held = [day for day in Weekday if hours.working_days >> day & 1]
        super().__init__(data, instance=hours, initial={"weekdays": held})

    def clean_timezone(self) -> str:
        name = str(self.cleaned_data["timezone"])
        if name not in available_timezones():
            raise forms.ValidationError(_("There is no such time zone; write it as Asia/Makassar."))
        return name

    def keep(self) -> None:
        hours = self.instance
        hours.working_days = sum(1 << day for day in self.cleaned_data["weekdays"])
        if hours._state.adding or set(self.changed_data) & set(_COUNTED_BY):
            hours.edition += 1
        hours.save()


class DayForm(_DayForm):
    day = DayField(label=_("Day"))

    class Meta:
        model = SpecialDay
        fields = ("office", "day", "kind", "name")

    def __init__(self, request: HttpRequest, data: Any = None) -> None:
        super().__init__(data)
        field = of_offices(self)
        field.queryset = offices_of(request)
        field.empty_label = str(_("All offices"))
        # Whoever has one office keeps days for that one.
        field.required = office_of(request) is not None


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    offices = list(offices_of(request))
    if not offices:
        return render(request, "web/attendance_calendar.html", {"has_no_office": True})
    asked = request.POST if request.method == "POST" else request.GET
    office = _office(offices, asked.get("office_shown") or asked.get("office", ""))
    what = request.POST.get("what", "")
    hours = HoursForm(hours_of([office.pk])[office.pk], request.POST if what == "hours" else None)
    day = DayForm(request, request.POST if what == "day" else None)
    content: dict[str, object] = {}
    if what == "hours" and hours.is_valid():
        hours.keep()
        return _shown(office)
    if what == "day" and day.is_valid():
        day.save()
        return _shown(office)
    if what == "list" and office_of(request) is None:
        content |= _import(request)
    special = SpecialDay.objects.filter(Q(office=office) | Q(office=None)).select_related("office")
    content |= {
        "offices": offices,
        "office": office,
        "hours": hours,
        "day": day,
        "special": special.order_by("-day", "pk")[:_MOST_SHOWN],
        "own": office_of(request),
        "rows": MAX_ROWS,
        "kib": MAX_BYTES // 1024,
    }
    return render(request, "web/attendance_calendar.html", content)


_MOST_SHOWN = 200


@require_POST
def forget_day(request: HttpRequest, pk: int) -> HttpResponse:
    """A day of all offices is not for somebody of one office to take away."""
    own = office_of(request)
    days = SpecialDay.objects.all() if own is None else SpecialDay.objects.filter(office=own)
    found = get_object_or_404(days, pk=pk)
    found.delete()
    text = request.POST.get("office", "")
    return _shown(_office(list(offices_of(request)), text))


def _office(offices: list[Office], text: str) -> Office:
    return next((one for one in offices if str(one.pk) == text), offices[0])


def _shown(office: Office) -> HttpResponse:
    return redirect(f"{reverse('attendance-calendar')}?office={office.pk}")


def _import(request: HttpRequest) -> dict[str, object]:
    try:
        found = _read(request)
    except FaultyFile as fault:
        return {"fault": str(fault)}
    if found.faults:
        more = max(len(found.faults) - _MOST_FAULTS, 0)
        return {"faults": found.faults[:_MOST_FAULTS], "more": more}
    return {"taken": take_over(found.days)}


def _read(request: HttpRequest) -> DayList:
    """Raises FaultyFile."""
    file = request.FILES.get("file")
    if file is None:
        raise FaultyFile(_("No file was chosen."))
    if (file.size or 0) > MAX_BYTES:
        raise FaultyFile(_("The file is too long."))
    return read_day_list(file.read())
