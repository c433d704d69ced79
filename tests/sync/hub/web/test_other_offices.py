"""Somebody of one office finds nothing of another, on whatever page, by whatever number."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.test import Client

from sync.hub.fleet.health.models import Alert
from sync.hub.fleet.models import Office
from sync.hub.keyring import Keyring
from sync.hub.web.access import ACCESS
from sync.hub.web.roles import Role
from tests.sync.hub.conftest import PinnedClock
from tests.sync.hub.operators import an_operator, sign_in
from tests.sync.hub.web.crawler import Crawler, name_of, text_of
from tests.sync.hub.web.furnished import furnish
from tests.sync.hub.web.test_access import addresses

_MARK = "Seberang"
_MOST_NUMBER = 7


@pytest.fixture
def there(keyring: Keyring, clock: PinnedClock) -> Office:
    return furnish(keyring, clock, _MARK)


def numbered() -> Iterator[str]:
    """Each address; where it keeps to an office, with every number that the other's may have."""
    for name, address in addresses():
        most = _MOST_NUMBER if ACCESS[name].shows_one_office and "/1/" in address else 2
        for number in range(1, most):
            yield address.replace("/1/", f"/{number}/")


def telling(client: Client) -> set[str]:
    """Return the pages and forms that name the other office, or something of it."""
    crawler = Crawler(client)
    crawler.crawl(list(numbered()))
    return {told for told, reply in crawler.replies if _MARK in text_of(reply)}


def test_every_number_is_asked_for(there: Office) -> None:
    """What the addresses are tried with covers all that there is."""
    counts = [
        model._default_manager.count()
        for label in ("fleet", "people")
        for model in apps.get_app_config(label).get_models()
    ]
    assert max(counts) < _MOST_NUMBER


@pytest.mark.parametrize("role", list(Role))
def test_nothing_of_another_office_is_shown(role: Role, client: Client, there: Office) -> None:
    """Links, buttons, searches and numbers that somebody types alike."""
    here = Office.objects.exclude(pk=there.pk).get()
    sign_in(client, an_operator(role, here))
    assert not telling(client)


def test_who_sees_all_offices_does_see_them(client: Client, there: Office) -> None:
    """The same walk finds the other office wherever a page keeps to one."""
    sign_in(client, an_operator(Role.DISKOMINFO))
    found = {name_of(told.partition(" ")[2]) for told in telling(client)}
    assert {"todo", "visits", "kiosks", "kiosk", "roll-out", "roll-out-office"} <= found
    assert {"people", "passes", "devices", "posters", "phone-links"} <= found


@pytest.mark.parametrize("role", [Role.DISKOMINFO, Role.TECHNICIAN])
def test_no_item_of_another_office_is_taken(role: Role, client: Client, there: Office) -> None:
    here = Office.objects.exclude(pk=there.pk).get()
    sign_in(client, an_operator(role, here))
    alerts = list(Alert.objects.filter(device__door__office=there).values_list("pk", flat=True))
    assert alerts
    client.post("/take/", {"alerts": ",".join(map(str, alerts))})
    assert not Alert.objects.filter(pk__in=alerts, taken_by__isnull=False).exists()
