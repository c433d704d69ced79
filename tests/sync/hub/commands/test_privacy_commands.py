import json
from datetime import timedelta

import pytest
from django.db import connection

from sync.hub import identity
from sync.hub.__main__ import main
from sync.hub.home import Home
from sync.hub.people.models import LookUp, Subject
from sync.hub.privacy.append_only import unguard
from sync.hub.privacy.audit import note
from sync.hub.privacy.kinds import Event
from sync.hub.privacy.models import AuditRecord
from sync.hub.web.roles import Role
from tests.sync.hub.conftest import NOW
from tests.sync.hub.operators import an_operator

_SUB = b"subject1"


@pytest.fixture
def siti() -> Subject:
    return Subject.objects.create(sub=_SUB, label="Siti Rahayu", created_at=NOW)


def run(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert main(list(words)) == code
    told = capsys.readouterr()
    return told.err if code else told.out


def test_an_operator_reads_what_is_held(capsys: pytest.CaptureFixture[str], siti: Subject) -> None:
    told = json.loads(run(capsys, "person-data", siti.sub.hex(), "--json"))
    assert (told["name"], told["visits"]) == ("Siti Rahayu", [])
    assert AuditRecord.objects.get().actor == "command:person-data"
    assert "nobody" in run(capsys, "person-data", "00" * 8, code=2)


@pytest.mark.usefixtures("committing")
def test_somebody_is_deleted(capsys: pytest.CaptureFixture[str], siti: Subject) -> None:
    told = json.loads(run(capsys, "person-data", siti.sub.hex(), "--delete", "--json"))
    assert told == {"passes_withdrawn": 0, "visits_unlinked": 0}
    assert not Subject.objects.exists()


@pytest.mark.usefixtures("committing")
def test_what_is_due_is_deleted_after_it_was_counted(
    capsys: pytest.CaptureFixture[str], siti: Subject
) -> None:
    long_ago = NOW - timedelta(days=800)
    look_up = LookUp.objects.create(
        operator=an_operator(Role.DPO), page="people", at=long_ago, until=long_ago
    )
    look_up.subjects.add(siti)
    trial = json.loads(run(capsys, "retain", "--dry-run", "--json"))
    assert (trial["dry_run"], trial["deleted"]["look-ups"]) == (True, 1)
    assert LookUp.objects.exists()
    assert "look-ups: 1 deleted" in run(capsys, "retain", "--rewrite")
    assert not LookUp.objects.exists()
    assert AuditRecord.objects.filter(event=Event.RETENTION).count() == 1


def test_the_log_is_checked(capsys: pytest.CaptureFixture[str]) -> None:
    """1 and the first bad record, where it was changed; 2 where the question makes no sense."""
    for _ in range(3):
        note(Event.SIGN_IN)
    head = json.loads(run(capsys, "audit", "seal", "--json"))["head"]
    assert head in run(capsys, "audit", "verify", "--head", head)
    other = f"3:{'00' * 32}"
    assert "record 3 is not the one" in run(capsys, "audit", "verify", "--head", other, code=1)
    unguard(connection)
    AuditRecord.objects.filter(number=2).update(actor="operator:1")
    assert "record 2 was changed" in run(capsys, "audit", "verify", code=1)
    for wrong in ("3", "0:00", "x:y"):
        with pytest.raises(SystemExit):
            main(["audit", "verify", "--head", wrong])


def test_names_are_sealed_anew(
    capsys: pytest.CaptureFixture[str], own_home: Home, siti: Subject
) -> None:
    siti.save()
    told = json.loads(run(capsys, "keys", "rotate-identities", "--json"))
    assert told == {"texts": 1}
    assert len(identity.kids()) == 2
    assert oct(own_home.identity_key.stat().st_mode)[-3:] == "600"
    assert Subject.objects.get().label == "Siti Rahayu"
