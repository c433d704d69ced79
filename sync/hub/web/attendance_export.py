"""`/attendance/export/`: an office's day or month as a table for a spreadsheet."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sync.hub import clock
from sync.hub.attendance.overview import (
    OfficeCount,
    PersonDay,
    State,
    count_for,
    month_of,
    office_days,
)
from sync.hub.attendance.reckoning import Interval
from sync.hub.attendance.standing import Standing
from sync.hub.people.look_ups import record
from sync.hub.web.access import operator_of
from sync.hub.web.attendance import MONTH, OfficeForm, notes_of, offices_of
from sync.hub.web.attendance_words import STATES
from sync.hub.web.spreadsheet import as_csv, as_workbook

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    offices = offices_of(request)
    first = offices.first()
    form = None if first is None else OfficeForm(request, offices, first)
    if form is None or not form.is_valid():
        return render(request, "web/attendance.html", {"form": form}, status=400)
    office, day = form.cleaned_data["office"], form.cleaned_data["day"]
    begin, end = month_of(day) if form.cleaned_data["span"] == MONTH else (day, day)
    count = count_for(office, begin, end, clock.now())
    days = [one for one in office_days(count, begin, end) if _is_told(one)]
    subjects = {one.person.pk: one.person.subject for one in days}
    record(operator_of(request), "attendance-export", subjects.values(), clock.now())
    rows = (list(_cells(one, count)) for one in days)
    name = f"{_('attendance')}-{office.unit}-{begin:%Y-%m-%d}"
    if request.GET.get("form") == "xlsx":
        return _file(as_workbook(_headings(), rows), _XLSX, f"{name}.xlsx")
    return _file(as_csv(_headings(), rows), "text/csv; charset=utf-8", f"{name}.csv")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, kind, headers=headers)


def _is_told(one: PersonDay) -> bool:
    return one.row is not None or one.state in {State.ABSENT, State.OFF}


def _headings() -> list[str]:
    return [
        *(_("Person"), _("Office"), _("Day"), _("Kind of day"), _("State")),
        *(_("First in"), _("First in: from"), _("First in: until")),
        *(_("Last out"), _("Last out: from"), _("Last out: until")),
        *(_("Minutes, at least"), _("Minutes, at most"), _("Corrected"), _("Remarks")),
    ]


def _cells(one: PersonDay, count: OfficeCount) -> Iterator[str]:
    row, zone = one.row, ZoneInfo(count.timezone)
    yield from (one.person.subject.label, count.office.name, one.day.isoformat())
    yield from (one.name or str(one.kind.label), str(STATES[one.state]))
    for end in (one.came, one.left):
        yield from _times(end.counts, zone)
    yield str(row.least_ms // 60_000) if row else ""
    yield str(-(-row.most_ms // 60_000)) if row else ""
    yield "; ".join(_reason(end) for end in (one.came, one.left) if end.corrected)
    yield "; ".join(str(note) for note in notes_of(one))


def _reason(end: Standing) -> str:
    made = end.corrected
    return "" if made is None else f"{made.get_end_display()}: {made.reason}"


def _times(interval: Interval | None, zone: ZoneInfo) -> Iterator[str]:
    """The middle, for who needs one time; and between which it lies."""
    if interval is None:
        yield from ("", "", "")
        return
    middle_ms = (interval.lower_ms + interval.upper_ms) // 2
    for time_ms in (middle_ms, interval.lower_ms, interval.upper_ms):
        at = (_EPOCH + timedelta(milliseconds=time_ms)).astimezone(zone)
        yield at.strftime("%Y-%m-%d %H:%M:%S")
