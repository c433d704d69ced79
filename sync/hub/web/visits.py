"""`/`: visits as they come in, newest first."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kiosk.admission.verdict import Outcome
from sync.hub import clock
from sync.hub.ingest.models import Visit
from sync.hub.people.models import Subject
from sync.hub.web import words
from sync.hub.web.instants import When, midnight_ms, when
from sync.hub.web.words import Word

PAGE_ROWS = 50
_LARGEST = 2**63 - 1


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
    visits = list(_visits(before)[: PAGE_ROWS + 1])
    labels = _labels(visits)
    content = {
        "rows": [_row(visit, labels) for visit in visits[:PAGE_ROWS]],
        "older": visits[PAGE_ROWS - 1].pk if len(visits) > PAGE_ROWS else None,
        "is_live": before is None,
        "today": _today(),
    }
    return render(request, "web/visits.html", content)


def _before(request: HttpRequest) -> int | None:
    """Pages go on from a row, not from a number: they neither shift nor grow slow."""
    text = request.GET.get("before", "")
    return min(int(text), _LARGEST) if text.isascii() and text.isdecimal() else None


def _visits(before: int | None) -> QuerySet[Visit]:
    visits = Visit.objects.select_related("entry", "door__site").order_by("-pk")
    return visits if before is None else visits.filter(pk__lt=before)


def _labels(visits: list[Visit]) -> dict[bytes, str]:
    subs = {visit.sub for visit in visits if visit.sub is not None}
    return dict(Subject.objects.filter(sub__in=subs).values_list("sub", "label"))


def _row(visit: Visit, labels: dict[bytes, str]) -> Row:
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


def _today() -> dict[str, int]:
    begun_ms = midnight_ms(clock.now(), settings.TIME_ZONE)
    today = Visit.objects.filter(lower_ms__gte=begun_ms)
    by_outcome = dict(today.values_list("outcome").annotate(Count("pk")).order_by())
    named = {outcome.name.lower(): by_outcome.get(int(outcome), 0) for outcome in Outcome}
    return {"all": sum(by_outcome.values()), **named}
