import csv
import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kiosk.passes.claims import PassType
from sync.hub.fleet.models import Office
from sync.hub.keyring import Keyring
from sync.hub.people.issuing import Order, issue
from sync.hub.people.models import LookUp, Pass, Person, PhoneLink, RevokedKey, Subject
from sync.hub.web.passes import PAGE_ROWS
from sync.hub.web.roles import Role
from sync.hub.web.spreadsheet import inert
from tests.sync.hub.conftest import NOW, PinnedClock
from tests.sync.hub.fake_door import a_place
from tests.sync.hub.operators import an_operator, sign_in

_DAY = timedelta(days=1)
_WHY = {"reason": "kartu hilang"}


@pytest.fixture
def staff(client: Client) -> Client:
    sign_in(client, an_operator(Role.PERSONNEL))
    return client


def a_pass(keyring: Keyring, label: str, **changes: object) -> Pass:
    order = {"not_before": NOW, "expires": NOW + 30 * _DAY, "unit": 0} | changes
    kind = order.pop("pass_type", PassType.EMPLOYEE)
    issued = issue(Order(kind, label, **order), keyring, NOW)  # type: ignore[arg-type]
    return Pass.objects.get(cti=issued.claims.cti)


def found(client: Client, path: str = "/passes/", **asked: object) -> str:
    answer = client.post(path, _WHY | {name: str(value) for name, value in asked.items()})
    assert answer.status_code == 200
    return answer.content.decode()


def test_no_name_without_a_reason(staff: Client, keyring: Keyring) -> None:
    """Not in the list, nor on the page of one pass; what is shown is on record first."""
    one = a_pass(keyring, "Siti Rahayu")
    for sent in (
        staff.get("/passes/"),
        staff.get(f"/passes/{one.pk}/"),
        staff.post("/passes/", {"name": "Siti"}),
        staff.post(f"/passes/{one.pk}/", {"reason": " "}),
        staff.post(f"/passes/{one.pk}/revoke/"),
        staff.post(f"/passes/{one.pk}/re-issue/", {"way": "card"}),
    ):
        assert sent.status_code == 200
        assert "Siti Rahayu" not in sent.content.decode()
    assert not LookUp.objects.exists()
    assert Pass.objects.filter(revoked_at__isnull=False).count() == 0
    assert "<bdi>Siti Rahayu</bdi>" in found(staff)
    assert "<bdi>Siti Rahayu</bdi>" in found(staff, f"/passes/{one.pk}/")
    assert {(one.page, one.reason) for one in LookUp.objects.all()} == {
        ("passes", "kartu hilang"),
        ("pass", "kartu hilang"),
    }


def test_passes_are_found_by_what_they_are(staff: Client, keyring: Keyring) -> None:
    """Name, kind, state, office, the number that stands on the card."""
    office = Office.objects.create(name="Dinas Kesehatan", unit=7)
    valid = a_pass(keyring, "Berlaku", unit=7)
    a_pass(keyring, "Nanti", not_before=NOW + _DAY, pass_type=PassType.VISITOR)
    a_pass(keyring, "Lewat", not_before=NOW - 2 * _DAY, expires=NOW - _DAY)
    gone = a_pass(keyring, "Dicabut")
    Pass.objects.filter(pk=gone.pk).update(revoked_at=NOW)
    Person.objects.create(
        subject=gone.subject, office=office, kind="asn", number=b"1" * 32, imported_at=NOW
    )
    for asked, labels in (
        ({"state": "valid"}, {"Berlaku"}),
        ({"state": "early"}, {"Nanti"}),
        ({"state": "expired"}, {"Lewat"}),
        ({"state": "revoked"}, {"Dicabut"}),
        ({"office": office.pk}, {"Berlaku", "Dicabut"}),
        ({"kind": 1}, {"Nanti"}),
        ({"name": "anti"}, {"Nanti"}),
        ({"person": gone.subject.pk}, {"Dicabut"}),
        ({"number": valid.cti.hex()}, {"Berlaku"}),
        ({"number": "0" * 16}, set()),
    ):
        page = found(staff, **asked)
        assert set(re.findall(r"<bdi>(\w+)</bdi></strong>", page)) == labels, asked


def test_passes_of_a_revoked_key_are_revoked(staff: Client, keyring: Keyring) -> None:
    """Though nobody withdrew them one by one."""
    a_pass(keyring, "Siti Rahayu")
    RevokedKey.objects.create(kid=keyring.pass_key.kid, revoked_at=NOW)
    assert "<bdi>Siti Rahayu</bdi>" in found(staff, state="revoked")
    assert "<bdi>Siti Rahayu</bdi>" not in found(staff, state="valid")


def test_doors_are_named_where_a_pass_is_not_for_all(staff: Client, keyring: Keyring) -> None:
    door = a_place()
    unit = door.office.unit
    one = a_pass(keyring, "Siti", unit=unit, doors=1 << door.door_bit)
    none = a_pass(keyring, "Budi", unit=unit, doors=1 << 31)
    assert "Pintu utara" in found(staff, f"/passes/{one.pk}/")
    assert "Tidak ada pintu" in found(staff, f"/passes/{none.pk}/")


def test_pages_cost_the_same_whatever_is_on_them(staff: Client, keyring: Keyring) -> None:
    """A constant number of queries; odd page numbers are pages too."""
    a_pass(keyring, "Orang 0")
    found(staff)
    with CaptureQueriesContext(connection) as few:
        found(staff)
    for number in range(1, PAGE_ROWS + 5):
        a_pass(keyring, f"Orang {number}")
    with CaptureQueriesContext(connection) as many:
        page = found(staff)
    assert page.count("<bdi>") == PAGE_ROWS
    assert len(many) == len(few)
    assert found(staff, page=2).count("<bdi>") == 5
    for odd in ("x", "-1", "9" * 40, "٣", "0"):
        found(staff, page=odd)


def test_a_pass_is_revoked_by_somebody_for_a_reason(staff: Client, keyring: Keyring) -> None:
    """The page says when doors learn it; a look alone revokes nothing."""
    one = a_pass(keyring, "Siti Rahayu")
    assert "Cabut sekarang" in found(staff, f"/passes/{one.pk}/")
    assert staff.get(f"/passes/{one.pk}/revoke/").status_code == 405
    assert not Pass.objects.filter(revoked_at__isnull=False).exists()
    page = found(staff, f"/passes/{one.pk}/revoke/")
    assert "kontak berikutnya" in page
    assert "Cabut sekarang" not in page
    assert Pass.objects.get().revoked_at == NOW
    assert LookUp.objects.get(page="pass-revoke").reason == "kartu hilang"


def test_a_lost_card_becomes_a_new_one(staff: Client, keyring: Keyring) -> None:
    """Its file is offered; the second time the page says that it was done."""
    one = a_pass(keyring, "Siti Rahayu")
    path = f"/passes/{one.pk}/re-issue/"
    answer = staff.post(path, _WHY | {"way": "card"})
    new = Pass.objects.get(replaces=one)
    assert answer["Location"] == f"/passes/printing/{new.printing_id}/"
    page = staff.get(answer["Location"]).content.decode()
    assert f'href="/passes/printing/{new.printing_id}/1.pdf"' in page
    assert "sudah diganti" in found(staff, path, way="card")
    assert "Lewat" not in page


def test_a_card_becomes_a_link(staff: Client, keyring: Keyring) -> None:
    one = a_pass(keyring, "Siti Rahayu")
    page = found(staff, f"/passes/{one.pk}/re-issue/", way="phone")
    assert "/p/#link=" in page
    assert Pass.objects.get().revoked_at == NOW
    assert PhoneLink.objects.get().subject == one.subject


def test_what_is_not_there(staff: Client, clock: PinnedClock) -> None:
    for path in ("/passes/77/", "/passes/printing/77/", "/passes/printing/77/1.pdf"):
        assert staff.get(path).status_code == 404
    assert staff.post("/passes/77/revoke/", _WHY).status_code == 404


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r", " ="])
def test_a_table_is_not_executed(staff: Client, keyring: Keyring, begins: str) -> None:
    """Neither by Excel nor by LibreOffice, whatever somebody is called."""
    name = f'{begins}HYPERLINK("http://x.example","y")'
    subject = Subject.objects.create(sub=b"subject1", label=name, created_at=NOW)
    order = Order(PassType.EMPLOYEE, "", NOW, NOW + _DAY, 0, subject.sub)
    issue(order, keyring, NOW)
    answer = staff.post("/passes/export/", _WHY)
    assert "attachment" in answer["Content-Disposition"]
    text = answer.content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len(rows) == 2
    assert rows[1][1] == f"'{name}"
    assert LookUp.objects.filter(page="passes-export").exists()
    assert staff.post("/passes/export/").status_code == 400


def test_what_is_no_formula_stays() -> None:
    assert [inert(text) for text in ("Siti", "1-2", "", "a=b")] == ["Siti", "1-2", "", "a=b"]
