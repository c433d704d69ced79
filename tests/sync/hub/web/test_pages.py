from dataclasses import replace

import pytest
from django.test import Client

from sync.hub.fleet.models import Device, DeviceStatus
from sync.hub.ingest.models import Visit
from sync.hub.keyring import Keyring
from sync.hub.people.models import Subject
from sync.hub.web.models import Operator
from sync.hub.web.roles import Role
from sync.hub.web.visits import PAGE_ROWS
from sync.wire.batch import Anchor, AnchorSource, Reading, State
from sync.wire.entry import Kind
from sync.wire.visit import Assisted
from tests.sync.hub.conftest import NOW, PinnedClock
from tests.sync.hub.fake_door import FakeDoor, an_enrolled_door, take
from tests.sync.hub.operators import PASSWORD, an_operator, sign_in


@pytest.fixture
def operator() -> Operator:
    return an_operator(Role.DISKOMINFO)


@pytest.fixture
def signed_in(client: Client, operator: Operator) -> Client:
    sign_in(client, operator)
    return client


@pytest.fixture
def door(keyring: Keyring) -> FakeDoor:
    return an_enrolled_door(keyring)


def read(client: Client, path: str = "/visits/") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_signing_in_and_out(client: Client) -> None:
    """A wrong password gets the same words as a wrong name."""
    an_operator(Role.VIEWER)
    wrong = client.post("/sign-in/", {"username": "viewer", "password": "x"})
    nobody = client.post("/sign-in/", {"username": "nobody", "password": "x"})
    assert "tidak cocok" in wrong.content.decode()
    assert "tidak cocok" in nobody.content.decode()
    right = client.post("/sign-in/", {"username": "viewer", "password": PASSWORD})
    assert right["Location"] == "/"
    assert "Kunjungan" in read(client)
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/").status_code == 302


def test_the_page_speaks_indonesian_until_asked_otherwise(signed_in: Client) -> None:
    """Whatever language a browser was sold with."""
    first = signed_in.get("/visits/", headers={"Accept-Language": "en"})
    assert "Kunjungan" in first.content.decode()
    assert 'lang="id"' in first.content.decode()
    signed_in.post("/language/", {"language": "en", "next": "/kiosks/"})
    assert "Kiosks" in read(signed_in, "/kiosks/")
    assert 'lang="en"' in read(signed_in)


def test_a_visit_is_shown_with_its_time_and_person(signed_in: Client, door: FakeDoor) -> None:
    """In the site's own zone, with its error, and the name that only the hub knows."""
    Subject.objects.create(sub=b"subject1", label="Siti Rahayu", created_at=NOW)
    door.see(outcome=2, shown=3, reason=21)
    true_ms = int(NOW.timestamp() * 1000) - 1_000
    anchor = Anchor(door.boot_id, door.boot_ms, true_ms, 200, AnchorSource.NTP)
    take(door.post(door.batch(anchors=(anchor,))))
    page = read(signed_in)
    for expected in ("Siti Rahayu", "Pintu utara", "Sudah kedaluwarsa", "Ditolak", "Tamu"):
        assert expected in page
    for expected in ("09.59.59", "WIB", "± 0,2 dtk", "2 Nov 2026", "uji coba"):
        assert expected in page


def test_a_visit_without_an_anchor_is_shown_by_its_bounds(
    signed_in: Client, door: FakeDoor
) -> None:
    """From the first to the last time at which it can have been."""
    door.see(earliest_s=int(NOW.timestamp()) - 3600)
    take(door.send())
    page = read(signed_in)
    assert "09.00.00" in page
    assert "10.00.00" in page


def test_codes_of_a_newer_door_are_shown_as_numbers(signed_in: Client, door: FakeDoor) -> None:
    """And a person whom the hub does not know as such."""
    door.see(outcome=77, shown=77, reason=88, pass_type=99, sub=None)
    take(door.send())
    page = read(signed_in)
    for expected in ("Kode 77", "Kode 88", "Kode 99", "Tidak dikenal"):
        assert expected in page


def test_an_officers_press_is_shown_with_its_number(signed_in: Client, door: FakeDoor) -> None:
    """Somebody without a phone, or somebody about whom the kiosk had asked."""
    door.see(outcome=3, shown=3)
    door.write(Assisted(1704).to_bytes(), Kind.ASSISTED)
    take(door.send())
    page = read(signed_in)
    for expected in ("Tanpa ponsel", "Dipersilakan masuk oleh petugas", "dibantu, no. 1704"):
        assert expected in page
    assert "Yang ditanyakan" not in page
    door.write(Assisted(1705, of_seq=1).to_bytes(), Kind.ASSISTED)
    take(door.send())
    assert "Yang ditanyakan anjungan" in read(signed_in)


def test_names_are_text_and_nothing_else(signed_in: Client, door: FakeDoor) -> None:
    """What somebody typed as a name is not run in anybody's browser."""
    Subject.objects.create(sub=b"subject1", label="<script>x</script>", created_at=NOW)
    door.see()
    take(door.send())
    assert "<script>x" not in read(signed_in)


def test_pages_go_on_where_the_last_one_ended(signed_in: Client, door: FakeDoor) -> None:
    """Newest first; what arrives meanwhile does not shift the rows."""
    door.see(PAGE_ROWS + 3)
    take(door.send())
    newest = read(signed_in)
    assert newest.count("<tr class=") == PAGE_ROWS
    oldest_shown = Visit.objects.order_by("-pk")[PAGE_ROWS - 1].pk
    assert f"?before={oldest_shown}" in newest
    older = read(signed_in, f"/visits/?before={oldest_shown}")
    assert older.count("<tr class=") == 3
    assert "live.js" not in older
    for odd in ("x", "-1", "9" * 40, "٣"):
        read(signed_in, f"/visits/?before={odd}")


def test_the_number_of_queries_does_not_grow(
    signed_in: Client, door: FakeDoor, keyring: Keyring
) -> None:
    """Neither with visits nor with kiosks."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            read(signed_in, path)
        return len(queries)

    take(door.heartbeat())
    before = [count(path) for path in ("/visits/", "/kiosks/")]
    door.see(20)
    take(door.send())
    for label in ("Selatan", "Timur"):
        take(an_enrolled_door(keyring, label).heartbeat())
    assert count("/visits/") <= before[0] + 1
    assert count("/kiosks/") == before[1]


def test_a_kiosk_is_shown_with_what_it_needs(
    signed_in: Client, door: FakeDoor, keyring: Keyring, clock: PinnedClock
) -> None:
    """What is bad comes first, then what is silent."""
    door.see(5)
    take(door.send(1, 2))
    an_enrolled_door(keyring, "Pintu selatan")
    sick = an_enrolled_door(keyring, "Pintu timur")
    sick.health = (
        Reading("disk_free_percent", State.OK, 60),
        Reading("lamp", State.OK),
        Reading("temperature_c", State.BAD, 86),
        Reading("door_humidity_percent", State.BAD, 97),
    )
    take(sick.heartbeat())
    page = read(signed_in, "/kiosks/")
    order = [page.index(label) for label in ("Pintu timur", "Pintu selatan", "Pintu utara")]
    assert order == sorted(order)
    for expected in ("terlalu panas", "86 °C", "Jauhkan anjungan", "door_humidity_percent"):
        assert expected in page
    assert "Kartu memori" not in page
    assert page.count("Selebihnya baik") == 1
    assert page.count('<span class="chip deny">Bermasalah</span>') == 1
    assert page.count('<span class="chip admit">Terhubung</span>') == 1
    assert "<dd>3</dd>" in page
    clock.instant = NOW.replace(hour=4, minute=30)
    assert '<span class="chip deny">Tidak ada kabar</span>' in read(signed_in, "/kiosks/")


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ((State.OK, State.OK), "Semua baik"),
        ((State.OK, State.UNKNOWN), "Semua yang dapat diperiksa baik"),
        ((State.UNKNOWN,), ""),
        ((), ""),
    ],
)
def test_what_is_well_takes_one_line(
    signed_in: Client, door: FakeDoor, states: tuple[State, ...], said: str
) -> None:
    """What a kiosk cannot tell is no fault, and nothing is said to be well that was not checked."""
    names = ("lens_dark", "lens_moved")
    door.health = tuple(Reading(name, state) for name, state in zip(names, states, strict=False))
    take(door.heartbeat())
    page = read(signed_in, "/kiosks/")
    assert f'<li class="well">{said}</li>' in page if said else 'class="readings"' not in page
    assert '<span class="chip admit">Terhubung</span>' in page


def test_a_fault_of_a_kiosk_that_was_revoked_needs_nobody(
    signed_in: Client, door: FakeDoor
) -> None:
    """It is not counted, and its chip says that it is revoked."""
    door.health = (Reading("lamp", State.BAD),)
    take(door.heartbeat())
    Device.objects.update(status=DeviceStatus.REVOKED)
    page = read(signed_in, "/kiosks/")
    assert '<span class="chip deny">Dicabut</span>' in page
    assert '<span class="chip deny">Bermasalah</span>' not in page


def test_entries_that_nobody_has_any_more_are_shown(signed_in: Client, door: FakeDoor) -> None:
    """Their number at the kiosk that made them; nothing where none are lost."""
    door.see(9)
    take(door.send(1, 2))
    assert "Hilang selamanya" not in read(signed_in, "/kiosks/")
    take(door.post(replace(door.batch(6), oldest_seq=6)))
    assert '<dd><span class="chip deny">3</span></dd>' in read(signed_in, "/kiosks/")


def test_an_empty_hub_says_what_comes_next(signed_in: Client) -> None:
    """Nobody is left before an empty table."""
    assert "Belum ada kunjungan" in read(signed_in)
    assert "gapura-hub create-card --new-door" in read(signed_in, "/kiosks/")


def test_every_answer_carries_the_security_headers(client: Client, signed_in: Client) -> None:
    """No script that is not the hub's own, no frame, nothing kept on a shared computer."""
    for path in ("/", "/sign-in/", "/healthz", "/nowhere"):
        response = signed_in.get(path)
        assert "script-src 'self'" in response["Content-Security-Policy"]
        assert "unsafe" not in response["Content-Security-Policy"]
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["X-Frame-Options"] == "DENY"
        assert "no-store" in response["Cache-Control"]


def test_the_page_holds_no_script_or_style_of_its_own(signed_in: Client, door: FakeDoor) -> None:
    """The content security policy would block it."""
    door.see()
    take(door.send())
    for path in ("/", "/visits/", "/kiosks/"):
        page = read(signed_in, path)
        assert "style=" not in page
        assert "<style" not in page
        assert page.count("<script") == page.count("<script src=")


def test_static_files_are_served(client: Client) -> None:
    """By the hub itself: there is no other server in a first try."""
    response = client.get("/static/web/hub.css")
    assert response.status_code == 200
    assert b"".join(response.streaming_content)  # type: ignore[attr-defined]
    response.close()


def test_an_unknown_page_is_ours(signed_in: Client) -> None:
    """In the chosen language, with a way back."""
    response = signed_in.get("/nowhere")
    assert response.status_code == 404
    assert "Halaman tidak ditemukan" in response.content.decode()


def test_the_hub_says_that_it_is_well(client: Client) -> None:
    """For whoever watches over the processes."""
    assert client.get("/healthz").content == b"ok\n"
