"""`/rules/<version>/`: one published rulebook in words, and the letter that it stands on."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kiosk.admission.rulebook_document import MAX_VERSION, parse_rulebook
from sync.hub.rules.letters import letter_of_version
from sync.hub.rules.models import Letter, Rulebook
from sync.hub.web.rules.telling import described, differences


@require_safe
def page(request: HttpRequest, version: int) -> HttpResponse:
    row = find_rulebook(version)
    book = parse_rulebook(row.document)
    before = Rulebook.objects.filter(version__lt=version).order_by("-version").first()
    content = {
        "row": row,
        "book": book,
        "described": described(book),
        "before": before,
        "differences": [] if before is None else differences(parse_rulebook(before.document), book),
        "letter": Letter.objects.filter(draft__rulebook=row).defer("content").first(),
        "letter_date": row.draft.letter_date if hasattr(row, "draft") else None,
        "json": row.document.decode(errors="replace"),
    }
    return render(request, "rules/rulebook.html", content)


@require_safe
def letter(request: HttpRequest, version: int) -> HttpResponse:
    del request
    find_rulebook(version)
    found = letter_of_version(version)
    if found is None:
        raise Http404
    return as_attachment(found, f"surat-edaran-{version}.pdf")


def find_rulebook(version: int) -> Rulebook:
    books = Rulebook.objects.select_related("submitted_by", "approved_by", "draft")
    found = books.filter(version=version).first() if version <= MAX_VERSION else None
    if found is None:
        raise Http404
    return found


def as_attachment(letter: Letter, name: str) -> HttpResponse:
    """To be kept, never shown within the hub's own pages."""
    return HttpResponse(
        letter.content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
