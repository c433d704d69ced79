import re

import pytest
from django.core.cache import cache
from django.test import Client

from sync.hub.fleet.models import Door
from sync.hub.keyring import Keyring
from sync.hub.people.models import PhoneLink, Registration, RevokedKey, Subject
from tests.sync.hub.conftest import NOW
from tests.sync.hub.fake_door import a_place


@pytest.fixture
def door() -> Door:
    cache.clear()
    return a_place()


def test_consent_is_all_that_is_asked_for(client: Client, door: Door) -> None:
    """Then the phone goes on to the pass page, with the token in the fragment."""
    path = f"/v/{door.public_id.hex()}/"
    page = client.get(path).content.decode()
    assert "Mal Pelayanan Publik" in page
    main = page.partition("<main")[2]
    asked = re.findall(r' name="(\w+)"', main)
    assert asked == ["csrfmiddlewaretoken", "name", "consent"]
    answer = client.post(path, {"consent": "on"})
    assert answer.status_code == 302
    assert re.fullmatch(r"/p/#visit=[\w-]{22}", answer["Location"])
    assert Registration.objects.get().name_until is None


def test_without_consent_nothing_is_kept(client: Client, door: Door) -> None:
    """And what is wrong is said; what was typed stays."""
    answer = client.post(f"/v/{door.public_id.hex()}/", {"name": "<b>Budi"})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Tanpa persetujuan" in page
    assert "&lt;b&gt;Budi" in page
    assert (Subject.objects.count(), PhoneLink.objects.count()) == (0, 0)


@pytest.mark.parametrize("name", ["x" * 81, "a\x00b", "x" * 900_000])
def test_a_name_that_cannot_be_kept_is_refused(client: Client, door: Door, name: str) -> None:
    answer = client.post(f"/v/{door.public_id.hex()}/", {"name": name, "consent": "on"})
    assert answer.status_code == 200
    assert Subject.objects.count() == 0


@pytest.mark.parametrize("name", ["0" * 16, "x" * 16, "00", "é" * 8, "%00", "0" * 4000])
def test_a_door_that_is_not_there(client: Client, door: Door, name: str) -> None:
    assert client.get(f"/v/{name}/").status_code == 404
    assert client.post(f"/v/{name}/", {"consent": "on"}).status_code == 404


def test_one_address_cannot_fill_the_table(client: Client, door: Door) -> None:
    path = f"/v/{door.public_id.hex()}/"
    seen = [client.post(path, {"consent": "on"}).status_code for _ in range(61)]
    assert (set(seen[:60]), seen[60]) == ({302}, 429)
    assert Registration.objects.count() == 60


def test_a_hub_that_can_issue_nothing_says_so(client: Client, door: Door, keyring: Keyring) -> None:
    RevokedKey.objects.create(kid=keyring.pass_key.kid, revoked_at=NOW)
    answer = client.post(f"/v/{door.public_id.hex()}/", {"consent": "on"})
    assert answer.status_code == 503
    assert "tidak dapat dibuat" in answer.content.decode()
    assert Registration.objects.count() == 0
