"""A WiFi on a card, and a card's words: nothing that a shell, a file or a page could read apart."""

import pytest

from sync.wire import card, cbor, cose
from sync.wire.errors import Malformed
from sync.wire.keys import key_id
from sync.wire.wifi import WiFi, faults
from tests.provisioning.cards import CardHub


@pytest.mark.parametrize(
    ("ssid", "psk"),
    [
        ("a", ""),
        ("Kantor Desa ✓", "12345678"),
        ("$(reboot) `id`; x", "$(reboot) `id` \\ \" '"),
        ("x" * 32, "f" * 64),
    ],
)
def test_what_a_network_may_be_called_is_taken_as_it_is(ssid: str, psk: str) -> None:
    hub = CardHub()
    told, _ = card.open_card(hub.text(wifi=WiFi(ssid, psk, True, "ID")), pinned_root=None)
    assert told.wifi == WiFi(ssid, psk, True, "ID")
    assert psk == "" or psk not in repr(told)


@pytest.mark.parametrize(
    ("ssid", "psk", "country", "named"),
    [
        ("", "", "ID", "ssid"),
        ("x" * 33, "", "ID", "ssid"),
        ("✓" * 11, "", "ID", "ssid"),
        ("a\nb", "", "ID", "ssid"),
        ("a\0", "", "ID", "ssid"),
        ("a\x85", "", "ID", "ssid"),
        ("a", "1234567", "ID", "psk"),
        ("a", "x" * 64, "ID", "psk"),
        ("a", "12345678\n[ipv4]", "ID", "psk"),
        ("a", "kunci✓✓✓", "ID", "psk"),
        ("a", "", "id", "country"),
        ("a", "", "ID\n", "country"),
        ("a", "", "", "country"),
    ],
)
def test_what_could_mean_more_than_itself_is_refused(
    ssid: str, psk: str, country: str, named: str
) -> None:
    (said,) = faults(ssid, psk, country)
    assert said.startswith(f"{named}: ")
    assert psk == "" or psk not in said
    with pytest.raises(Malformed):
        WiFi(ssid, psk, country=country)
    with pytest.raises(Malformed):
        card.open_card(_signed([ssid, psk, False, country]), pinned_root=None)


def _signed(wifi: cbor.Value) -> str:
    """Sign a card with any content, as a hub of somebody's own would."""
    hub = CardHub()
    content = hub.card()
    payload: dict[int | str, cbor.Value] = {
        1: 1,
        2: content.door,
        3: "x",
        4: content.hub_url,
        5: content.root_public,
    }
    payload |= {6: content.key_list, 7: content.token, 8: content.issued_at_s}
    payload |= {9: content.expires_s, 10: None, 11: wifi}
    key = hub._bundle
    kid = key_id(key.public_key().public_bytes_raw())
    signed = cose.sign(cbor.encode(payload), key=key, kid=kid, aad=b"gapura/card/1")
    return card.text_of(signed)


def test_the_forger_of_these_tests_makes_good_cards_too() -> None:
    told, _ = card.open_card(_signed(["a", "12345678", False, "ID"]), pinned_root=None)
    assert told.wifi == WiFi("a", "12345678")


@pytest.mark.parametrize(
    "address",
    [
        "https://hub.example.go.id$(reboot)",
        "https://hub.example.go.id/`id`",
        "https://hub.example.go.id\nX: y",
        "https://hub.example.go.id/a b",
        "https://user@hub.example.go.id",
        "ftp://hub.example.go.id",
        "hub.example.go.id",
        "https://",
        'https://hub"><script>',
        "https://hub.example.go.id/?x=1",
    ],
)
def test_an_address_is_an_address(address: str) -> None:
    with pytest.raises(Malformed, match="address"):
        card.open_card(CardHub().text(hub_url=address), pinned_root=None)


@pytest.mark.parametrize(
    "address",
    ["https://hub.example.go.id", "http://127.0.0.1:8000", "https://[fd00::1]:8443/gapura"],
)
def test_an_ordinary_address_is_taken(address: str) -> None:
    told, _ = card.open_card(CardHub().text(hub_url=address), pinned_root=None)
    assert told.hub_url == address


def test_a_doors_name_is_one_line() -> None:
    with pytest.raises(Malformed, match="control characters"):
        card.open_card(CardHub().text(door_label="Pintu\nutama"), pinned_root=None)
