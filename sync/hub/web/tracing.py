"""`/tracing/`: on a reported case, who was in the same place at the same time as somebody.

A case and a reason go on record before anything is shown, with all whose names are shown. What is
asked comes in the body: an address would stand in the logs of every proxy.
"""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sync.hub import clock, installation
from sync.hub.age_keys import of_contacts
from sync.hub.errors import CommandFault
from sync.hub.people.look_ups import record
from sync.hub.people.models import Subject
from sync.hub.privacy.audit import note
from sync.hub.privacy.kinds import Event
from sync.hub.tracing.contacts import Contact
from sync.hub.tracing.gathering import LongestStays
from sync.hub.tracing.sealing import seal
from sync.hub.tracing.trace import Trace, trace
from sync.hub.web.access import operator_of
from sync.hub.web.spreadsheet import as_csv
from sync.hub.web.tracing_form import MOST_FOUND, TracingForm, sought
from sync.hub.web.tracing_rows import (
    contact_rows,
    crowd_chart,
    encounter_rows,
    passage_rows,
    person_of,
    site_days,
)

PAGE_ROWS = 50
MOST_EXPORTED = 20_000
_MINUTE_MS = 60_000
_HOUR_MS = 60 * _MINUTE_MS


def longest_stays() -> LongestStays:
    found = installation.environment()
    return LongestStays(found.visitor_stay_h * _HOUR_MS, found.employee_stay_h * _HOUR_MS)


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    form = TracingForm(request.POST if request.method == "POST" else None)
    content: dict[str, object] = {"form": form}
    if form.is_valid():
        found = sought(form)
        if len(found) == 1:
            content |= _traced(request, form, found[0])
        else:
            shown = found[:MOST_FOUND]
            _record(request, form, shown)
            content |= {"found": shown, "there_are_more": len(found) > MOST_FOUND}
    return render(request, "web/tracing.html", content)


def _traced(request: HttpRequest, form: TracingForm, subject: Subject) -> dict[str, object]:
    stays = longest_stays()
    told = trace(subject.sub, form.period, stays, at_least_ms=form.at_least_ms)
    contacts = Paginator(told.contacts, PAGE_ROWS).get_page(request.POST.get("page"))
    shown, near = list(contacts), told.encounters[:PAGE_ROWS]
    others = _subjects({one.who for one in shown} | {one.who for one in near})
    _record(request, form, [subject, *others])
    labels = {one.sub: one.label for one in others}
    passages, days = passage_rows(told), site_days(told)
    return {
        "subject": subject,
        "passages": passages[:PAGE_ROWS],
        "more_passages": max(len(passages) - PAGE_ROWS, 0),
        "contacts": contacts,
        "certain": sum(one.is_certain for one in told.contacts),
        "rows": contact_rows(shown, told, labels),
        "encounters": encounter_rows(near, told, labels),
        "more_encounters": max(len(told.encounters) - PAGE_ROWS, 0),
        "nameless": told.nameless,
        "site_days": days[:PAGE_ROWS],
        "chart": crowd_chart(request.POST.get("crowd", ""), told, stays),
    }


def _subjects(subs: Iterable[bytes]) -> list[Subject]:
    return list(Subject.objects.filter(sub__in=set(subs)))


def _record(request: HttpRequest, form: TracingForm, shown: Iterable[Subject]) -> None:
    told = form.cleaned_data
    at, reason, case = clock.now(), told["reason"], told["case"]
    record(operator_of(request), "tracing", shown, at, reason, case=case)


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The same as a table, sealed to the keys that were given for it."""
    form = TracingForm(request.POST)
    found = sought(form) if form.is_valid() else []
    if len(found) != 1:
        return render(request, "web/tracing.html", {"form": form}, status=400)
    try:
        recipients = of_contacts(installation.home()).read()
    except CommandFault:
        content = {"form": form, "cannot_seal": True}
        return render(request, "web/tracing.html", content, status=503)
    told = trace(found[0].sub, form.period, longest_stays(), at_least_ms=form.at_least_ms)
    contacts = told.contacts[:MOST_EXPORTED]
    others = _subjects(one.who for one in contacts)
    _record(request, form, [found[0], *others])
    note(Event.EXPORT, {"page": "tracing-export", "rows": len(contacts)})
    labels = {one.sub: one.label for one in others}
    table = as_csv(_headings(), (_cells(one, told, labels) for one in contacts))
    headers = {"Content-Disposition": 'attachment; filename="kontak.csv.age"'}
    return HttpResponse(seal(table, recipients), "application/octet-stream", headers=headers)


def _headings() -> list[str]:
    return [
        *(_("Person"), _("Number"), _("How sure"), _("At least (minutes)"), _("At most (minutes)")),
        *(_("Sites"), _("First possible"), _("Last possible")),
    ]


def _cells(one: Contact[bytes], told: Trace, labels: dict[bytes, str]) -> list[str]:
    first = min(one.meetings, key=lambda meeting: meeting.first_ms)
    last = max(one.meetings, key=lambda meeting: meeting.last_ms)
    names = (told.places.sites[meeting.place].name for meeting in one.meetings)
    return [
        person_of(one.who, labels),
        one.who.hex(),
        _("Certain") if one.is_certain else _("Possible"),
        str(one.least_ms // _MINUTE_MS),
        str(-(-one.most_ms // _MINUTE_MS)),
        "; ".join(names),
        _instant(first.first_ms, told.places.sites[first.place].timezone),
        _instant(last.last_ms, told.places.sites[last.place].timezone),
    ]


def _instant(at_ms: int, timezone: str) -> str:
    local = clock.from_unix_s(at_ms // 1000).astimezone(ZoneInfo(timezone))
    return local.isoformat(" ", "minutes")
