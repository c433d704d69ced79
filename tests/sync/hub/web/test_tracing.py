"""Contacts are shown to the tracing officer alone, for a case and a reason that are on record."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyrage
import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pyrage.x25519 import Identity

from sync.hub.home import Home
from sync.hub.people.models import LookUp, Subject
from sync.hub.web.roles import Role
from tests.sync.hub.conftest import PinnedClock
from tests.sync.hub.operators import an_operator, sign_in
from tests.sync.hub.tracing.regency import DENY, a_door, a_person, see, stay

_ASKED = {
    "who": "Siti Rahayu",
    "first": "2026-10-28",
    "last": "2026-11-02",
    "minutes": "0",
    "case": "BPBD/2026/17",
    "reason": "kasus campak",
}


@pytest.fixture
def officer(client: Client) -> Client:
    sign_in(client, an_operator(Role.TRACING))
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def siti() -> Subject:
    """She was there from 9 to 11, Budi with her for an hour, Ani perhaps; Made was turned away."""
    door = a_door()
    siti, budi, ani, made = (
        a_person(name) for name in ("Siti Rahayu", "Budi Santoso", "Ani", "Made Wirawan")
    )
    a_person("Nobody whom she met")
    stay(door, siti, 9, 11)
    stay(door, budi, 10, 12)
    see(door, ani, 8)
    see(door, made, 9.05, shown=DENY)
    return siti


@pytest.fixture
def recipients(hub_home: Home) -> Iterator[Path]:
    """The file of keys that lists are sealed to; there is none yet."""
    path = hub_home.tracing_recipients
    yield path
    path.unlink(missing_ok=True)


def ask(client: Client, path: str = "/tracing/", **changes: str) -> HttpResponse:
    answer: HttpResponse = client.post(path, {**_ASKED, **changes})  # type: ignore[assignment]
    return answer


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


@pytest.mark.usefixtures("siti")
def test_contacts_are_ranked_with_how_long(officer: Client) -> None:
    """The certain ones first, then the possible; who was at the door stands apart."""
    shown = text(ask(officer))
    assert "Contacts: 2, of them certain: 1" in shown
    places = [
        shown.index(part) for part in ("Budi Santoso", ">Ani<", "At the door", "Made Wirawan")
    ]
    assert places == sorted(places)
    assert "together for 60 min" in shown
    assert "together for 0–120 min" in shown
    assert "Nobody whom she met" not in shown


@pytest.mark.usefixtures("siti")
def test_everybody_who_is_shown_is_on_record_with_the_case(officer: Client) -> None:
    """And nobody else."""
    ask(officer)
    (look_up,) = LookUp.objects.all()
    assert (look_up.page, look_up.case, look_up.reason) == (
        "tracing",
        "BPBD/2026/17",
        "kasus campak",
    )
    names = {subject.label for subject in look_up.subjects.all()}
    assert names == {"Siti Rahayu", "Budi Santoso", "Ani", "Made Wirawan"}


@pytest.mark.usefixtures("siti")
def test_another_case_is_another_look_up(officer: Client, clock: PinnedClock) -> None:
    """The same one within the hour is one."""
    ask(officer)
    clock.pass_by(timedelta(minutes=5))
    ask(officer)
    ask(officer, case="BPBD/2026/18")
    assert [one.case for one in LookUp.objects.order_by("pk")] == ["BPBD/2026/17", "BPBD/2026/18"]


@pytest.mark.usefixtures("siti")
@pytest.mark.parametrize("missing", ["case", "reason", "who", "first", "last"])
def test_nothing_is_shown_without_a_case_and_a_reason(officer: Client, missing: str) -> None:
    shown = text(ask(officer, **{missing: ""}))
    assert "This field is required" in shown
    assert "Budi" not in shown
    assert not LookUp.objects.exists()


@pytest.mark.usefixtures("siti")
def test_days_are_held_within_bounds(officer: Client) -> None:
    for changes, fault in (
        ({"first": "2026-11-01", "last": "2026-10-31"}, "Not before the first day"),
        ({"last": "2026-11-03"}, "not after today"),
        ({"first": "2026-10-01", "last": "2026-11-02"}, "At most 31 days"),
    ):
        shown = text(ask(officer, **changes))
        assert fault in shown
        assert "Budi" not in shown


def test_somebody_is_found_by_number(officer: Client, siti: Subject) -> None:
    """Of the person, or of one of their passes."""
    assert "Budi Santoso" in text(ask(officer, who=siti.sub.hex()))
    assert "Nobody of that name" in text(ask(officer, who="f" * 16))


@pytest.mark.usefixtures("siti")
def test_whoever_may_be_meant_is_asked_for_and_on_record(officer: Client) -> None:
    a_person("Siti Aminah")
    shown = text(ask(officer, who="siti"))
    assert "Who is it?" in shown
    assert "Contacts:" not in shown
    assert LookUp.objects.get().subjects.count() == 2
    chosen = Subject.objects.get(sub=(1).to_bytes(8))
    assert "Contacts: 2" in text(ask(officer, who="siti", person=str(chosen.pk)))


@pytest.mark.usefixtures("siti")
def test_short_contacts_can_be_left_out(officer: Client) -> None:
    assert "Contacts: 1, of them certain: 0" in text(ask(officer, minutes="61"))


@pytest.mark.usefixtures("siti")
def test_a_chart_tells_how_many_were_inside(officer: Client) -> None:
    """Of a day on which the person was there; of no other."""
    shown = text(ask(officer))
    value = shown.split('name="crowd" value="')[1].split('"')[0]
    drawn = text(ask(officer, crowd=value))
    assert 'class="most" d="M' in drawn
    assert "<strong>3</strong>" in drawn
    for other in ("1:2026-10-01", "x", "1", f"{value}0", "9" * 40):
        assert 'class="most"' not in text(ask(officer, crowd=other))


def test_a_crowd_is_shown_by_pages(officer: Client) -> None:
    """With as many queries as a few, no page above 150 KB; all are on record in the end."""
    door = a_door()
    siti = a_person("Siti Rahayu")
    stay(door, siti, 9, 11)
    counted = []
    for many in (3, 120):
        for number in range(Subject.objects.count() - 1, many):
            stay(door, a_person(f"Budi Santoso yang ke-{number}"), 9, 11)
        ask(officer)
        with CaptureQueriesContext(connection) as queries:
            first = ask(officer)
        counted.append(len(queries))
        assert len(first.content) < 150_000
    assert counted[0] == counted[1]
    pages = [text(ask(officer, page=str(number))) for number in (1, 2, 3)]
    assert [shown.count("Budi Santoso yang ke-") for shown in pages] == [50, 50, 20]
    assert LookUp.objects.get().subjects.count() == 121


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.TRACING])
def test_nobody_else_sees_contacts(role: Role, client: Client) -> None:
    """Not even Diskominfo."""
    sign_in(client, an_operator(role))
    for path in ("/tracing/", "/tracing/export/"):
        assert client.get(path).status_code == 403
        assert ask(client, path).status_code == 403
    assert "/tracing/" not in client.get("/").content.decode()


@pytest.mark.usefixtures("siti")
def test_a_table_leaves_the_hub_sealed(officer: Client, recipients: Path) -> None:
    """To the keys that were given for it; without any there is none."""
    refused = ask(officer, "/tracing/export/")
    assert refused.status_code == 503
    assert "create-export-key" in text(refused)
    assert not LookUp.objects.exists()
    key = Identity.generate()
    recipients.write_text(f"# BPBD\n{key.to_public()}\n")
    Subject.objects.filter(sub=(2).to_bytes(8)).update(label="=HYPERLINK(1)")
    sealed = ask(officer, "/tracing/export/")
    assert sealed["Content-Disposition"] == 'attachment; filename="kontak.csv.age"'
    assert b"HYPERLINK" not in sealed.content
    table = pyrage.decrypt(sealed.content, [key]).decode("utf-8-sig").splitlines()
    assert table[1].startswith("'=HYPERLINK(1),0000000000000002,Certain,60,60,Mal,2026-10-29 10:00")
    assert len(table) == 3
    assert LookUp.objects.get().case == "BPBD/2026/17"
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed.content, [Identity.generate()])


@pytest.mark.usefixtures("siti")
@pytest.mark.parametrize(
    "changes",
    [
        {"who": "\x00" * 10},
        {"who": "g" * 16},
        {"who": "٠" * 16},
        {"who": "<script>alert(1)</script>"},
        {"first": "0001-01-01", "last": "0001-01-02"},
        {"first": "9999-12-31"},
        {"first": "x", "last": "2026-13-45"},
        {"minutes": "-1"},
        {"minutes": "9" * 400},
        {"person": "0"},
        {"person": "9" * 30},
        {"page": "x"},
        {"page": "-1"},
        {"crowd": "\x00:2026-10-29"},
        {"case": "\ud800", "reason": "\ud800\ud800\ud800"},
        {"case": "x" * 61},
    ],
)
def test_nothing_that_is_sent_breaks_a_page(officer: Client, changes: dict[str, str]) -> None:
    for path in ("/tracing/", "/tracing/export/"):
        answer = officer.post(
            path,
            "&".join(f"{name}={_quoted(value)}" for name, value in {**_ASKED, **changes}.items()),
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code in {200, 400, 503}
        assert "<script>alert" not in answer.content.decode()


def _quoted(value: str) -> str:
    return "".join(f"%{octet:02x}" for octet in value.encode("utf-8", "surrogatepass"))
