import re
from datetime import timedelta

import pytest
from django.test import Client

from kiosk.passes.claims import PassType
from sync.hub.people.models import LookUp, PhoneLink, Subject
from sync.hub.web.roles import Role
from tests.sync.hub.conftest import NOW, PinnedClock
from tests.sync.hub.fake_door import a_place
from tests.sync.hub.operators import an_operator, sign_in

_ORDER = {"label": "Siti Rahayu", "kind": str(int(PassType.EMPLOYEE)), "days": "30", "office": ""}


@pytest.fixture
def staff(client: Client) -> Client:
    sign_in(client, an_operator(Role.PERSONNEL))
    return client


def send(client: Client, path: str = "/phone-links/", **changes: str) -> str:
    answer = client.post(path, _ORDER | changes)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_link_is_shown_once(staff: Client) -> None:
    """As text and as a code; the list of links has neither."""
    page = send(staff)
    found = re.search(r"<code>(http\S+/p/#link=[\w-]{22})</code>", page)
    assert found
    assert "<svg" in page
    again = staff.get("/phone-links/").content.decode()
    assert "Siti Rahayu" in again
    assert "Belum dibuka" in again
    assert found[1][-22:] not in again
    link = PhoneLink.objects.get()
    assert (link.expires, link.unit) == (NOW + timedelta(days=30), 0)


def test_a_link_for_somebody_who_is_known(staff: Client) -> None:
    """Under the name that they have; what they had on a phone ends."""
    send(staff)
    sub = Subject.objects.get().sub.hex()
    page = send(staff, f"/phone-links/?subject={sub}", label="Somebody else")
    assert "Tautan untuk Siti Rahayu" in page
    assert Subject.objects.count() == 1
    assert PhoneLink.objects.filter(ended_at__isnull=True).count() == 1


def test_a_pass_for_one_office(staff: Client) -> None:
    office = a_place().office
    send(staff, office=str(office.pk))
    assert PhoneLink.objects.get().unit == office.unit


@pytest.mark.parametrize(
    "wrong",
    [
        {"label": ""},
        {"label": "x" * 201},
        {"label": "a\x00b"},
        {"kind": "5"},
        {"kind": "x"},
        {"days": "0"},
        {"days": "367"},
        {"days": "9" * 5000},
        {"office": "77"},
        {"office": "x"},
    ],
)
def test_what_makes_no_link_is_said(staff: Client, wrong: dict[str, str]) -> None:
    assert 'class="alert"' in send(staff, **wrong)
    assert PhoneLink.objects.count() == 0


@pytest.mark.parametrize("name", ["0" * 16, "zz", "%00", "é" * 16])
def test_a_subject_who_is_not_there(staff: Client, name: str) -> None:
    assert staff.get("/phone-links/", {"subject": name}).status_code == 404


def test_how_a_link_stands_is_told(staff: Client, clock: PinnedClock) -> None:
    send(staff)
    clock.pass_by(timedelta(hours=25))
    assert "Tidak pernah dibuka" in staff.get("/phone-links/").content.decode()
    send(staff, f"/phone-links/?subject={Subject.objects.get().sub.hex()}")
    assert "Diakhiri" in staff.get("/phone-links/").content.decode()


def test_a_name_cannot_bring_code_into_the_page(staff: Client) -> None:
    page = send(staff, label="<script>alert(1)</script>\u202e")
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_who_looked_at_the_names_is_recorded(staff: Client) -> None:
    send(staff)
    assert [look_up.page for look_up in LookUp.objects.all()] == ["phone-links"]
