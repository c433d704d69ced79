"""`/rules/drafts/…`: a draft is read, given its letter, and decided on."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from kiosk.admission.rulebook import Rulebook as ParsedRulebook
from kiosk.admission.rulebook_document import parse_rulebook
from sync.hub import clock
from sync.hub.errors import CannotDecide, FaultyFile, Snag
from sync.hub.rules import drafting
from sync.hub.rules.drafting import Act
from sync.hub.rules.letters import MAX_BYTES, attach
from sync.hub.rules.models import Draft, Letter
from sync.hub.rules.selection import published_rules
from sync.hub.rules.standing import kinds_of_sites
from sync.hub.web.access import operator_of
from sync.hub.web.rules.rulebook import as_attachment
from sync.hub.web.rules.telling import SNAGS, described, differences, kind_word, told

# A form has some bytes around its file.
_MOST_SENT_BYTES = MAX_BYTES + 64 * 1024


class DecisionForm(forms.Form):
    """What is done with a draft in the edition that was read."""

    decision = forms.ChoiceField(
        choices=[(name, name) for name in ("submit", "take-back", "withdraw", "reject", "approve")]
    )
    edition = forms.IntegerField(min_value=1)
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, find(pk))


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    draft, form = find(pk), DecisionForm(request.POST)
    if not form.is_valid():
        return show(request, draft, faults=[gettext(SNAGS[Snag.NOT_SUBMITTED])], status=400)
    wish = form.cleaned_data
    act = Act(operator_of(request), clock.now(), wish["edition"])
    try:
        _do(wish["decision"], pk, act, wish["note"])
    except CannotDecide as fault:
        return show(request, find(pk), faults=[gettext(SNAGS[fault.why])], status=409)
    except FaultyFile as fault:
        return show(request, find(pk), faults=told(fault.faults), status=409)
    return redirect("draft", pk)


def _do(decision: str, pk: int, act: Act, note: str) -> None:
    if decision == "submit":
        drafting.submit(pk, act)
    elif decision == "take-back":
        drafting.take_back(pk, act)
    elif decision == "withdraw":
        drafting.withdraw(pk, act, note)
    elif decision == "reject":
        drafting.reject(pk, act, note)
    else:
        drafting.approve(pk, act, note)


@csrf_exempt
@require_POST
def add_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse what is too long before any of it is read, also for its token."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = _MOST_SENT_BYTES + 1
    if length > _MOST_SENT_BYTES:
        return show(request, find(pk), faults=[gettext(SNAGS[Snag.TOO_LONG])], status=413)
    return _add_letter(request, pk)


@csrf_protect
def _add_letter(request: HttpRequest, pk: int) -> HttpResponse:
    draft, file = find(pk), request.FILES.get("letter")
    edition = request.POST.get("edition", "")
    if file is None:
        return show(request, draft, faults=[gettext("No file was chosen.")], status=400)
    number = int(edition) if edition.isascii() and edition.isdecimal() and len(edition) < 10 else 0
    try:
        attach(pk, file.read(), Act(operator_of(request), clock.now(), number))
    except CannotDecide as fault:
        return show(request, draft, faults=[gettext(SNAGS[fault.why])], status=400)
    return redirect("draft", pk)


@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    del request
    found = Letter.objects.filter(draft=find(pk)).first()
    if found is None:
        raise Http404
    return as_attachment(found, f"surat-edaran-rancangan-{pk}.pdf")


def find(pk: int) -> Draft:
    people = ("created_by", "changed_by", "submitted_by", "decided_by", "rulebook")
    found = Draft.objects.select_related(*people).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def show(
    request: HttpRequest, draft: Draft, *, faults: list[str] | None = None, status: int = 200
) -> HttpResponse:
    book = parse_rulebook(draft.document)
    is_open = draft.state in {Draft.State.WRITING, Draft.State.SUBMITTED}
    content = {
        "draft": draft,
        "book": book,
        "described": described(book),
        "changes": _changes(book) if is_open else [],
        "letter": Letter.objects.filter(draft=draft).defer("content").first(),
        "faults": faults or [],
        "form": DecisionForm(auto_id="id_decision_%s"),
        "is_writing": draft.state == Draft.State.WRITING,
        "is_submitted": draft.state == Draft.State.SUBMITTED,
        "is_own": draft.submitted_by_id == operator_of(request).pk,
        "begins_at_once": book.effective_from <= clock.now(),
        "most_mib": MAX_BYTES // (1024 * 1024),
    }
    return render(request, "rules/draft.html", content, status=status)


def _changes(book: ParsedRulebook) -> list[tuple[str, ParsedRulebook, list[str]]]:
    """Return what would change, for each rulebook that is in force where this one will be."""
    rules, now = published_rules(), clock.now()
    running: dict[int, tuple[list[str], ParsedRulebook]] = {}
    for kind in sorted(book.site_kinds) or kinds_of_sites():
        found = rules.running(frozenset({kind}), now)
        if found is not None:
            running.setdefault(found.version, ([], found))[0].append(str(kind_word(kind)))
    return [(", ".join(kinds), old, differences(old, book)) for kinds, old in running.values()]
