"""The first page says what to do; whoever does it takes it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sync.hub.fleet.health.models import Alert, HourlyReading
from sync.hub.fleet.health.watch import Watch
from sync.hub.fleet.models import ConnectionRequest, Device, DeviceStatus, Door, Office, PlannedDoor
from sync.hub.keyring import Keyring
from sync.hub.web.roles import Role
from sync.wire.batch import Anchor, AnchorSource, Reading, State
from tests.sync.hub.conftest import NOW, PinnedClock
from tests.sync.hub.fake_door import FakeDoor, a_place, a_token, an_enrolled_door, take
from tests.sync.hub.operators import an_operator, sign_in


class _Nobody:
    def tell(self, _title: str, _text: str) -> bool:
        return True


@pytest.fixture
def signed_in(client: Client) -> Client:
    sign_in(client, an_operator(Role.DISKOMINFO))
    return client


@pytest.fixture
def door(keyring: Keyring) -> FakeDoor:
    return an_enrolled_door(keyring)


def _page(client: Client, path: str = "/") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def _judge(clock: PinnedClock, keyring: Keyring) -> None:
    Watch(_Nobody(), "").round(clock(), keyring)


def _is_hot(door: FakeDoor) -> None:
    door.health = (Reading("temperature_c", State.BAD, 82), Reading("lamp", State.OK))
    take(door.heartbeat())
    take(door.heartbeat())


def test_an_item_says_what_to_do_where_why_and_since_when(
    signed_in: Client, door: FakeDoor, clock: PinnedClock, keyring: Keyring
) -> None:
    assert "Tidak ada tugas" in _page(signed_in)
    _is_hot(door)
    _judge(clock, keyring)
    clock.pass_by(timedelta(minutes=5))
    page = _page(signed_in)
    for expected in ("Jauhkan anjungan dari sinar matahari", "Anjungan terlalu panas", "82 °C"):
        assert expected in page
    for expected in ("Pintu utara", "Mal Pelayanan Publik", "5\xa0menit", "Mendesak"):
        assert expected in page
    assert f'href="/kiosks/{door.row.pk}/"' in page


def test_an_item_is_taken_and_given_back(
    signed_in: Client, door: FakeDoor, clock: PinnedClock, keyring: Keyring
) -> None:
    _is_hot(door)
    _judge(clock, keyring)
    alert = Alert.objects.get(rule="temperature")
    assert signed_in.post("/take/", {"alerts": str(alert.pk)})["Location"] == "/"
    assert "ditangani diskominfo" in _page(signed_in)
    alert.refresh_from_db()
    assert alert.taken_at == NOW
    signed_in.post("/take/", {"alerts": f"{alert.pk},77", "give_back": "1"})
    assert "ditangani diskominfo" not in _page(signed_in)


@pytest.mark.parametrize("alerts", ["", "x", "1" * 30, "-1", "1;2", "\0", "٣"])
def test_odd_alerts_are_refused(signed_in: Client, alerts: str) -> None:
    assert signed_in.post("/take/", {"alerts": alerts}).status_code == 400


def test_whoever_looks_only_takes_nothing(client: Client, door: FakeDoor) -> None:
    sign_in(client, an_operator(Role.VIEWER, door.row.door.office))
    assert client.post("/take/", {"alerts": "1"}).status_code == 403


def test_an_office_sees_its_own_items(
    client: Client, door: FakeDoor, clock: PinnedClock, keyring: Keyring
) -> None:
    _is_hot(door)
    _judge(clock, keyring)
    other = Office.objects.create(name="Dinas lain", unit=777)
    sign_in(client, an_operator(Role.VIEWER, other))
    assert "Pintu utara" not in _page(client)
    assert client.get(f"/kiosks/{door.row.pk}/").status_code == 404
    assert client.get(f"/roll-out/{door.row.door.office_id}/").status_code == 404


def test_a_kiosks_page_shows_its_week(
    signed_in: Client, door: FakeDoor, clock: PinnedClock, keyring: Keyring
) -> None:
    at_ms = int(NOW.timestamp() * 1000) - 60_000
    door.see(3)
    anchor = Anchor(door.boot_id, door.boot_ms, at_ms, 80, AnchorSource.RECEIPT)
    take(door.post(door.batch(anchors=(anchor,))))
    for value in (50, 61):
        clock.pass_by(timedelta(hours=1))
        door.health = (Reading("temperature_c", State.OK, value),)
        door.boot_ms += 3_600_000
        take(door.heartbeat())
    door.start()
    _is_hot(door)
    _judge(clock, keyring)
    page = _page(signed_in, f"/kiosks/{door.row.pk}/")
    for expected in ("Suhu", "82 °C", "Kode terbaca per jam", "Anjungan terlalu panas"):
        assert expected in page
    for expected in ("board 1, card 2", "versi 1", "Menyala ulang", "3 dari 3 catatan"):
        assert expected in page
    assert page.count('<svg viewBox="0 0 672 80"') == 2
    assert "style=" not in page
    assert len(page) < 60_000


def test_a_kiosks_page_bears_whatever_a_door_sends(signed_in: Client, door: FakeDoor) -> None:
    """The largest numbers, unknown checks, a name that is a script."""
    largest = 2**63 - 1
    names = ("temperature_c", "backlog_entries", "frame_age_ms", "clock_width_ms", "<script>")
    door.health = tuple(Reading(name, State.BAD, largest) for name in names)
    take(door.heartbeat(software="<script>", newest_seq=largest, sent_boot_ms=largest))
    Device.objects.update(last_contact=None)
    page = _page(signed_in, f"/kiosks/{door.row.pk}/")
    assert "<script>" not in page.replace("<script src", "")
    assert signed_in.get(f"/kiosks/{door.row.pk + 1}/").status_code == 404
    _page(signed_in)


@pytest.mark.parametrize("path", ["/", "/kiosks/", "/kiosks/{}/", "/devices/", "/roll-out/"])
def test_the_number_of_queries_stays_the_same(
    path: str, signed_in: Client, clock: PinnedClock, keyring: Keyring
) -> None:
    """With five kiosks and with fifty, all of them with something to do."""

    def count() -> int:
        Device.objects.update(health=[["temperature_c", 1, 82]], last_contact=clock())
        _judge(clock, keyring)
        address = path.format(Device.objects.order_by("pk")[0].pk)
        with CaptureQueriesContext(connection) as queries:
            assert "Pintu" in _page(signed_in, address) or path == "/roll-out/"
        return len(queries)

    for number in range(5):
        an_enrolled_door(keyring, f"Pintu {number}")
    few = count()
    first = Device.objects.order_by("pk")[0]
    for number in range(45):
        office = Office.objects.create(name=f"Dinas {number}", unit=100 + number)
        first.pk, first.device_id = None, number.to_bytes(16, "big")
        place = first.door
        place.pk, place.public_id, place.office = None, number.to_bytes(8, "big"), office
        place.save()
        first.door = place
        first.save()
    assert count() == few


def test_roll_out_counts_doors_plans_and_connections(
    signed_in: Client, door: FakeDoor, clock: PinnedClock
) -> None:
    site = door.row.door.site
    site.has_internet = False
    site.save()
    yesterday = (NOW - timedelta(days=1)).date()
    PlannedDoor.objects.create(site=site, label="Pintu barat", direction="exit", deadline=yesterday)
    PlannedDoor.objects.create(site=site, label="Pintu lama", direction="exit", status="dropped")
    ConnectionRequest.objects.create(site=site, status="requested", deadline=yesterday)
    page = _page(signed_in, "/roll-out/")
    assert "lewat tenggat: 2" in page
    assert "1 / 1" in page
    office = _page(signed_in, f"/roll-out/{site.office_id}/")
    for expected in ("Pintu barat", "sampai 1 Nov 2026", "Tanpa internet", "Diajukan"):
        assert expected in office
    ConnectionRequest.objects.update(status="connected")
    PlannedDoor.objects.filter(label="Pintu barat").update(door=door.row.door)
    assert "lewat tenggat" not in _page(signed_in, "/roll-out/")


def test_devices_are_let_in_and_out(signed_in: Client, keyring: Keyring, door: FakeDoor) -> None:
    place = door.row.door
    second = FakeDoor(keyring)
    second.enrol(place.public_id, a_token(place, keyring))
    assert "Anjungan yang menunggu persetujuan: 1" in _page(signed_in)
    assert "Setujui, dan cabut yang lama" in _page(signed_in, "/devices/")
    address = f"/devices/{second.row.pk}/"
    assert signed_in.post(address, {"decision": "x"}).status_code == 400
    assert signed_in.post("/devices/999999/", {"decision": "revoke"}).status_code == 404
    assert signed_in.post(address, {"decision": "replace"})["Location"] == "/devices/"
    assert second.row.status == DeviceStatus.ACTIVE
    assert door.row.status == DeviceStatus.REVOKED
    signed_in.post(address, {"decision": "revoke"})
    assert second.row.status == DeviceStatus.REVOKED


def test_a_card_is_made_by_its_form_alone(signed_in: Client, keyring: Keyring) -> None:
    """And it enrols a kiosk."""
    from sync.hub.fleet.models import EnrolmentToken
    from sync.wire.card import open_card

    place = a_place()
    address = f"/doors/{place.pk}/card/"
    assert "<svg" not in _page(signed_in, address).partition("<main")[2]
    assert not EnrolmentToken.objects.exists()
    page = signed_in.post(address).content.decode()
    text = page.partition('<p class="code">')[2].partition("<")[0]
    card, _keys = open_card(text, pinned_root=keyring.root_public)
    assert 'class="card-code"' in page
    assert "tidak dapat mencapainya" in page
    assert FakeDoor(keyring).enrol(card.door, card.token).status in {200, 503}
    assert signed_in.get("/doors/999999/card/").status_code == 404


def test_sites_are_kept_in_the_admin(signed_in: Client, door: FakeDoor) -> None:
    """A door that is made there has its place in passes; a zone must exist."""
    site = door.row.door.site
    for model in ("office", "site", "door", "device", "planneddoor", "connectionrequest"):
        _page(signed_in, f"/admin/fleet/{model}/")
    _page(signed_in, "/admin/health/maintenance/add/")
    made = {"site": site.pk, "label": "Pintu baru", "direction": "exit"}
    assert signed_in.post("/admin/fleet/door/add/", made).status_code == 302
    new = site.doors.get(label="Pintu baru")
    assert (new.door_bit, len(new.public_id), new.office) == (1, 8, site.office)
    refused = signed_in.post(
        f"/admin/fleet/site/{site.pk}/change/", {"name": "x", "timezone": "Mars/Base"}
    )
    assert "Asia/Makassar" in refused.content.decode()
    assert not HourlyReading.objects.filter(device__door=new).exists()


def test_the_admin_deletes_nothing_by_the_dozen(signed_in: Client, door: FakeDoor) -> None:
    """Neither what is ticked nor what is no number at all."""
    for ticked in (door.row.door.pk, "garbage"):
        form = {"action": "delete_selected", "_selected_action": ticked, "index": 0, "post": "yes"}
        assert signed_in.post("/admin/fleet/door/", form).status_code in {200, 302}
    assert Door.objects.filter(pk=door.row.door.pk).exists()
