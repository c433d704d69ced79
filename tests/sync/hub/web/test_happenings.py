"""A kiosk's page says what happened to it, when, and how surely; in both languages."""

from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from sync.hub.ingest.models import Happening
from sync.hub.keyring import Keyring
from sync.hub.web import happenings
from sync.hub.web.faults import FAULTS
from sync.hub.web.roles import Role
from sync.wire.batch import Anchor, AnchorSource, Reading, State
from sync.wire.entry import Kind, WallClock
from sync.wire.happenings import Happening as Name
from sync.wire.visit import Event
from tests.sync.hub.conftest import NOW, PinnedClock
from tests.sync.hub.fake_door import FakeDoor, an_enrolled_door, take
from tests.sync.hub.operators import an_operator, sign_in

_PAGE = Path(__file__).parents[4] / "docs" / "reference" / "journal.md"


@pytest.fixture
def door(keyring: Keyring) -> FakeDoor:
    return an_enrolled_door(keyring)


@pytest.fixture
def signed_in(client: Client) -> Client:
    sign_in(client, an_operator(Role.DISKOMINFO))
    return client


def _send(door: FakeDoor, *events: Event, clock: int = WallClock.SYNCHRONISED) -> None:
    first = len(door.journal) + 1
    for event in events:
        door.write(event.to_bytes(), Kind.EVENT, clock=clock)
    true_ms = int(NOW.timestamp() * 1000) - 1_000
    anchor = Anchor(door.boot_id, door.boot_ms, true_ms, 200, AnchorSource.RECEIPT)
    take(door.post(door.batch(first, anchors=(anchor,))))


def _page(client: Client, door: FakeDoor, language: str = "id") -> str:
    client.post("/language/", {"language": language, "next": "/"})
    response = client.get(f"/kiosks/{door.row.pk}/")
    assert response.status_code == 200
    return response.content.decode()


def test_events_are_said_in_words_with_their_time(signed_in: Client, door: FakeDoor) -> None:
    _send(door, Event(Name.START, detail="gapura 0.1.0"), clock=WallClock.UNSET)
    _send(
        door,
        Event(Name.POWER_CUT),
        Event("frame_age_ms", 31_000, is_bad=True, count=7),
        Event("frame_age_ms", 20, is_bad=False),
        Event(Name.CLOCK_SET, -7_200),
        Event(Name.CLOCK_SET, 65),
        Event(Name.RULES_TAKEN, 12),
        Event(Name.SHIFT, 1),
        Event(Name.COURIER, is_bad=True),
    )
    page = _page(signed_in, door)
    for said in (
        "Anjungan telah menyala</strong> dengan jam yang belum disetel",
        '(<span class="code">gapura 0.1.0</span>)',
        "Listrik terputus sebelum anjungan menyala kali ini",
        '(<span class="code">31000 ms</span>) × 7',
        "Pulih: Kamera tidak mengirim gambar baru",
        "−2 jam",
        "+65 dtk",
        "versi 12",
        "Giliran jaga petugas telah dimulai",
        "Program yang memegang jaringan diam",
        "09.59.59 WIB ± 0,2 dtk",
    ):
        assert said in page, said
    english = _page(signed_in, door, "en")
    for said in ("The kiosk has started", "The power was cut before this start", "version 12"):
        assert said in english, said


def test_without_a_known_time_its_bounds_are_shown(signed_in: Client, door: FakeDoor) -> None:
    door.write(Event(Name.STOP).to_bytes(), Kind.EVENT)
    take(door.send())
    assert "10.00.00 – 10.00.00 WIB" in _page(signed_in, door)


def test_what_a_newer_kiosk_tells_is_shown_as_it_is(signed_in: Client, door: FakeDoor) -> None:
    _send(door, Event("<later>", 5), Event(Name.SHIFT, 9), Event(Name.CLOCK_SET, -(2**62)))
    page = _page(signed_in, door)
    assert "&lt;later&gt;" in page
    assert "<later>" not in page


def test_the_newest_come_first_and_not_all(signed_in: Client, door: FakeDoor) -> None:
    _send(door, *(Event(f"event number {number:02}") for number in range(happenings.SHOWN + 3)))
    page = _page(signed_in, door)
    assert "event number 02" not in page
    assert page.index("event number 32") < page.index("event number 03")


@pytest.mark.parametrize("name", list(Name))
def test_every_event_has_its_words(name: Name) -> None:
    """In both languages, and in the journal's reference."""
    for value in (0, 1):
        one = Happening(name=name, value=value, is_bad=bool(value))
        with translation.override("en"):
            english = str(happenings._said(one))
        with translation.override("id"):
            assert str(happenings._said(one)) not in {english, name}
    assert f"`{name}`" in _PAGE.read_text()


@pytest.mark.parametrize("check", sorted(FAULTS))
def test_every_check_is_said_when_it_turns(check: str) -> None:
    for is_bad in (True, False):
        said = str(happenings._said(Happening(name=check, is_bad=is_bad)))
        assert said.endswith(str(FAULTS[check].said))


def test_the_radio_has_its_chart(signed_in: Client, door: FakeDoor) -> None:
    door.health = (Reading("wifi_dbm", State.OK, -63), Reading("commit_ms", State.OK, 12))
    take(door.heartbeat())
    page = _page(signed_in, door)
    assert "Kekuatan WiFi" in page
    assert "-63 dBm" in page
    assert "Waktu menulis ke kartu memori" in page


def test_a_new_board_is_approved_on_the_page(
    signed_in: Client, door: FakeDoor, clock: PinnedClock
) -> None:
    """As the one that was looked at: not if it has changed since."""
    _send(door, Event(Name.BOARD, detail="board 9, card 9"))
    assert "belum disetujui" in _page(signed_in, door)
    signed_in.post("/language/", {"language": "id", "next": "/"})
    devices = signed_in.get("/devices/").content.decode()
    assert "Setujui papan yang baru" in devices
    assert 'value="board 9, card 9"' in devices
    path = f"/devices/{door.row.pk}/"
    signed_in.post(path, {"decision": "board", "board": "board 1, card 1"})
    assert door.row.hardware == "board 1, card 2"
    signed_in.post(path, {"decision": "board", "board": "board 9, card 9"})
    assert door.row.hardware == "board 9, card 9"
    assert door.row.board_settled_at == clock()
    assert "Setujui papan yang baru" not in signed_in.get("/devices/").content.decode()
    assert "belum disetujui" not in _page(signed_in, door)


def test_an_acceptance_is_shown_beside_the_state_and_among_the_events(
    signed_in: Client, door: FakeDoor
) -> None:
    """The newest one counts, however many events came after it."""
    assert "belum ditandatangani" in _page(signed_in, door)
    _send(door, Event(Name.ACCEPTANCE, 2, is_bad=True, detail="AB 2026-02-03 0badcafe"))
    page = _page(signed_in, door)
    assert "belum ditandatangani" not in page
    assert page.count("AB 2026-02-03 0badcafe") == 2
    assert page.count("ada bagian yang rusak") == 2
    _send(door, Event(Name.ACCEPTANCE, 0, is_bad=False, detail="CD 2026-02-04 deadbeef"))
    _send(door, *(Event(f"event number {number:02}") for number in range(happenings.SHOWN)))
    english = _page(signed_in, door, "en")
    assert english.count("CD 2026-02-04 deadbeef") == 1
    assert "nothing bad" in english
    assert "0badcafe" not in english
