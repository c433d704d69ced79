"""The card's page: a WiFi goes onto the card alone, and its codes are all there without scripts."""

import re

import pytest
from django.apps import apps
from django.test import Client

from sync.hub.fleet.models import Door, EnrolmentToken
from sync.hub.keyring import Keyring
from sync.hub.web.roles import Role
from sync.wire.card import open_card
from sync.wire.card_parts import split_card
from sync.wire.wifi import WiFi
from tests.sync.hub.fake_door import a_place
from tests.sync.hub.operators import an_operator, sign_in

PSK = "kunci `rahasia` sekali"
WIFI = {"network": "wifi", "ssid": "Kantor", "psk": PSK, "country": "ID"}


@pytest.fixture
def technician(client: Client) -> Client:
    sign_in(client, an_operator(Role.TECHNICIAN))
    return client


@pytest.fixture
def place(keyring: Keyring) -> Door:
    del keyring
    return a_place()


def _page(client: Client, place: Door, **given: str) -> str:
    return str(client.post(f"/doors/{place.pk}/card/", given).content.decode())


def _text(page: str) -> str:
    (text,) = re.findall(r"GPC1:[^<]*", page)
    return str(text)


def test_a_wifi_goes_onto_the_card_and_is_kept_nowhere(technician: Client, place: Door) -> None:
    page = _page(technician, place, **WIFI, hidden="on")
    card, _ = open_card(_text(page), pinned_root=None)
    assert card.wifi == WiFi("Kantor", PSK, hidden=True)
    assert PSK not in page
    for model in apps.get_models():
        for row in model._default_manager.values():
            assert "rahasia" not in str(row), model


def test_a_cable_needs_nothing(technician: Client, place: Door) -> None:
    page = _page(technician, place, network="cable", ssid="x", psk="y", country="ID")
    assert open_card(_text(page), pinned_root=None)[0].wifi is None


def test_every_code_stands_on_the_page(technician: Client, place: Door) -> None:
    """A script shows one after the other; without it they stand one below another."""
    page = _page(technician, place, **WIFI)
    count = len(split_card(_text(page)))
    assert count > 1
    assert page.count("<svg") - page.count('aria-hidden="true"') >= count
    for number in range(1, count + 1):
        assert page.count(f"Kode {number} dari {count}") == 2
    assert "card.js" in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ssid": ""}, "1 sampai 32"),
        ({"ssid": "✓" * 11}, "1 sampai 32"),
        ({"psk": "pendek"}, "8 sampai 63"),
        ({"psk": "kunci✓✓✓✓"}, "8 sampai 63"),
        ({"country": "id"}, "Dua huruf besar"),
    ],
)
def test_what_no_network_is_called_is_said_in_words_and_makes_no_card(
    change: dict[str, str], said: str, technician: Client, place: Door
) -> None:
    page = _page(technician, place, **{**WIFI, **change})
    assert said in page
    assert "GPC1:" not in page
    assert not EnrolmentToken.objects.exists()


def test_looking_makes_no_card(technician: Client, place: Door) -> None:
    page = technician.get(f"/doors/{place.pk}/card/").content.decode()
    assert "Buat kartu" in page
    assert not EnrolmentToken.objects.exists()
