"""A kiosk that may be a copy of another waits until somebody has looked."""

from dataclasses import replace

import pytest

from sync.hub.fleet.approval import approve, revoke
from sync.hub.fleet.models import Device, DeviceStatus
from sync.hub.keyring import Keyring
from sync.hub.rules.publishing import publish_default
from tests.sync.hub.conftest import NOW
from tests.sync.hub.fake_door import FakeDoor, a_place, a_token


@pytest.fixture(autouse=True)
def _rules() -> None:
    publish_default(NOW)


def test_a_second_kiosk_at_a_door_waits(keyring: Keyring) -> None:
    """Its request is put off, and succeeds as it is once it was approved."""
    place, first, second = a_place(), FakeDoor(keyring), FakeDoor(keyring)
    assert first.enrol(place.public_id, a_token(place, keyring)).status == 200
    token = a_token(place, keyring)
    for _ in range(2):
        assert second.enrol(place.public_id, token).status == 503
    assert second.row.status == DeviceStatus.PENDING
    assert second.heartbeat().status == 503
    assert approve(second.row.pk, NOW, replaces=True)
    assert second.enrol(place.public_id, token).bundle is not None
    assert first.row.status == DeviceStatus.REVOKED
    assert first.heartbeat().status == 410


def test_two_kiosks_may_share_a_door(keyring: Keyring) -> None:
    """Where somebody says so."""
    place, first, second = a_place(), FakeDoor(keyring), FakeDoor(keyring)
    first.enrol(place.public_id, a_token(place, keyring))
    second.enrol(place.public_id, a_token(place, keyring))
    approve(second.row.pk, NOW, replaces=False)
    assert [first.row.status, second.row.status] == [DeviceStatus.ACTIVE] * 2


def test_a_kiosk_on_another_board_waits(keyring: Keyring) -> None:
    """Its memory card may be a copy; what it was on before is shown to whoever looks."""
    place, door = a_place(), FakeDoor(keyring)
    door.enrol(place.public_id, a_token(place, keyring))
    Device.objects.update(hardware="another board")
    assert door.enrol(place.public_id, a_token(place, keyring)).status == 503
    assert (door.row.status, door.row.board_before) == (DeviceStatus.PENDING, "another board")
    assert not approve(door.row.pk + 1, NOW, replaces=True)
    assert approve(door.row.pk, NOW, replaces=True)
    assert not approve(door.row.pk, NOW, replaces=True)
    assert (door.row.status, door.row.board_before) == (DeviceStatus.ACTIVE, "")


def test_a_kiosk_that_was_turned_down_stays_out(keyring: Keyring) -> None:
    place, first, second = a_place(), FakeDoor(keyring), FakeDoor(keyring)
    first.enrol(place.public_id, a_token(place, keyring))
    token = a_token(place, keyring)
    second.enrol(place.public_id, token)
    assert revoke(second.row.pk, NOW)
    assert not revoke(second.row.pk, NOW)
    assert second.enrol(place.public_id, token).status == 410
    assert not approve(second.row.pk, NOW, replaces=False)
    assert second.row.revoked_at == NOW
    assert replace(first.batch()).device != second.device
