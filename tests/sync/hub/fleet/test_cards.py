import pytest

from sync.hub.errors import CommandFault
from sync.hub.fleet.cards import VALID_FOR, NewDoor, add_door, find_door, make_card
from sync.hub.fleet.models import Direction, Office, Site
from sync.hub.keyring import Keyring
from sync.wire.card import open_card
from tests.sync.hub.conftest import NOW
from tests.sync.hub.fake_door import HUB_URL, a_place


def test_a_card_opens_at_a_new_kiosk(keyring: Keyring) -> None:
    """It names door, hub and root, within the length of a QR code."""
    place = a_place()
    card, keys = open_card(make_card(place, keyring, HUB_URL, NOW).text, pinned_root=None)
    assert (card.door, card.door_label, card.hub_url) == (place.public_id, "Pintu utara", HUB_URL)
    assert card.root_public == keyring.root_public
    assert keys == keyring.key_list
    assert card.expires_s - card.issued_at_s == VALID_FOR.total_seconds()


def test_offices_and_sites_are_made_once() -> None:
    """Each office has a number of its own, each of its doors a bit of its own."""
    doors = [a_place(label) for label in ("Utara", "Selatan")]
    other = add_door(
        NewDoor("Timur", "Museum", "Dinas Pariwisata", Direction.BOTH, "tourism", "Asia/Makassar")
    )
    assert (Office.objects.count(), Site.objects.count()) == (2, 2)
    assert [door.door_bit for door in (*doors, other)] == [0, 1, 0]
    assert [door.office.unit for door in (*doors, other)] == [1, 1, 2]


def test_an_office_has_at_most_32_doors() -> None:
    """A pass's door mask has no more bits."""
    for number in range(32):
        a_place(f"Pintu {number}")
    with pytest.raises(CommandFault, match="32 doors"):
        a_place()


def test_what_does_not_exist_is_named() -> None:
    """A door, a time zone."""
    with pytest.raises(CommandFault, match="no such door"):
        find_door(bytes(8))
    with pytest.raises(CommandFault, match="no such time zone"):
        add_door(NewDoor("A", "B", "C", Direction.EXIT, "office", "Asia/Atlantis"))
