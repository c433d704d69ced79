from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from kiosk.passes.claims import HolderKey, PassType
from sync.hub.keyring import Keyring
from sync.hub.people.models import Pass, PhoneLink, Registration, Subject
from sync.hub.people.phone_links import open_link
from sync.hub.people.visitors import NAME_KEPT_FOR, forget_names, register
from tests.sync.hub.conftest import NOW
from tests.sync.hub.fake_door import a_place


def test_a_visitor_gets_a_pass_for_the_rest_of_the_day(keyring: Keyring) -> None:
    """Of the place where the door is, at all doors of its office and at no other office."""
    door = a_place()
    numbers = generate_private_key(SECP256R1()).public_key().public_numbers()
    holder = HolderKey(numbers.x.to_bytes(32), numbers.y.to_bytes(32))
    open_link(register(door, "Budi", keyring, NOW), holder, keyring, NOW)
    found = Pass.objects.get()
    assert (found.pass_type, found.unit) == (PassType.VISITOR, door.office.unit)
    assert found.not_before == datetime(2026, 11, 1, 17, 0, tzinfo=UTC)
    assert found.expires == datetime(2026, 11, 2, 16, 59, 59, tzinfo=UTC)
    assert found.subject.label == "Budi"


def test_what_was_agreed_to_is_kept(keyring: Keyring) -> None:
    """When, where, and which notice; without a name there is none to be forgotten."""
    door = a_place()
    register(door, "", keyring, NOW)
    kept = Registration.objects.get()
    assert (kept.door, kept.agreed_at, kept.notice) == (door, NOW, 1)
    assert kept.name_until is None
    assert PhoneLink.objects.get().good_until == NOW + timedelta(hours=1)


@pytest.mark.parametrize("is_by_chance", [True, False])
def test_names_are_forgotten_in_time(keyring: Keyring, is_by_chance: bool) -> None:
    """By the daily command, and with the next registration; those of passes by staff stay."""
    door = a_place()
    Subject.objects.create(sub=b"employee", label="Siti Rahayu", created_at=NOW)
    register(door, "Budi", keyring, NOW)
    register(door, "Wati", keyring, NOW + timedelta(days=1))
    assert forget_names(NOW + NAME_KEPT_FOR) == 0
    due = NOW + NAME_KEPT_FOR + timedelta(seconds=1)
    if is_by_chance:
        register(door, "", keyring, due)
    else:
        assert forget_names(due) == 1
    names = set(Subject.objects.values_list("label", flat=True))
    assert names == {"Siti Rahayu", "Wati", ""}
    assert forget_names(due) == 0
