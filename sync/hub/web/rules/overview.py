"""`/rules/`: what is in force at which kind of site, what comes, who has it, and drafts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sync.hub import clock
from sync.hub.rules.models import Draft, Rulebook
from sync.hub.rules.standing import OfKind, standing
from sync.hub.web.access import ACCESS, may_open, office_of, operator_of
from sync.hub.web.rules.telling import kind_word

_SETTLED_SHOWN = 20
_EARLIER_SHOWN = 50
_OPEN = (Draft.State.WRITING, Draft.State.SUBMITTED)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    edits = may_open(operator_of(request), ACCESS["draft"])
    kinds = standing(clock.now(), office_of(request))
    content: dict[str, object] = {
        "kinds": [(kind_word(one.kind), one) for one in kinds],
        "earlier": _earlier(kinds),
        "edits": edits,
    }
    if edits:
        content |= _drafts()
    return render(request, "rules/overview.html", content)


def _drafts() -> dict[str, object]:
    drafts = (
        Draft.objects.defer("document")
        .select_related("changed_by", "submitted_by", "decided_by", "rulebook")
        .order_by("-changed_at", "-pk")
    )
    return {
        "open": drafts.filter(state__in=_OPEN),
        "settled": drafts.exclude(state__in=_OPEN)[:_SETTLED_SHOWN],
    }


def _earlier(kinds: list[OfKind]) -> list[Rulebook]:
    """Return those that are neither in force anywhere nor to come, newest first."""
    shown = {one.in_force.row.pk for one in kinds if one.in_force is not None}
    shown |= {told.row.pk for one in kinds for told in one.to_come}
    books = Rulebook.objects.exclude(pk__in=shown).defer("document").order_by("-version")
    return list(books[:_EARLIER_SHOWN])
