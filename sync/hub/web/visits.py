"""`/`: visits as they come in, newest first."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kiosk.admission.verdict import Outcome
from sync.hub import clock
from sync.hub.ingest.models import Visit
from sync.hub.people.look_ups import record
from sync.hub.people.models import Subject
from sync.hub.web import words
from sync.hub.web.access import office_of, operator_of
from sync.hub.web.instants import When, midnight_ms, when
from sync.hub.web.roles import SEES_NAMES, roles_of
from sync.hub.web.words import Word

PAGE_ROWS = 50
_LARGEST = 2**63 - 1
_MOST_DIGITS = len(str(_LARGEST))


@dataclass(frozen=True, slots=True)
class Row:
    when: When
    site: str
    door: str
    direction: Word
    outcome: Word
    outcome_class: str
    shown: Word
    reason: Word
    pass_type: Word
    person: str
    assisted: int | None
    is_of_a_code: bool


def page(request: HttpRequest) -> HttpResponse:
    before = _before(request)
    office = office_of(request)
    visits = list(_visits(before, office)[: PAGE_ROWS + 1])
    shows_names = bool(roles_of(request.user) & SEES_NAMES)
    labels = _labels(visits[:PAGE_ROWS], request) if shows_names else {}
    content = {
        "rows": [row_of(visit, labels) for visit in visits[:PAGE_ROWS]],
        "older": visits[PAGE_ROWS - 1].pk if len(visits) > PAGE_ROWS else None,
        "is_live": before is None,
        "today": _today(office),
        "shows_names": shows_names,
    }
    return render(request, "web/visits.html", content)


def _before(request: HttpRequest) -> int | None:
    """Pages go on from a row, not from a number: they neither shift nor grow slow."""
    text = request.GET.get("before", "")
    is_number = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
    return min(int(text), _LARGEST) if is_number else None


def _visits(before: int | None, office: int | None) -> QuerySet[Visit]:
    visits = Visit.objects.select_related("entry", "door__site").order_by("-pk")
    if office is not None:
        visits = visits.filter(door__office_id=office)
    return visits if before is None else visits.filter(pk__lt=before)


def _labels(visits: list[Visit], request: HttpRequest) -> dict[bytes, str]:
    """Return the names by sub; that they are shown is on record before they are."""
    subs = {visit.sub for visit in visits if visit.sub is not None}
    subjects = list(Subject.objects.filter(sub__in=subs))
    record(operator_of(request), "visits", subjects, clock.now())
    return {subject.sub: subject.label for subject in subjects}


def row_of(visit: Visit, labels: dict[bytes, str]) -> Row:
    site = visit.door.site
    differs = visit.shown != visit.outcome
    return Row(
        when=when(visit.time_ms, visit.error_ms, visit.lower_ms, visit.upper_ms, site.timezone),
        site=site.name,
        door=visit.door.label,
        direction=words.word(words.DIRECTIONS, visit.direction),
        outcome=words.word(words.OUTCOMES, visit.outcome),
        outcome_class=words.css_class(Outcome, visit.outcome),
        shown=words.word(words.OUTCOMES, visit.shown) if differs else "",
        reason=words.word(words.REASONS, visit.reason),
        pass_type=words.word(words.PASS_TYPES, visit.pass_type),
        person=labels.get(visit.sub or b"", ""),
        assisted=visit.assisted,
        is_of_a_code=visit.of_seq is not None,
    )


def _today(office: int | None) -> dict[str, int]:
    begun_ms = midnight_ms(clock.now(), settings.TIME_ZONE)
    today = Visit.objects.filter(lower_ms__gte=begun_ms)
    if office is not None:
        today = today.filter(door__office_id=office)
    by_outcome = dict(today.values_list("outcome").annotate(Count("pk")).order_by())
    named = {outcome.name.lower(): by_outcome.get(int(outcome), 0) for outcome in Outcome}
    return {"all": sum(by_outcome.values()), **named}
