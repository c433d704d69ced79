from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from sync.hub.fleet.models import Device, DeviceStatus, EnrolmentToken
from sync.hub.keyring import Keyring
from sync.hub.rules.publishing import publish_default
from sync.wire.card import TOKEN_BYTES
from sync.wire.enrolment import EnrolmentRequest, seal_request
from sync.wire.envelope import Content, Envelope
from sync.wire.keys import HubKey, Purpose
from tests.sync.hub.conftest import NOW, PinnedClock
from tests.sync.hub.fake_door import FakeDoor, a_place, a_token


@pytest.fixture(autouse=True)
def _rules() -> None:
    publish_default(NOW)


def test_a_card_makes_a_kiosk_the_doors_device(keyring: Keyring) -> None:
    """The answer is the first bundle, which says which door it is."""
    place, door = a_place(), FakeDoor(keyring)
    answer = door.enrol(place.public_id, a_token(place, keyring))
    assert answer.bundle is not None
    assert (answer.bundle.place.door, answer.bundle.version) == (place.public_id, 1)
    row = door.row
    assert (row.status, row.enrolled_at, row.door) == (DeviceStatus.ACTIVE, NOW, place)


def test_the_token_is_kept_as_a_hash_only(keyring: Keyring) -> None:
    """Whoever reads the database cannot enrol a kiosk."""
    token = a_token(a_place(), keyring)
    assert token not in EnrolmentToken.objects.get().digest


def test_a_card_works_once(keyring: Keyring) -> None:
    """A second kiosk is refused; the first may ask again, its answer may have been lost."""
    place, first, second = a_place(), FakeDoor(keyring), FakeDoor(keyring)
    token = a_token(place, keyring)
    assert first.enrol(place.public_id, token).status == 200
    assert second.enrol(place.public_id, token).status == 410
    assert first.enrol(place.public_id, token).status == 200
    assert Device.objects.count() == 1


def test_a_card_expires_after_three_days(keyring: Keyring, clock: PinnedClock) -> None:
    """A card that was lost is soon worth nothing."""
    place, door = a_place(), FakeDoor(keyring)
    token = a_token(place, keyring)
    clock.pass_by(timedelta(hours=72))
    late = FakeDoor(keyring)
    assert door.enrol(place.public_id, token).status == 200
    other = a_token(place, keyring)
    clock.pass_by(timedelta(hours=72, seconds=1))
    assert late.enrol(place.public_id, other).status == 410


def test_a_card_is_for_its_door(keyring: Keyring) -> None:
    """Neither another door nor a guessed token."""
    ours, other, door = a_place("Utara"), a_place("Selatan"), FakeDoor(keyring)
    token = a_token(ours, keyring)
    assert door.enrol(other.public_id, token).status == 401
    assert door.enrol(ours.public_id, bytes(TOKEN_BYTES)).status == 401
    assert Device.objects.count() == 0


def test_a_revoked_device_stays_revoked(keyring: Keyring) -> None:
    """A new card does not bring it back."""
    place, door = a_place(), FakeDoor(keyring)
    door.enrol(place.public_id, a_token(place, keyring))
    Device.objects.update(status=DeviceStatus.REVOKED)
    assert door.enrol(place.public_id, a_token(place, keyring)).status == 410


def test_a_kiosk_moves_with_a_card_of_another_door(keyring: Keyring) -> None:
    """The device is the same; its bundle is the new door's, under a higher version."""
    north, south, door = a_place("Utara"), a_place("Selatan"), FakeDoor(keyring)
    door.enrol(north.public_id, a_token(north, keyring))
    answer = door.enrol(south.public_id, a_token(south, keyring))
    assert answer.bundle is not None
    assert (answer.bundle.place.label, answer.bundle.version) == ("Selatan", 2)
    assert Device.objects.count() == 1


def a_request(keyring: Keyring, to: HubKey, **changes: bytes) -> Envelope:
    key = Ed25519PrivateKey.generate()
    request = EnrolmentRequest(
        token=bytes(TOKEN_BYTES),
        door=bytes(8),
        signing_public=key.public_key().public_bytes_raw(),
        sealing_public=X25519PrivateKey.generate().public_key().public_bytes_raw(),
        hardware="",
    )
    request = replace(request, **changes)  # type: ignore[arg-type]
    return Envelope(Content.ENROLMENT, request.device, seal_request(request, key, to))


def test_what_cannot_be_used_is_malformed(keyring: Keyring) -> None:
    """Sealed to somebody else, a key that nothing can be sealed to, another sender, a batch."""
    sealing = keyring.key_list.newest(Purpose.SEALING)
    recovery = keyring.key_list.newest(Purpose.RECOVERY)
    good = a_request(keyring, sealing)
    bad = [
        a_request(keyring, recovery),
        a_request(keyring, sealing, sealing_public=bytes(32)),
        replace(good, device=FakeDoor(keyring).device),
        replace(good, content=Content.BATCH),
    ]
    door = FakeDoor(keyring)
    assert door.carry("/v1/enrol", good).status == 401
    assert [door.carry("/v1/enrol", envelope).status for envelope in bad] == [400] * 4
