"""Figures for the regent and, where it is wished, for everybody: never of few people."""

import re
from dataclasses import replace

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sync.hub.fleet.models import Office, Site
from sync.hub.tracing.counting import count_new
from sync.hub.tracing.models import HourCount
from sync.hub.web.roles import Role
from tests.sync.hub.conftest import NOW
from tests.sync.hub.operators import an_operator, sign_in
from tests.sync.hub.tracing.regency import DENY, a_door, a_person, see

_PUBLIC = ("/public/statistics/", "/public/statistics.json")


@pytest.fixture
def regent(client: Client) -> Client:
    sign_in(client, an_operator(Role.VIEWER))
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def _figures() -> None:
    """Twenty at one site at nine, of whom five were refused; three at another."""
    mall, hall = a_door("Mal"), a_door("Balai kota")
    siti = a_person("Siti Rahayu")
    for number in range(20):
        see(mall, siti, 9, shown=DENY if number < 5 else 1, reason=21 if number < 5 else 0)
    for _ in range(3):
        see(hall, siti, 10)
    count_new(NOW, b"a key of this test")


@pytest.fixture
def _public(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = replace(settings.ENVIRONMENT, has_public_statistics=True)
    monkeypatch.setattr("sync.hub.installation.environment", lambda: opened)


@pytest.mark.usefixtures("_figures")
def test_the_regent_sees_figures_and_nobody(regent: Client) -> None:
    """Every figure is a multiple of five, or said to be fewer."""
    shown = regent.get("/statistics/").content.decode()
    figures = re.findall(r"<dd>([^<]*|&lt;5)</dd>", shown)
    assert len(figures) >= 6
    assert all(one in {"&lt;5", "–"} or int(one) % 5 == 0 for one in figures)
    assert "<dt>Mal</dt><dd>20</dd>" in shown
    assert "<dt>Expired</dt><dd>5</dd>" in shown or "<dd>5</dd>" in shown
    assert "Siti" not in shown
    assert '<option value="28" selected>' in shown


@pytest.mark.usefixtures("_figures")
def test_a_site_and_a_time_can_be_chosen(regent: Client) -> None:
    mall = Site.objects.get(name="Mal")
    shown = regent.get(f"/statistics/?site={mall.pk}&days=7").content.decode()
    assert "<dt>Mal</dt><dd>20</dd>" in shown
    assert "<dt>Balai kota</dt>" not in shown
    assert "26 Oct 2026 – 1 Nov 2026" in shown


@pytest.mark.usefixtures("_figures")
def test_today_is_not_told_yet(regent: Client) -> None:
    """Nobody can watch a figure change as somebody comes."""
    door = a_door("Gedung baru")
    for _ in range(50):
        see(door, b"somebody", 4 * 24 + 9)
    count_new(NOW, b"a key of this test")
    assert HourCount.objects.filter(site=door.site).exists()
    assert "<dt>Gedung baru</dt>" not in regent.get("/statistics/").content.decode()


@pytest.mark.usefixtures("_figures")
def test_somebody_of_one_office_sees_its_figures_alone(client: Client) -> None:
    hall = Site.objects.get(name="Balai kota")
    Site.objects.filter(pk=hall.pk).update(office=Office.objects.create(name="Setda", unit=9))
    hall.refresh_from_db()
    sign_in(client, an_operator(Role.VIEWER, hall.office))
    shown = client.get("/statistics/").content.decode()
    assert "Mal" not in shown
    assert "<dt>Balai kota</dt>" in shown
    assert "Mal" not in client.get("/statistics/export/").content.decode()


@pytest.mark.usefixtures("_figures")
def test_figures_are_a_table_too(regent: Client) -> None:
    answer = regent.get("/statistics/export/")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Table,Of,People"
    assert "By site,Mal,20" in lines


@pytest.mark.usefixtures("_figures")
def test_the_public_sees_nothing_unless_it_is_wished(client: Client) -> None:
    assert [client.get(path).status_code for path in _PUBLIC] == [404, 404]


@pytest.mark.usefixtures("_figures", "_public")
def test_the_public_sees_the_same_where_it_is_wished(client: Client) -> None:
    assert "<dt>Mal</dt><dd>20</dd>" in client.get(_PUBLIC[0]).content.decode()
    told = client.get(_PUBLIC[1]).json()
    assert {"site": "Mal", "people": 20} in told["sites"]
    assert told["hours"]["09"] == 20
    assert told["hours"]["03"] == "<5"
    assert told["days"]["2026-10-29"] == 20 + int(told["hours"]["10"] == 5) * 5


@pytest.mark.usefixtures("_figures")
def test_many_sites_are_asked_for_as_few_are(regent: Client) -> None:
    regent.get("/statistics/")
    counted = []
    for many in (3, 60):
        for number in range(Site.objects.count(), many):
            HourCount.objects.create(
                site=a_door(f"Gedung {number}", office=f"Dinas {number // 30}").site, outcome=1,
                hour=498_000 - number, reason=0,
                is_dated=True, count=50, shown=50,
            )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            answer = regent.get("/statistics/?days=91")
        counted.append(len(queries))
        assert len(answer.content) < 150_000
    assert counted[0] == counted[1]


@pytest.mark.parametrize(
    "query",
    [
        "site=x", "site=-1", "site=999999999999999999999", "days=0", "days=x", "days=7&days=91",
        "site=%00", "days=%ed%a0%80",
    ],
)  # fmt: skip
@pytest.mark.usefixtures("_figures", "_public")
def test_nothing_that_is_asked_breaks_a_page(regent: Client, query: str) -> None:
    for path in ("/statistics/", "/statistics/export/", *_PUBLIC):
        assert regent.get(f"{path}?{query}").status_code == 200


@pytest.mark.parametrize("role", [Role.TRACING, Role.PERSONNEL, Role.TECHNICIAN])
def test_others_have_no_need_of_them(role: Role, client: Client) -> None:
    sign_in(client, an_operator(role))
    assert client.get("/statistics/").status_code == 403
