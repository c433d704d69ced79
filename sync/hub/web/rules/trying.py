"""`/rules/<version>/trial/` and `/rules/drafts/<pk>/try/`: figures before it is in earnest."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from kiosk.admission.rulebook import Rulebook
from kiosk.admission.rulebook_document import parse_rulebook
from kiosk.admission.verdict import Outcome
from sync.hub import clock
from sync.hub.fleet.models import Site
from sync.hub.rules.trial import DAYS as TRIAL_DAYS
from sync.hub.rules.trial import trial_of
from sync.hub.rules.try_out import DAYS, TriedOut, rules_in_order, try_out
from sync.hub.web import words
from sync.hub.web.access import office_of
from sync.hub.web.instants import When, when
from sync.hub.web.rules.drafts import find
from sync.hub.web.rules.rulebook import find_rulebook
from sync.hub.web.rules.telling import UNKNOWN
from sync.hub.web.words import Word

_SITES_SHOWN = 100


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """From what to what, why, and how often."""

    was: Word
    was_class: str
    was_reason: Word
    would_be: Word
    would_class: str
    reason: Word
    rule: str
    count: int


@dataclass(frozen=True, slots=True)
class ExampleRow:
    when: When
    site: str
    door: str
    pass_type: Word
    was: Word
    was_reason: Word
    would_be: Word
    would_class: str
    reason: Word
    rule: str


@require_safe
def trial(request: HttpRequest, version: int) -> HttpResponse:
    row = find_rulebook(version)
    book, office = parse_rulebook(row.document), office_of(request)
    sites = Site.objects.order_by("name").values_list("pk", "name")
    if office is not None:
        sites = sites.filter(office_id=office)
    named = request.GET.get("site", "")
    chosen = next((pk for pk, _name in sites if str(pk) == named), None)
    found = trial_of(version, clock.now(), office=office, site=chosen)
    content = {
        "row": row,
        "book": book,
        "trial": found,
        "rules": [
            (_rule(book, one.rule), words.word(words.REASONS, one.reason), one.figures)
            for one in found.rules
        ],
        "sites_shown": found.sites[:_SITES_SHOWN],
        "sites": list(sites),
        "chosen": chosen,
        "days": TRIAL_DAYS,
    }
    return render(request, "rules/trial.html", content)


@require_safe
def trying(request: HttpRequest, pk: int) -> HttpResponse:
    draft = find(pk)
    book = parse_rulebook(draft.document)
    tried = try_out(book, clock.now())
    content = {
        "draft": draft,
        "book": book,
        "tried": tried,
        "days": DAYS,
        "matrix": _matrix(tried),
        "changes": _changes(tried, book),
        "rules": list(rules_in_order(tried, book)),
        "unknown": [(gettext(UNKNOWN[why]), count) for why, count in tried.unknown.most_common()],
        "unknown_all": tried.unknown.total(),
        "examples": _examples(tried, book),
    }
    return render(request, "rules/try_out.html", content)


def _matrix(tried: TriedOut) -> list[tuple[Word, str, list[tuple[Word, int]]]]:
    """Return a row for each outcome as it was, with how many would be what."""
    return [
        (
            words.OUTCOMES[was],
            was.name.lower(),
            [(words.OUTCOMES[would], tried.outcomes[was, would]) for would in Outcome],
        )
        for was in Outcome
    ]


def _changes(tried: TriedOut, book: Rulebook) -> list[ChangeRow]:
    return [
        ChangeRow(
            was=words.word(words.OUTCOMES, one.was),
            was_class=words.css_class(Outcome, one.was),
            was_reason=words.word(words.REASONS, one.was_reason),
            would_be=words.word(words.OUTCOMES, one.would_be),
            would_class=words.css_class(Outcome, one.would_be),
            reason=words.word(words.REASONS, one.reason),
            rule=_rule(book, one.rule),
            count=count,
        )
        for one, count in tried.changes.most_common()
    ]


def _examples(tried: TriedOut, book: Rulebook) -> list[ExampleRow]:
    return [
        ExampleRow(
            when=when(
                one.row["time_ms"],
                one.row["error_ms"],
                one.row["lower_ms"],
                one.row["upper_ms"],
                one.row["door__site__timezone"],
            ),
            site=one.row["door__site__name"],
            door=one.row["door__label"],
            pass_type=words.word(words.PASS_TYPES, one.was.pass_type),
            was=words.word(words.OUTCOMES, one.was.outcome),
            was_reason=words.word(words.REASONS, one.was.reason),
            would_be=words.word(words.OUTCOMES, one.would_be.outcome),
            would_class=words.css_class(Outcome, one.would_be.outcome),
            reason=words.word(words.REASONS, one.would_be.reason),
            rule=_rule(book, one.would_be.rule),
        )
        for one in tried.examples
    ]


def _rule(book: Rulebook, place: int | None) -> str:
    """Return number and name of a rule."""
    if place is None or place >= len(book.rules):
        return ""
    return f"{place + 1}. {book.rules[place].name}"
