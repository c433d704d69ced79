import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from sync.hub.fleet.models import Office
from sync.hub.people.models import LookUp, Person, Subject
from sync.hub.web.people import MOST_ROWS
from sync.hub.web.people_import import MOST_FAULTS
from sync.hub.web.roles import Role
from tests.sync.hub.conftest import NOW
from tests.sync.hub.operators import an_operator, sign_in
from tests.sync.hub.people.personnel_lists import BUDI, SITI, as_csv, as_workbook


@pytest.fixture
def signed_in(client: Client) -> Client:
    Office.objects.create(name="Dinas Kesehatan", unit=7)
    sign_in(client, an_operator(Role.PERSONNEL))
    return client


def send(client: Client, content: bytes, name: str = "daftar.csv", **fields: str) -> str:
    response = client.post("/people/import/", {"file": SimpleUploadedFile(name, content), **fields})
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("write", [as_csv, as_workbook])
def test_a_list_is_checked_and_then_imported(signed_in: Client, write: type) -> None:
    """The check stores nothing; the second import changes nothing."""
    assert "2 baru, 0 berubah, 0 tetap" in send(signed_in, write(SITI, BUDI))
    assert not Subject.objects.exists()
    assert "2 baru" in send(signed_in, write(SITI, BUDI), apply="1")
    assert Person.objects.count() == 2
    assert "0 baru, 0 berubah, 2 tetap" in send(signed_in, write(SITI, BUDI), apply="1")


def test_a_list_with_a_fault_is_not_imported(signed_in: Client) -> None:
    """Not even the rows that are well; each fault has its row, and the page stays short."""
    page = send(signed_in, as_csv(SITI, *[("", "x", "1", "y")] * 50), apply="1")
    assert "Tidak ada yang diimpor" in page
    assert "Baris 3" in page
    assert page.count('<li class="bad">') == MOST_FAULTS
    assert "dan 150 lagi" in page
    assert not Subject.objects.exists()


def test_what_is_too_long_is_told(signed_in: Client) -> None:
    """A name of 10 MB, and no file at all."""
    assert "terlalu besar" in send(signed_in, as_csv(("A" * 10_000_000, *SITI[1:])))
    assert "Belum ada berkas yang dipilih." in signed_in.post("/people/import/").content.decode()
    assert "tidak dapat dibaca" in send(signed_in, b"Nama,OPD\n\xe9")


def test_people_are_found_for_a_reason_that_stays(signed_in: Client) -> None:
    """In whatever case; with the reason on record, and never in an address."""
    send(signed_in, as_csv(SITI, BUDI), apply="1")
    fields = {"name": "sITI", "reason": "kartu hilang"}
    page = signed_in.post("/people/", fields).content.decode()
    assert "<bdi>Siti Rahayu</bdi>" in page
    assert "Dinas Kesehatan" in page
    assert "Budi" not in page
    look_up = LookUp.objects.get()
    assert (look_up.page, look_up.reason) == ("people", "kartu hilang")
    assert [subject.label for subject in look_up.subjects.all()] == ["Siti Rahayu"]
    assert "Siti Rahayu" not in signed_in.get("/people/", fields).content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"name": "Siti"},
        {"name": "Siti", "reason": " "},
        {"name": "Si", "reason": "kartu hilang"},
    ],
)
def test_nobody_is_found_without_a_name_and_a_reason(
    signed_in: Client, fields: dict[str, str]
) -> None:
    """Nor is anything recorded."""
    send(signed_in, as_csv(SITI), apply="1")
    page = signed_in.post("/people/", fields).content.decode()
    assert "Siti Rahayu" not in page
    assert 'role="alert"' in page
    assert not LookUp.objects.exists()


def test_a_name_is_text_and_many_are_cut(signed_in: Client) -> None:
    """Nothing in it is run or turns the page around; more than a page holds is said."""
    for number in range(MOST_ROWS + 1):
        label = "<script>x</script> סיטי"
        Subject.objects.create(sub=b"sub%05d" % number, label=label, created_at=NOW)
    page = signed_in.post("/people/", {"name": "script", "reason": "mencoba"}).content.decode()
    assert "<script>x" not in page
    assert "<bdi>&lt;script&gt;x&lt;/script&gt; סיטי</bdi>" in page
    assert "Hanya 50 pertama" in page
    assert LookUp.objects.get().subjects.count() == MOST_ROWS
    for odd in ("\0\0\0", "%%%", "___", "x" * 300):
        sent = signed_in.post("/people/", {"name": odd, "reason": "mencoba"})
        assert sent.status_code == 200
