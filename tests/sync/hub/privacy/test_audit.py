from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection, connections, transaction

from sync.hub.errors import FaultyFile
from sync.hub.privacy.actor import acting
from sync.hub.privacy.append_only import guard, unguard
from sync.hub.privacy.audit import FIRST, Head, head, note, pseudonym, seal, verify
from sync.hub.privacy.kinds import Event
from sync.hub.privacy.models import AuditRecord, AuditSeal
from tests.sync.hub.conftest import NOW

_THREADS, _EACH = 4, 10


def three_records() -> None:
    with acting("operator:7"):
        note(Event.SIGN_IN)
    note(Event.LOOK_UP, {"page": "people", "people": 3})
    note(Event.PASS_REVOKED, {"passes": 1, "whose": [pseudonym(b"subject1")]})


def bent(change: Callable[[], object]) -> None:
    """Change the log as somebody would who owns the tables."""
    unguard(connection)
    change()
    guard(connection)


def test_each_record_covers_the_one_before() -> None:
    three_records()
    rows = list(AuditRecord.objects.order_by("number"))
    assert [row.number for row in rows] == [1, 2, 3]
    assert [row.previous for row in rows] == [FIRST, rows[0].digest, rows[1].digest]
    assert [row.actor for row in rows] == ["operator:7", "-", "-"]
    assert verify() == head() == Head(3, rows[2].digest)


@pytest.mark.parametrize(
    ("change", "number"),
    [
        (lambda: AuditRecord.objects.filter(number=2).update(detail="{}"), 2),
        (lambda: AuditRecord.objects.filter(number=1).update(actor="operator:8"), 1),
        (lambda: AuditRecord.objects.filter(number=3).update(at_ms=1), 3),
        (lambda: AuditRecord.objects.filter(number=2).delete(), 2),
        (lambda: AuditRecord.objects.filter(number=1).delete(), 1),
        # Of the last one only the seal knows.
        (lambda: AuditRecord.objects.filter(number=3).delete(), 3),
    ],
)
def test_what_was_changed_is_named(change: Callable[[], object], number: int) -> None:
    three_records()
    seal(NOW)
    bent(change)
    with pytest.raises(FaultyFile, match=f"record {number} "):
        verify()


def test_a_log_that_was_made_anew_is_not_the_one_that_was_noted() -> None:
    """Whoever has the database and no key can make records, but no seals."""
    three_records()
    noted = seal(NOW)
    bent(lambda: (AuditRecord.objects.all().delete(), AuditSeal.objects.all().delete()))
    with acting("operator:9"):
        three_records()
        note(Event.SIGN_IN)
    verify()
    with pytest.raises(FaultyFile, match="record 3 is not the one"):
        verify(noted)


def test_a_seal_of_another_key_is_found() -> None:
    three_records()
    seal(NOW)
    bent(lambda: AuditSeal.objects.update(signature=bytes(64)))
    with pytest.raises(FaultyFile, match="not of this hub's key"):
        verify()


@pytest.mark.parametrize("model", [AuditRecord, AuditSeal])
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_database_refuses(model: type[AuditRecord] | type[AuditSeal], verb: str) -> None:
    """Whatever a page or a shell asks of it."""
    three_records()
    seal(NOW)
    rows = model.objects.all()
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
        rows.update(number=9) if verb == "update" else rows._raw_delete(rows.db)
    assert verify().number == 3


def test_a_record_goes_with_what_it_tells_of() -> None:
    with transaction.atomic():
        note(Event.SIGN_IN)
        transaction.set_rollback(True)
    assert head() == Head(0, FIRST)


@pytest.mark.usefixtures("committing")
def test_several_write_at_once() -> None:
    """One after the other, so that no number is given twice and none is left out."""

    def work(_worker: int) -> None:
        try:
            for _ in range(_EACH):
                note(Event.SIGN_IN)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(work, range(_THREADS)))
    assert verify().number == _THREADS * _EACH
