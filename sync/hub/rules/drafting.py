"""From a draft to a rulebook: one person submits it, another one publishes it.

Nothing is deleted: what was withdrawn or rejected stays, with who did it and why.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from sync.hub.errors import CannotDecide, Snag
from sync.hub.rules.models import Draft, Rulebook
from sync.hub.rules.publishing import People, publish, read_document
from sync.hub.web.models import Operator

_State = Draft.State
_OPEN = (_State.WRITING, _State.SUBMITTED)


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody does something to the draft that they have read in this edition."""

    by: Operator
    at: datetime
    edition: int


def begin(document: bytes, letter_date: date | None, by: Operator, at: datetime) -> Draft:
    """Raises FaultyFile with every fault of the document."""
    read_document(document)
    return Draft.objects.create(
        document=document,
        letter_date=letter_date,
        created_by=by,
        created_at=at,
        changed_by=by,
        changed_at=at,
    )


def change(pk: int, document: bytes, letter_date: date | None, act: Act) -> Draft:
    """Keep another document.

    Raises:
        FaultyFile: with every fault of the document.
        CannotDecide: it is no longer being written, or somebody else has changed it.
    """
    read_document(document)
    with transaction.atomic():
        draft = held(pk, act, _State.WRITING)
        draft.document, draft.letter_date = document, letter_date
        touch(draft, act)
        draft.save()
    return draft


def submit(pk: int, act: Act) -> Draft:
    with transaction.atomic():
        draft = held(pk, act, _State.WRITING)
        draft.state = _State.SUBMITTED
        draft.submitted_by, draft.submitted_at = act.by, act.at
        draft.edition += 1
        draft.save()
    return draft


def take_back(pk: int, act: Act) -> Draft:
    """Have a submitted draft written on."""
    with transaction.atomic():
        draft = held(pk, act, _State.SUBMITTED)
        draft.state = _State.WRITING
        draft.submitted_by = draft.submitted_at = None
        draft.edition += 1
        draft.save()
    return draft


def withdraw(pk: int, act: Act, note: str) -> Draft:
    with transaction.atomic():
        return _settle(held(pk, act, *_OPEN), _State.WITHDRAWN, act, note)


def reject(pk: int, act: Act, note: str) -> Draft:
    """Whoever wrote it is owed a reason."""
    if not note.strip():
        raise CannotDecide(Snag.NO_REASON)
    with transaction.atomic():
        draft = held(pk, act, _State.SUBMITTED)
        _require_another(draft, act)
        return _settle(draft, _State.REJECTED, act, note)


def approve(pk: int, act: Act, note: str) -> Draft:
    """Publish it.

    Raises:
        FaultyFile: its version is no longer new: another rulebook was published meanwhile.
        CannotDecide: it is not submitted, was changed, or by the same person.
    """
    with transaction.atomic():
        draft = held(pk, act, _State.SUBMITTED)
        _require_another(draft, act)
        published = publish(draft.document, act.at, People(draft.submitted_by, act.by))
        draft.rulebook = Rulebook.objects.get(version=published.version)
        return _settle(draft, _State.PUBLISHED, act, note)


def held(pk: int, act: Act, *states: Draft.State) -> Draft:
    """Return the draft, which nobody else changes until the transaction's end."""
    draft = Draft.objects.select_for_update().get(pk=pk)
    if draft.state not in states:
        is_open = draft.state in _OPEN
        raise CannotDecide(Snag.NOT_SUBMITTED if is_open else Snag.SETTLED)
    if draft.edition != act.edition:
        raise CannotDecide(Snag.CHANGED)
    return draft


def touch(draft: Draft, act: Act) -> None:
    draft.edition += 1
    draft.changed_by, draft.changed_at = act.by, act.at


def _require_another(draft: Draft, act: Act) -> None:
    if draft.submitted_by_id == act.by.pk:
        raise CannotDecide(Snag.OWN_DRAFT)


def _settle(draft: Draft, state: Draft.State, act: Act, note: str) -> Draft:
    draft.state, draft.note = state, note.strip()[:500]
    draft.decided_by, draft.decided_at = act.by, act.at
    draft.save()
    return draft
