"""A page asks the database as often for 300 kiosks as for 3, and stays small."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sync.hub.fleet.cards import NewDoor, add_door
from sync.hub.fleet.health.catalogue import RULES
from sync.hub.fleet.health.models import Alert, HourlyReading, Severity
from sync.hub.fleet.models import Device, DeviceStatus, Direction, Door, PlannedDoor
from sync.hub.ingest.models import Entry, Epoch, Visit
from sync.hub.people.models import Subject
from sync.hub.rules.publishing import publish_default
from sync.hub.web.paging import PAGE_ROWS
from sync.hub.web.roles import Role
from sync.wire.batch import State
from tests.sync.hub.conftest import NOW
from tests.sync.hub.operators import an_operator, sign_in

_FEW, _MANY = 3, 300
_LARGEST_BYTES = 150_000
_DOORS_AN_OFFICE = 10
_CHECKS = ("camera", "lamp", "storage", "temperature_c", "disk_free_percent")
_PAGES = {
    "todo": "/",
    "kiosk": "/kiosks/{kiosk}/",
    "kiosks": "/kiosks/",
    "roll-out": "/roll-out/",
    "roll-out of an office": "/roll-out/{office}/",
    "visits": "/visits/",
    "devices": "/devices/",
}


@pytest.fixture
def signed_in(client: Client) -> Client:
    publish_default(NOW)
    sign_in(client, an_operator(Role.DISKOMINFO))
    return client


def _grow(kiosks: int) -> None:
    """Add kiosks until there are so many, each with what a kiosk has after some weeks."""
    for number in range(Device.objects.count(), kiosks):
        office = f"Dinas {number // _DOORS_AN_OFFICE}"
        site = f"Gedung {number // 2}"
        door = add_door(
            NewDoor(f"Pintu {number}", site, office, Direction.ENTRY, "office", "Asia/Jakarta")
        )
        PlannedDoor.objects.create(site=door.site, label="Pintu timur", direction="entry")
        _visit(number, _epoch(_device(number, door)))


def _device(number: int, door: Door) -> Device:
    device = Device.objects.create(
        device_id=number.to_bytes(16),
        door=door,
        signing_public=number.to_bytes(32),
        sealing_public=number.to_bytes(32),
        hardware="board 1, card 2",
        status=DeviceStatus.ACTIVE,
        enrolled_at=NOW,
        last_contact=NOW - timedelta(minutes=number % 90),
        health=[[check, State.BAD if number % 3 else State.OK, 82] for check in _CHECKS],
    )
    rule = RULES[number % len(RULES)].name
    Alert.objects.create(
        device=device, rule=rule, severity=Severity.CRITICAL, since=NOW, raised_at=NOW, value=5
    )
    HourlyReading.objects.create(
        device=device,
        name="temperature_c",
        hour=int(NOW.timestamp()) // 3600,
        low=1,
        high=2,
        last=1,
    )
    return device


def _epoch(device: Device) -> Epoch:
    return Epoch.objects.create(device=device, epoch=bytes(16), chain=bytes(32), last_heard=NOW)


def _visit(number: int, epoch: Epoch) -> None:
    at_ms = int(NOW.timestamp() * 1000)
    sub = Subject.objects.create(sub=number.to_bytes(8), label=f"Siti {number}", created_at=NOW)
    entry = Entry.objects.create(
        epoch=epoch, seq=1, run_no=1, boot_ms=1, wall_ms=0, clock=0, kind=1, nonce=1, sealed=b"",
        previous=bytes(32), chain=bytes(32), received_at=NOW,
    )  # fmt: skip
    Visit.objects.create(
        entry=entry, door=epoch.device.door, outcome=1, shown=1, reason=0, direction=1, format=1,
        rulebook=1, sub=sub.sub, earliest_s=0, lower_ms=at_ms, upper_ms=at_ms, time_ms=at_ms,
        error_ms=80,
    )  # fmt: skip


def _ask(client: Client, path: str) -> tuple[int, int]:
    """Return how many queries a page takes, and how long it is."""
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    assert answer.status_code == 200
    return len(queries), len(answer.content)


def _search(client: Client) -> tuple[int, int]:
    sought = {"name": "Siti", "reason": "uji coba halaman"}
    client.post("/people/", sought)
    with CaptureQueriesContext(connection) as queries:
        answer = client.post("/people/", sought)
    assert b"Siti 1" in answer.content
    return len(queries), len(answer.content)


def _all(client: Client) -> dict[str, tuple[int, int]]:
    door = Door.objects.order_by("pk")[0]
    device = Device.objects.order_by("pk")[0]
    paths = {
        name: path.format(kiosk=device.pk, office=door.office_id) for name, path in _PAGES.items()
    }
    found = {name: _ask(client, path) for name, path in paths.items()}
    return {**found, "people": _search(client)}


def test_300_kiosks_are_asked_for_as_3_are(signed_in: Client) -> None:
    _grow(_FEW)
    few = _all(signed_in)
    _grow(_MANY)
    many = _all(signed_in)
    assert {name: count for name, (count, _) in many.items()} == {
        name: count for name, (count, _) in few.items()
    }
    assert {name: size for name, (_, size) in many.items() if size > _LARGEST_BYTES} == {}


def test_every_kiosk_is_on_one_of_the_pages(signed_in: Client) -> None:
    """Those that need something first; what was asked for that is not there is the nearest."""
    _grow(_MANY // 2)
    pages = _MANY // 2 // PAGE_ROWS
    for path in ("/kiosks/", "/devices/", "/"):
        shown = [
            signed_in.get(f"{path}?page={number}").content.decode()
            for number in (*range(1, pages + 1), pages + 9)
        ]
        links = [text.count('href="/kiosks/') for text in shown]
        assert sum(links[:pages]) - pages * shown[0].count('href="/kiosks/"') >= _MANY // 2
        assert links[-1] == links[-2]
        assert f"Halaman 2 dari {pages}" in shown[1]
    assert signed_in.get("/kiosks/?page=x").status_code == 200
