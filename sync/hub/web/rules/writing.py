"""`/rules/drafts/new/` and `…/edit/`: a draft is written, by its form or as JSON."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from kiosk.admission.rulebook_document import MAX_BYTES, MAX_VERSION
from sync.hub import clock
from sync.hub.errors import CannotDecide, FaultyFile, Snag
from sync.hub.rules import drafting
from sync.hub.rules.drafting import Act
from sync.hub.rules.models import Draft, Rulebook
from sync.hub.rules.publishing import DEFAULT, newest_version
from sync.hub.web.access import operator_of
from sync.hub.web.rules.draft_document import (
    Document,
    as_bytes,
    colours_of,
    document_of,
    initial_of,
    read_json,
    rules_of,
)
from sync.hub.web.rules.draft_form import MOST_RULES, ColourRows, DraftForm, RuleRows, rows_of
from sync.hub.web.rules.drafts import find
from sync.hub.web.rules.telling import SNAGS, told


class JsonForm(forms.Form):
    edition = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    letter_date = forms.DateField(
        label=_("Date of the letter"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    document = forms.CharField(
        label=_("Rulebook (JSON)"),
        strip=False,
        max_length=MAX_BYTES,
        widget=forms.Textarea(attrs={"rows": 30, "spellcheck": "false"}),
    )


@dataclass(frozen=True, slots=True)
class _Text:
    """What a draft is written on from; `draft` is None for a new one."""

    document: bytes
    letter_date: date | None = None
    draft: Draft | None = None

    @property
    def edition(self) -> int | None:
        return None if self.draft is None else self.draft.edition


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    return _by_form(request, _template(request))


@require_http_methods(["GET", "HEAD", "POST"])
def new_json(request: HttpRequest) -> HttpResponse:
    return _by_json(request, _template(request))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    draft = find(pk)
    return _by_form(request, _Text(draft.document, draft.letter_date, draft))


@require_http_methods(["GET", "HEAD", "POST"])
def edit_json(request: HttpRequest, pk: int) -> HttpResponse:
    draft = find(pk)
    return _by_json(request, _Text(draft.document, draft.letter_date, draft))


def _template(request: HttpRequest) -> _Text:
    """Return the rulebook that is named, else the newest: a letter changes one before it."""
    named = request.GET.get("from", "")
    books = Rulebook.objects.order_by("-version")
    if named.isascii() and named.isdecimal() and len(named) < 20:
        books = books.filter(version=min(int(named), MAX_VERSION))
    found = books.first()
    document = read_json(DEFAULT.read_bytes() if found is None else found.document)
    begins = clock.now().replace(second=0, microsecond=0).isoformat()
    fresh = {"version": newest_version() + 1, "effective_from": begins}
    return _Text(as_bytes(document | fresh))


def _by_form(request: HttpRequest, text: _Text) -> HttpResponse:
    document = read_json(text.document)
    if max(len(document["rules"]), len(document.get("colours", []))) > MOST_RULES:
        return _redirect_to_json(text)
    data = request.POST if request.method == "POST" else None
    initial = initial_of(document) | {"letter_date": text.letter_date, "edition": text.edition}
    form = DraftForm(data, initial=initial)
    rules = RuleRows(data, initial=rules_of(document), prefix="rules")
    colours = ColourRows(data, initial=colours_of(document), prefix="colours")
    faults: list[str] = []
    if data is not None and all([form.is_valid(), rules.is_valid(), colours.is_valid()]):
        written = document_of(
            form.cleaned_data, rows_of(rules), rows_of(colours), _version(document, text)
        )
        answer, faults = _kept(request, text, form, as_bytes(written))
        if answer is not None:
            return answer
    content = {"form": form, "rules": rules, "colours": colours, "faults": faults}
    is_faulty = bool(faults) or (data is not None and not form.is_valid())
    return _page(request, "rules/edit.html", text, content, is_faulty=is_faulty)


def _by_json(request: HttpRequest, text: _Text) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    initial = {
        "edition": text.edition,
        "letter_date": text.letter_date,
        "document": text.document.decode(errors="replace"),
    }
    form, faults = JsonForm(data, initial=initial), list[str]()
    if data is not None and form.is_valid():
        answer, faults = _kept(request, text, form, form.cleaned_data["document"].encode())
        if answer is not None:
            return answer
    content: dict[str, object] = {"form": form, "faults": faults}
    return _page(request, "rules/edit_json.html", text, content, is_faulty=bool(faults))


def _kept(
    request: HttpRequest, text: _Text, form: forms.Form, document: bytes
) -> tuple[HttpResponse | None, list[str]]:
    """Keep what was written, or return every fault of it."""
    by, at = operator_of(request), clock.now()
    given = form.cleaned_data
    try:
        if text.draft is None:
            draft = drafting.begin(document, given["letter_date"], by, at)
        else:
            act = Act(by, at, given["edition"] or 0)
            draft = drafting.change(text.draft.pk, document, given["letter_date"], act)
    except FaultyFile as fault:
        return None, told(fault.faults)
    except CannotDecide as fault:
        return None, [gettext(SNAGS[fault.why])]
    return redirect("draft", draft.pk), []


def _version(document: Document, text: _Text) -> int:
    """A draft keeps its number as long as it is a new one."""
    newest = newest_version()
    is_new = text.draft is not None and document["version"] > newest
    return int(document["version"]) if is_new else newest + 1


def _redirect_to_json(text: _Text) -> HttpResponse:
    if text.draft is None:
        return redirect("draft-new-json")
    return redirect("draft-edit-json", text.draft.pk)


def _page(
    request: HttpRequest,
    template: str,
    text: _Text,
    content: dict[str, object],
    *,
    is_faulty: bool,
) -> HttpResponse:
    draft = text.draft
    is_closed = draft is not None and draft.state != Draft.State.WRITING
    faults = content["faults"] or ([gettext(SNAGS[Snag.NOT_SUBMITTED])] if is_closed else [])
    shown = content | {"draft": draft, "faults": faults, "is_faulty": is_faulty}
    return render(request, template, shown)
