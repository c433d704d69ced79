import io
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from django.test import Client

from kiosk.passes.claims import PassType
from sync.hub.fleet.models import Office
from sync.hub.people import issuing_many
from sync.hub.people.models import LookUp, Pass, Person, PhoneLink, Printing, Roster, Subject
from sync.hub.web.roles import Role
from tests.sync.hub.conftest import NOW
from tests.sync.hub.fake_door import a_place
from tests.sync.hub.operators import an_operator, sign_in
from tests.sync.hub.people.named import subject_named

_SEARCH = {"name": "", "work": "", "reason": "kartu pegawai"}
_ORDER = {"way": "cards", "kind": "", "days": "90", "place": "own", "hours": "24", "without": "on"}


@pytest.fixture
def office() -> Office:
    return Office.objects.create(name="Dinas Kesehatan", unit=7)


@pytest.fixture
def staff(client: Client, office: Office) -> Client:
    for number, kind in enumerate(("asn", "asn", "officer")):
        subject = Subject.objects.create(
            sub=b"sub%05d" % number, label=f"Orang {number}", created_at=NOW
        )
        Person.objects.create(
            subject=subject, office=office, kind=kind, number=b"%032d" % number, imported_at=NOW
        )
    sign_in(client, an_operator(Role.PERSONNEL))
    return client


def order(client: Client, office: Office, **changes: str) -> Any:
    asked = _SEARCH | {"office": str(office.pk), "who": "all"} | _ORDER | changes
    return client.post("/people/issue/", asked)


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as document:
        return " ".join(page.get_textpage().get_text_range() for page in document)


def test_all_of_an_office_are_issued_cards(staff: Client, office: Office) -> None:
    """Once: who has a valid card is left out the next time."""
    first = staff.post(
        "/people/issue/", _SEARCH | {"office": str(office.pk), "work": "asn", "who": "all"}
    )
    assert "<dd>2</dd>" in first.content.decode()
    answer = order(staff, office, work="asn")
    printing = Printing.objects.get()
    assert answer["Location"] == f"/passes/printing/{printing.pk}/"
    passes = list(Pass.objects.order_by("pk"))
    assert {(one.unit, one.pass_type, one.expires) for one in passes} == {
        (7, PassType.EMPLOYEE, NOW + timedelta(days=90))
    }
    pdf = staff.get(f"/passes/printing/{printing.pk}/1.pdf")
    assert pdf["Cache-Control"] == "no-store"
    for words in ("Orang 0", "Orang 1", "Dinas Kesehatan", "Berlaku sampai", "Valid until"):
        assert words in text_of(pdf.content)
    look_up = LookUp.objects.get(page="card-file")
    assert (look_up.reason, look_up.subjects.count()) == ("kartu pegawai", 2)
    again = order(staff, office, work="asn")
    assert "Tidak ada orang yang tersisa" in again.content.decode()
    order(staff, office, work="asn", without="")
    assert Pass.objects.count() == 4


def test_those_who_are_ticked_and_no_others(staff: Client, office: Office) -> None:
    pk = subject_named("Orang 1").pk
    order(staff, office, who="ticked", subject=str(pk))
    assert Pass.objects.get().subject_id == pk
    nobody = order(staff, office, who="ticked")
    assert "Tidak ada orang" in nobody.content.decode()
    for odd in ("x", "-1", "9" * 30, "\0"):
        assert order(staff, office, who="ticked", subject=odd)["Location"] == "/people/"


def test_officers_get_links_and_no_cards(staff: Client, office: Office) -> None:
    """A link each, on slips that are made once; each link brings an officer's pass."""
    refused = order(staff, office)
    assert "Tiket petugas dipasang di ponsel" in refused.content.decode()
    assert not Pass.objects.exists()
    slips = order(staff, office, way="links", hours="72")
    assert slips["Content-Type"] == "application/pdf"
    assert slips["Cache-Control"] == "no-store"
    text = text_of(slips.content)
    assert "Orang 2" in text
    links = {link.subject.label: link for link in PhoneLink.objects.select_related("subject")}
    assert links["Orang 2"].pass_type == PassType.OFFICER
    assert links["Orang 0"].pass_type == PassType.EMPLOYEE
    assert {link.good_until for link in links.values()} == {NOW + timedelta(hours=72)}
    assert LookUp.objects.get(page="people-issue").subjects.count() == 3


def test_too_many_links_are_refused_whole(
    staff: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuing_many, "MOST_LINKS", 2)
    answer = order(staff, office, way="links")
    assert "Paling banyak 2" in answer.content.decode()
    assert not PhoneLink.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": "0"},
        {"days": "367"},
        {"days": "9" * 5000},
        {"kind": "2"},
        {"kind": "7"},
        {"place": "8"},
        {"hours": "25"},
        {"way": "x"},
        {"days": "\0"},
    ],
)
def test_what_is_no_order_is_said(staff: Client, office: Office, wrong: dict[str, str]) -> None:
    answer = order(staff, office, **wrong)
    assert 'role="alert"' in answer.content.decode()
    assert not Printing.objects.exists()


def test_a_new_phone_in_one_press(staff: Client) -> None:
    """From the person's row: the link, with its code, at once."""
    subject = subject_named("Orang 2")
    path = f"/people/{subject.pk}/new-phone/"
    assert "/p/#link=" in staff.post(path, {"reason": "ponsel hilang"}).content.decode()
    assert PhoneLink.objects.get().pass_type == PassType.OFFICER
    assert LookUp.objects.get().page == "new-phone"
    assert "/p/#link=" not in staff.post(path).content.decode()
    assert PhoneLink.objects.count() == 1


def test_a_tracer_finds_people_and_issues_nothing(client: Client, staff: Client) -> None:
    client.logout()
    sign_in(client, an_operator(Role.TRACING))
    page = client.post("/people/", _SEARCH | {"name": "Orang"}).content.decode()
    assert "Orang 1" in page
    assert "/people/issue/" not in page
    assert "new-phone" not in page


def test_a_stock_for_a_site(staff: Client) -> None:
    site = a_place().site
    wish = {"site": str(site.pk), "count": "12", "days": "90", "reason": "persediaan baru"}
    answer = staff.post("/site-cards/", wish)
    pdf = staff.get(f"{answer['Location']}1.pdf").content
    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as document:
        assert len(document) == 2
    assert "Kartu tamu 012" in text_of(pdf)
    assert "Kartu: 12" in staff.get("/site-cards/").content.decode()
    for wrong in ({"count": "0"}, {"count": "1001"}, {"site": "77"}, {"reason": ""}):
        assert 'role="alert"' in staff.post("/site-cards/", wish | wrong).content.decode()
    assert Pass.objects.count() == 12


def test_the_list_may_let_people_in_by_number(
    staff: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it is ticked, and only when it is imported for good."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    monkeypatch.setattr("sync.hub.people.roster.COST", 2)
    content = b"Nama,OPD,NIP,Jenis\nSiti,Dinas Kesehatan,198501012010012001,petugas\n"

    def send(**fields: str) -> str:
        file = SimpleUploadedFile("daftar.csv", content)
        return staff.post("/people/import/", {"file": file, **fields}).content.decode()

    send(by_number="1")
    send(apply="1")
    assert not Roster.objects.exists()
    assert "dengan paket berikutnya: 1" in send(apply="1", by_number="1")
    assert subject_named("Siti").sub in Roster.objects.get().rows


HOSTILE = [
    "\u202eitiS \u2066Rahayu\u2069",
    "Si\u200bti\u200d\ufeff",
    "=1+1|' /C calc'!A0",
    "ꦱꦶꦠꦶ بوابة 司",
    "<script>x</script>&{{ 7*7 }}{% x %}",
    "\u0000\u0007\u001b[2J",
    "A\u0301" * 60,
    "\U0001f600" * 40,
    "x" * 200,
]


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_is_printed_somehow(staff: Client, office: Office, name: str) -> None:
    """The page says where letters are missing; nothing fails, nothing is run."""
    Subject.objects.filter(pk=subject_named("Orang 0").pk).update(label=name.replace("\0", ""))
    order(staff, office, work="asn")
    printing = Printing.objects.get()
    page = staff.get(f"/passes/printing/{printing.pk}/").content.decode()
    assert "<script>x" not in page
    pdf = staff.get(f"/passes/printing/{printing.pk}/1.pdf").content
    assert "Orang 1" in text_of(pdf)


def test_an_endless_name_is_refused(staff: Client, office: Office) -> None:
    """And so are ten megabytes of anything, before it is read."""
    for path in ("/people/", "/passes/", "/people/issue/", "/site-cards/", "/passes/1/"):
        sent = staff.post(path, _SEARCH | {"name": "A" * 10_000_000})
        assert sent.status_code in {302, 400, 404, 413}, path
        for odd in ("\0\0\0", "%%%", "\ud83d".encode("utf-16", "surrogatepass").decode("latin-1")):
            answer = staff.post(path, _SEARCH | {"name": odd, "reason": odd * 5})
            assert answer.status_code in {200, 302, 404}, (path, odd)
