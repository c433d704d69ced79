"""`/passes/printing/<pk>/`: cards that were issued together, as files to be printed."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from sync.hub import clock, installation
from sync.hub.errors import CannotIssue
from sync.hub.people.cards import (
    CARDS_A_FILE,
    PRINTABLE_FOR,
    cards_of,
    files_of,
    passes_in_file,
)
from sync.hub.people.look_ups import record
from sync.hub.people.models import Printing
from sync.hub.web.access import operator_of
from sync.hub.web.phone.card_drawing import draw_cards
from sync.hub.web.phone.pdf import as_pdf
from sync.hub.web.phone.printable import is_printed_whole
from sync.hub.web.phone.sheet import PIECES
from sync.hub.web.refusals import said

_GONE = 410


@dataclass(frozen=True, slots=True)
class File:
    """`first` and `last` are the numbers of its cards."""

    number: int
    first: int
    last: int
    sheets: int


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    printing = get_object_or_404(Printing.objects.select_related("made_by"), pk=pk)
    labels = printing.passes.values_list("subject__label", flat=True)
    until = printing.made_at + PRINTABLE_FOR
    content = {
        "printing": printing,
        "files": _files(files_of(printing)),
        "until": until,
        "is_over": until < clock.now(),
        "odd": sum(not is_printed_whole(label) for label in labels.iterator()),
        "count": printing.passes.count(),
    }
    return render(request, "web/printing.html", content)


@require_safe
def file(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The cards themselves; who draws them has seen the names, for the reason of their issue."""
    printing = get_object_or_404(Printing, pk=pk)
    passes = passes_in_file(printing, number) if number else []
    if not passes:
        raise Http404
    at = clock.now()
    try:
        cards = cards_of(passes, installation.keyring(), at)
    except CannotIssue as fault:
        return render(request, "web/printing.html", {"fault": said(fault)}, status=_GONE)
    subjects = [one.subject for one in passes]
    record(operator_of(request), "card-file", subjects, at, printing.reason)
    return as_pdf(draw_cards(cards), f"kartu-{pk}-{number}")


def _files(counts: list[int]) -> list[File]:
    return [
        File(
            number=place + 1,
            first=place * CARDS_A_FILE + 1,
            last=place * CARDS_A_FILE + count,
            sheets=-(-count // PIECES),
        )
        for place, count in enumerate(counts)
    ]
