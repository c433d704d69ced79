"""Updates are offered to enrolled kiosks, to as many as was said, and to none where they fail."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sync.hub.errors import CommandFault, FaultyFile
from sync.hub.fleet.models import Device, DeviceStatus, Office, SoftwareUpdate
from sync.hub.fleet.updates import CHECK, SHELF, STOP_AFTER, fares, offer_to, publish
from sync.hub.keyring import Keyring
from sync.wire.batch import Reading, State, sign_batch
from sync.wire.envelope import MEDIA_TYPE, Content, Envelope
from sync.wire.update import HEADER, PART_BYTES, Offer, rank_of, read_offer
from tests.provisioning.updates.updates import make_update
from tests.sync.hub.conftest import NOW, PinnedClock
from tests.sync.hub.fake_door import FakeDoor, an_enrolled_door


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    SHELF.clear()
    yield
    SHELF.clear()


@pytest.fixture
def file(tmp_path: Path) -> bytes:
    return make_update(tmp_path, "0.2.0").read_bytes()


def _rolled_out(content: bytes, **changes: object) -> SoftwareUpdate:
    update = publish(content, 100, NOW)
    SoftwareUpdate.objects.filter(pk=update.pk).update(**changes)
    SHELF.clear()
    return update


def _batch(door: FakeDoor, software: str = "gapura 0.1.0") -> Offer | None:
    batch = replace(door.batch(first=len(door.journal) + 1), software=software)
    body = Envelope(Content.BATCH, door.device, sign_batch(batch, door.signing)).to_bytes()
    answer = Client().post("/v1/sync", body, content_type=MEDIA_TYPE)
    assert answer.status_code == 200
    header = answer.get(HEADER)
    return None if header is None else read_offer(header)


def _part(offer: Offer, number: int) -> tuple[int, bytes]:
    answer = Client().get(f"/v1/updates/{offer.ticket}/{number}")
    return answer.status_code, answer.content


def test_a_kiosk_is_given_all_parts_of_what_it_is_offered(keyring: Keyring, tmp_path: Path) -> None:
    door = an_enrolled_door(keyring)
    assert _batch(door) is None
    content = make_update(tmp_path, "0.2.0").read_bytes()
    _rolled_out(content)
    offer = _batch(door)
    assert offer is not None
    assert (offer.version, offer.size_bytes) == ("0.2.0", len(content))
    parts = [_part(offer, number) for number in range(offer.parts)]
    assert {status for status, _ in parts} == {200}
    assert b"".join(part for _, part in parts) == content
    assert _part(offer, offer.parts)[0] == 404


def test_a_long_file_comes_in_parts_of_one_length(keyring: Keyring, file: bytes) -> None:
    door = an_enrolled_door(keyring)
    update = _rolled_out(file)
    update.parts.create(number=1, content=bytes(PART_BYTES))
    offer = _batch(door)
    assert offer is not None
    assert _part(offer, 1) == (200, bytes(PART_BYTES))


@pytest.mark.parametrize("software", ["gapura 0.2.0", "gapura 0.3.0", "gapura 0.1.9x", "", "0.0.9"])
def test_what_is_not_older_or_too_old_is_offered_nothing(
    keyring: Keyring, file: bytes, software: str
) -> None:
    door = an_enrolled_door(keyring)
    _rolled_out(file)
    assert _batch(door, software) is None


def test_the_newest_that_may_follow_is_offered(keyring: Keyring, tmp_path: Path) -> None:
    door = an_enrolled_door(keyring)
    _rolled_out(make_update(tmp_path, "0.2.0").read_bytes())
    _rolled_out(make_update(tmp_path, "0.10.0", follows="0.2.0").read_bytes())
    first, later = _batch(door), _batch(door, "gapura 0.2.0")
    assert first is not None
    assert later is not None
    assert (first.version, later.version) == ("0.2.0", "0.10.0")


@pytest.mark.parametrize("changes", [{"is_paused": True}, {"percent": 0}])
def test_what_is_offered_to_nobody(
    keyring: Keyring, file: bytes, changes: dict[str, object]
) -> None:
    door = an_enrolled_door(keyring)
    _rolled_out(file, **changes)
    assert _batch(door) is None


def test_offices_alone_that_are_named(keyring: Keyring, file: bytes) -> None:
    door = an_enrolled_door(keyring)
    update = _rolled_out(file)
    other = Office.objects.create(name="Dinas Lain", unit=77)
    update.offices.set([other])
    SHELF.clear()
    assert _batch(door) is None
    update.offices.add(door.row.door.office)
    SHELF.clear()
    assert _batch(door) is not None


def test_as_many_doors_as_was_said_and_the_same_ones_when_it_is_more(
    keyring: Keyring, file: bytes
) -> None:
    door = an_enrolled_door(keyring)
    update = _rolled_out(file)
    rows = [_device_like(door.row, number) for number in range(400)]
    reached: dict[int, set[int]] = {}
    for percent in (5, 25, 100):
        SoftwareUpdate.objects.filter(pk=update.pk).update(percent=percent)
        SHELF.clear()
        (roll_out,) = SHELF.get(NOW)
        reached[percent] = {row.pk for row in rows if roll_out.reaches(row)}
    assert 8 <= len(reached[5]) <= 35
    assert 70 <= len(reached[25]) <= 130
    assert len(reached[100]) == 400
    assert reached[5] < reached[25] < reached[100]


def _device_like(like: Device, number: int) -> Device:
    return Device(pk=number, door=like.door, device_id=number.to_bytes(16))


def test_who_took_it_back_is_not_offered_it_again(keyring: Keyring, file: bytes) -> None:
    door = an_enrolled_door(keyring)
    _rolled_out(file)
    door.health = (Reading(CHECK, State.BAD, rank_of("0.2.0")),)
    assert _batch(door) is None


def test_a_version_that_fails_is_offered_to_nobody_any_more(keyring: Keyring, file: bytes) -> None:
    door = an_enrolled_door(keyring)
    _rolled_out(file)
    told = [[CHECK, int(State.BAD), rank_of("0.2.0")]]
    for number in range(STOP_AFTER):
        SHELF.clear()
        assert _batch(door) is not None
        _other(door, number, health=told)
    SHELF.clear()
    assert _batch(door) is None
    assert fares().is_stopped(rank_of("0.2.0"))


def test_a_few_that_fail_among_many_stop_nothing(keyring: Keyring, file: bytes) -> None:
    door = an_enrolled_door(keyring)
    _rolled_out(file)
    for number in range(STOP_AFTER):
        _other(door, number, health=[[CHECK, int(State.BAD), rank_of("0.2.0")]])
    for number in range(100, 160):
        _other(door, number, software="gapura 0.2.0")
    assert _batch(door) is not None


def _other(door: FakeDoor, number: int, **told: object) -> None:
    like = door.row
    Device.objects.create(
        device_id=number.to_bytes(16), door=like.door, signing_public=bytes(32),
        sealing_public=bytes(32), hardware="", status=DeviceStatus.ACTIVE, enrolled_at=NOW, **told,
    )  # fmt: skip


def test_without_updates_no_batch_costs_a_query(keyring: Keyring) -> None:
    door = an_enrolled_door(keyring)
    offer_to(door.device, NOW)
    with CaptureQueriesContext(connection) as asked:
        assert offer_to(door.device, NOW) is None
    assert len(asked) == 0


def test_a_ticket_is_for_a_day_and_for_a_kiosk_that_is_enrolled(
    keyring: Keyring, file: bytes, clock: PinnedClock
) -> None:
    door = an_enrolled_door(keyring)
    _rolled_out(file)
    offer = _batch(door)
    assert offer is not None
    Device.objects.filter(pk=door.row.pk).update(status=DeviceStatus.REVOKED)
    assert _part(offer, 0)[0] == 410
    Device.objects.filter(pk=door.row.pk).update(status=DeviceStatus.ACTIVE)
    assert _part(offer, 0)[0] == 200
    clock.pass_by(timedelta(days=1, seconds=1))
    assert _part(offer, 0)[0] == 401


@pytest.mark.parametrize("ticket", ["x", "a:b", "W10:x", "..", "%00", "é"])
def test_without_a_ticket_nothing_is_given(file: bytes, ticket: str) -> None:
    _rolled_out(file)
    assert Client().get(f"/v1/updates/{ticket}/0").status_code == 401


def test_parts_are_fetched_and_nothing_else(keyring: Keyring, file: bytes) -> None:
    answer = Client().post("/v1/updates/x/0", b"", content_type=MEDIA_TYPE)
    assert (answer.status_code, answer["Allow"]) == (405, "GET")


def test_what_is_no_update_is_not_published(file: bytes) -> None:
    for content in (b"", b"PK\x03\x04", file[:20], file[:-1], file + b"x"):
        with pytest.raises(FaultyFile):
            publish(content, 5, NOW)
    assert not SoftwareUpdate.objects.exists()


def test_one_version_is_one_file(file: bytes, tmp_path: Path) -> None:
    assert publish(file, 5, NOW) == publish(file, 50, NOW)
    (tmp_path / "other").mkdir()
    other = make_update(tmp_path / "other", "0.2.0", follows="0.1.1").read_bytes()
    with pytest.raises(CommandFault):
        publish(other, 5, NOW)
    assert SoftwareUpdate.objects.get().percent == 5
