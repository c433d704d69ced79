"""Two people publish a rulebook; nothing that was decided changes or disappears."""

import pytest

from sync.hub.errors import CannotDecide, FaultyFile, Snag
from sync.hub.rules import drafting
from sync.hub.rules.drafting import Act
from sync.hub.rules.letters import MAX_BYTES, attach
from sync.hub.rules.models import Draft, Letter, Rulebook
from sync.hub.rules.publishing import publish, publish_default
from sync.hub.web.models import Operator
from sync.hub.web.roles import Role
from tests.sync.hub.conftest import NOW
from tests.sync.hub.operators import an_operator
from tests.sync.hub.rules.rulebooks import A_PDF, a_document


@pytest.fixture
def one() -> Operator:
    publish_default(NOW)
    return an_operator(Role.DISKOMINFO, name="satu")


@pytest.fixture
def other() -> Operator:
    return an_operator(Role.DISKOMINFO, name="dua")


def _submitted(by: Operator) -> Draft:
    draft = drafting.begin(a_document(), None, by, NOW)
    return drafting.submit(draft.pk, Act(by, NOW, draft.edition))


def test_another_one_publishes_it(one: Operator, other: Operator) -> None:
    """The rulebook says who they were, and its text is that which was submitted."""
    draft = _submitted(one)
    drafting.approve(draft.pk, Act(other, NOW, draft.edition), "")
    book = Rulebook.objects.get(version=2)
    assert (book.submitted_by, book.approved_by) == (one, other)
    assert book.document == a_document()
    assert Draft.objects.get().rulebook == book


def test_nobody_publishes_their_own(one: Operator, other: Operator) -> None:
    """Neither approving nor rejecting is for whoever submitted it; withdrawing is."""
    draft = _submitted(one)
    for decide in (drafting.approve, drafting.reject):
        with pytest.raises(CannotDecide) as caught:
            decide(draft.pk, Act(one, NOW, draft.edition), "karena")
        assert caught.value.why is Snag.OWN_DRAFT
    assert Rulebook.objects.count() == 1
    drafting.withdraw(draft.pk, Act(one, NOW, draft.edition), "")
    assert Draft.objects.get().state == Draft.State.WITHDRAWN


def test_what_was_not_submitted_is_not_published(one: Operator, other: Operator) -> None:
    draft = drafting.begin(a_document(), None, one, NOW)
    with pytest.raises(CannotDecide) as caught:
        drafting.approve(draft.pk, Act(other, NOW, draft.edition), "")
    assert caught.value.why is Snag.NOT_SUBMITTED


def test_only_what_was_read_is_approved(one: Operator, other: Operator) -> None:
    """Taken back, changed and submitted again, it is another draft than the one on the screen."""
    draft = _submitted(one)
    read = draft.edition
    draft = drafting.take_back(draft.pk, Act(one, NOW, read))
    draft = drafting.change(draft.pk, a_document(trial=True), None, Act(one, NOW, draft.edition))
    drafting.submit(draft.pk, Act(one, NOW, draft.edition))
    with pytest.raises(CannotDecide) as caught:
        drafting.approve(draft.pk, Act(other, NOW, read), "")
    assert caught.value.why is Snag.CHANGED
    assert Rulebook.objects.count() == 1


def test_a_rejected_draft_stays_with_its_reason(one: Operator, other: Operator) -> None:
    draft = _submitted(one)
    with pytest.raises(CannotDecide) as caught:
        drafting.reject(draft.pk, Act(other, NOW, draft.edition), "  ")
    assert caught.value.why is Snag.NO_REASON
    drafting.reject(draft.pk, Act(other, NOW, draft.edition), "tanggal salah")
    kept = Draft.objects.get()
    assert (kept.state, kept.note, kept.decided_by) == (
        Draft.State.REJECTED,
        "tanggal salah",
        other,
    )
    with pytest.raises(CannotDecide) as caught:
        drafting.approve(draft.pk, Act(other, NOW, kept.edition), "")
    assert caught.value.why is Snag.SETTLED


def test_a_draft_that_was_overtaken_is_not_published(one: Operator, other: Operator) -> None:
    """Another rulebook of its number came first: the difference that was read is not that one."""
    draft = _submitted(one)
    publish(a_document(), NOW)
    with pytest.raises(FaultyFile, match="greater than 2"):
        drafting.approve(draft.pk, Act(other, NOW, draft.edition), "")
    assert Draft.objects.get().state == Draft.State.SUBMITTED


def test_a_draft_has_no_faults(one: Operator) -> None:
    """All of them are told at once; half a character is one."""
    with pytest.raises(FaultyFile) as caught:
        drafting.begin(a_document(0, letter=""), None, one, NOW)
    assert len(caught.value.faults) == 2
    with pytest.raises(FaultyFile, match="half of a character"):
        drafting.begin(a_document(letter="\ud800"), None, one, NOW)
    assert not Draft.objects.exists()


def test_a_letter_belongs_to_what_is_being_written(one: Operator) -> None:
    """A new one takes the place of the one before, and nobody approves another than was read."""
    draft = drafting.begin(a_document(), None, one, NOW)
    attach(draft.pk, A_PDF, Act(one, NOW, 1))
    attach(draft.pk, A_PDF + b"\n", Act(one, NOW, 2))
    assert Letter.objects.get().size_bytes == len(A_PDF) + 1
    drafting.submit(draft.pk, Act(one, NOW, 3))
    with pytest.raises(CannotDecide):
        attach(draft.pk, A_PDF, Act(one, NOW, 4))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", Snag.NOT_PDF),
        (b"MZ\x90", Snag.NOT_PDF),
        (b"%PDF-1.4 cut", Snag.NOT_PDF),
        (b"<html>%PDF-%%EOF", Snag.NOT_PDF),
        (b"%PDF-" + bytes(MAX_BYTES) + b"%%EOF", Snag.TOO_LONG),
    ],
    ids=["empty", "program", "cut off", "page", "long"],
)
def test_a_letter_is_a_pdf(content: bytes, why: Snag, one: Operator) -> None:
    draft = drafting.begin(a_document(), None, one, NOW)
    with pytest.raises(CannotDecide) as caught:
        attach(draft.pk, content, Act(one, NOW, 1))
    assert caught.value.why is why
    assert not Letter.objects.exists()
