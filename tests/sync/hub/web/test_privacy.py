import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kiosk.passes.claims import ANY_UNIT, PassType
from sync.hub.__main__ import main
from sync.hub.fleet.models import Office
from sync.hub.ingest.models import Visit
from sync.hub.keyring import Keyring
from sync.hub.people.issuing import Order, issue
from sync.hub.people.models import LookUp, Pass, Subject
from sync.hub.people.revocation import revoked_octets
from sync.hub.privacy.append_only import unguard
from sync.hub.privacy.audit import note, pseudonym, verify
from sync.hub.privacy.kinds import Event, Kind, Lost
from sync.hub.privacy.models import AuditRecord, Breach
from sync.hub.privacy.retention import days_of
from sync.hub.web.audit import EVENTS
from sync.hub.web.roles import Role
from tests.sync.hub.conftest import NOW, PinnedClock
from tests.sync.hub.fake_door import an_enrolled_door, take
from tests.sync.hub.operators import PASSWORD, an_operator, give_app, sign_in
from tests.sync.hub.people.personnel_lists import BUDI, SITI, as_csv

_REASON = "permintaan tertulis"


@pytest.fixture
def officer(client: Client) -> Client:
    sign_in(client, an_operator(Role.DPO))
    return client


@pytest.fixture
def siti(keyring: Keyring) -> Subject:
    """Somebody with a pass, who came three times and was looked up once."""
    order = Order(PassType.EMPLOYEE, "Siti Rahayu", NOW, NOW + timedelta(days=9), ANY_UNIT)
    issued = issue(order, keyring, NOW)
    door = an_enrolled_door(keyring)
    door.see(3, sub=issued.claims.sub, cti=issued.claims.cti, pass_type=int(PassType.EMPLOYEE))
    take(door.send())
    return Subject.objects.get(sub=issued.claims.sub)


def about(subject: Subject, **more: str) -> dict[str, str]:
    return {"subject": str(subject.pk), "reason": _REASON, **more}


def events(event: Event) -> list[dict[str, object]]:
    rows = AuditRecord.objects.filter(event=event).order_by("number")
    return [json.loads(row.detail) for row in rows]


def test_the_officer_comes_to_what_is_theirs(officer: Client) -> None:
    """And sees no link that says no."""
    answer = officer.get("/", follow=True)
    assert answer.redirect_chain == [("/privacy/", 302)]
    page = answer.content.decode()
    assert all(f'href="{path}"' in page for path in ("/look-ups/", "/privacy/audit/"))
    assert not any(f'href="{path}"' in page for path in ("/visits/", "/kiosks/", "/people/"))


@pytest.mark.parametrize("who", ["Siti", "siti rahayu", "CTI"])
def test_somebody_is_found_and_that_is_on_record(officer: Client, siti: Subject, who: str) -> None:
    sought = siti.passes.get().cti.hex() if who == "CTI" else who
    page = officer.post("/privacy/person/", {"who": sought, "reason": _REASON}).content.decode()
    assert "Siti Rahayu" in page
    look_up = LookUp.objects.get(page="person-data")
    assert (look_up.reason, list(look_up.subjects.all())) == (_REASON, [siti])
    assert officer.post("/privacy/person/", {"who": "Siti"}).content.count(b"Siti Rahayu") == 0


def test_all_that_is_held_is_shown(officer: Client, siti: Subject) -> None:
    """On the page and, whole, in the file: no table that hangs on a subject is left out."""
    page = officer.post("/privacy/person/", about(siti)).content.decode()
    assert "Siti Rahayu" in page
    assert page.count("Mal Pelayanan Publik") == 3
    told = json.loads(officer.post("/privacy/person/file/", about(siti)).content)
    assert (told["name"], told["sub"]) == ("Siti Rahayu", siti.sub.hex())
    assert len(told["visits"]) == 3
    assert told["look_ups"][0]["reason"] == _REASON
    assert told["tables"]["people.pass"][0]["cti"] == siti.passes.get().cti.hex()
    assert events(Event.PERSON_SHOWN) == [{"who": pseudonym(siti.sub)}] * 2


def test_somebody_is_deleted(officer: Client, siti: Subject) -> None:
    """Doors still refuse the pass; visits are nobody's; the log says that, and not who."""
    cti, sub = siti.passes.get().cti, siti.sub
    assert officer.post("/privacy/person/delete/", about(siti)).status_code == 400
    assert Subject.objects.filter(pk=siti.pk).exists()
    assert officer.post("/privacy/person/delete/", about(siti, sure="yes")).status_code == 200
    assert not Subject.objects.filter(pk=siti.pk).exists()
    assert not Pass.objects.exists()
    assert cti in revoked_octets(NOW)
    assert cti not in revoked_octets(NOW + timedelta(days=10))
    assert set(Visit.objects.values_list("sub", "cti")) == {(None, None)}
    assert events(Event.PERSON_DELETED) == [{"who": pseudonym(sub), "passes": 1, "visits": 3}]
    logged = "".join(AuditRecord.objects.values_list("detail", flat=True))
    assert not any(one in logged for one in ("Siti", sub.hex(), cti.hex(), _REASON))
    verify()


def test_times_are_chosen(officer: Client) -> None:
    wish = {kind.value: str(days) for kind, days in days_of().items()}
    assert officer.post("/privacy/", {**wish, "visitors": "0"}).status_code == 200
    assert officer.post("/privacy/", {**wish, "visitors": "14"}).status_code == 302
    assert days_of()[Kind.VISITORS] == 14
    assert events(Event.RETENTION_CHANGED) == [{"kind": "visitors", "before": 30, "after": 14}]


def test_every_event_has_its_words() -> None:
    assert set(EVENTS) == set(Event)


def test_the_log_is_checked_by_a_button(officer: Client) -> None:
    from django.db import connection

    note(Event.EXPORT, {"page": "passes-export", "rows": 2})
    assert "rows=2" in officer.get("/privacy/audit/").content.decode()
    assert "masih seperti saat ditulis" in officer.post("/privacy/audit/").content.decode()
    unguard(connection)
    AuditRecord.objects.filter(event=Event.EXPORT).update(detail="{}")
    assert "Log telah diubah" in officer.post("/privacy/audit/").content.decode()


def test_signing_in_and_out_is_on_record(client: Client) -> None:
    """What was typed in wrongly is not: it may be a password, also where a name belongs."""
    operator = an_operator(Role.VIEWER)
    for name, password in (
        *((operator.username, "salah-sekali-ini"), (PASSWORD, operator.username)),
        *((operator.username.upper(), PASSWORD), (operator.username, PASSWORD)),
    ):
        client.post("/sign-in/", {"username": name, "password": password})
    client.post("/sign-out/")
    client.post("/sign-out/")
    rows = AuditRecord.objects.filter(event__startswith="sign-").order_by("number")
    of, unknown = f'{{"of":"operator:{operator.pk}"}}', '{"of":"unknown"}'
    assert [(row.event, row.actor, row.detail) for row in rows] == [
        ("sign-in-failed", "-", of),
        *[("sign-in-failed", "-", unknown)] * 2,
        ("sign-in", f"operator:{operator.pk}", "{}"),
        ("sign-out", f"operator:{operator.pk}", "{}"),
    ]


def test_a_wrong_code_is_a_sign_in_that_failed(client: Client) -> None:
    operator = an_operator(Role.PERSONNEL)
    give_app(operator)
    sign_in(client, operator, with_code=False)
    client.post("/second-factor/", {"code": "salah"})
    assert events(Event.SIGN_IN_FAILED) == [
        {"of": f"operator:{operator.pk}", "step": "second-factor"}
    ]


def test_the_page_names_whose_sign_in_failed(officer: Client) -> None:
    """A name that is written for a number stands in no record."""
    operator = an_operator(Role.VIEWER, name="budi.santoso")
    Client().post("/sign-in/", {"username": operator.username, "password": "salah-sekali-ini"})
    assert "of=budi.santoso" in officer.get("/privacy/audit/").content.decode()
    logged = "".join(AuditRecord.objects.values_list("detail", flat=True))
    assert operator.username not in logged


def test_an_import_is_on_record(client: Client) -> None:
    """Who took over how many people; not one that was only checked, or that was refused."""
    operator = an_operator(Role.PERSONNEL)
    sign_in(client, operator)
    Office.objects.create(name="Dinas Kesehatan", unit=7)
    for answer in ({}, {"apply": "1"}, {"apply": "1", "by_number": "1"}):
        file = SimpleUploadedFile("pegawai.csv", as_csv(SITI, BUDI))
        assert client.post("/people/import/", {"file": file, **answer}).status_code == 200
    bad = SimpleUploadedFile("pegawai.csv", as_csv(("", *SITI[1:])))
    client.post("/people/import/", {"file": bad, "apply": "1"})
    assert events(Event.PEOPLE_IMPORTED) == [
        {"added": 2, "changed": 0, "kept": 0},
        {"added": 0, "changed": 0, "kept": 2},
    ]
    assert events(Event.ROSTER) == [{"added": 2, "kept": 0, "left": 0}]
    about = AuditRecord.objects.filter(event__in=[Event.PEOPLE_IMPORTED, Event.ROSTER])
    assert {row.actor for row in about} == {f"operator:{operator.pk}"}
    logged = "".join(about.values_list("detail", flat=True))
    assert not any(one in logged for one in ("Siti", "Budi", "1985", "THL"))
    verify()


def test_who_may_read_from_the_hub_is_on_record() -> None:
    """Of the token neither text nor name, of the address nothing."""
    for words in (
        ("create-api-token", "Absensi Online", "--scope", "attendance"),
        ("set-webhook", "Absensi Online", "--url", "https://absensi.example.go.id/"),
        *[("set-webhook", "Absensi Online", "--remove")],
        *[("revoke-api-token", "Absensi Online")] * 2,
    ):
        assert main(list(words)) == 0
    found = events(Event.API_ACCESS)
    done = ["created", "webhook-set", "webhook-removed", "revoked"]
    assert [one["done"] for one in found] == done
    assert {frozenset(one) for one in found} == {frozenset({"token", "done"})}
    assert len({one["token"] for one in found}) == 1


def test_a_roster_from_a_file_is_on_record(tmp_path: Path) -> None:
    """Under the command; a file that was only checked is not."""
    path = tmp_path / "roster.csv"
    for numbers in (("0042", "0043"), ("0043", "0044", "0045")):
        rows = "".join(f"{one},Siti\n" for one in numbers)
        path.write_text(f"identifier,label\n{rows}")
        assert main(["import-roster", str(path), "--dry-run"]) == 0
        assert main(["import-roster", str(path)]) == 0
    assert events(Event.ROSTER) == [
        {"added": 2, "kept": 0, "left": 0},
        {"added": 2, "kept": 1, "left": 1},
    ]
    assert {row.actor for row in AuditRecord.objects.filter(event=Event.ROSTER)} == {
        "command:import-roster"
    }


@pytest.mark.parametrize("lost", list(Lost))
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_loss_is_judged(
    officer: Client, siti: Subject, lost: Lost, language: str, clock: PinnedClock
) -> None:
    """With the time that is left of three days, and what was readable."""
    del siti
    officer.cookies["django_language"] = language
    known = {"lost": lost.value, "known_at": "2026-11-02 08:00", "about": "Pintu utara"}
    where = officer.post("/privacy/breaches/", known)["Location"]
    left = "70 h left" if language == "en" else "sisa 70 jam"
    assert left in officer.get(where).content.decode()
    assert left in officer.get("/privacy/breaches/").content.decode()
    clock.pass_by(timedelta(hours=71))
    over = "The 72 hours are over" if language == "en" else "Sudah lewat 72 jam"
    assert over in officer.get(where).content.decode()
    officer.post(where)
    officer.post(where)
    assert over not in officer.get(where).content.decode()
    assert Breach.objects.get().told_at == clock()
    assert len(events(Event.BREACH)) == len(events(Event.BREACH_TOLD)) == 1


@pytest.mark.parametrize("known_at", ["", "kemarin", "2026-11-02 23:00", "0001-01-01 00:00"])
def test_a_time_that_cannot_be(officer: Client, known_at: str) -> None:
    known = {"lost": "card", "known_at": known_at}
    assert officer.post("/privacy/breaches/", known).status_code == 200
    assert not Breach.objects.exists()
