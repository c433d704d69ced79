from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import URLResolver, get_resolver

from sync.hub.fleet.models import Door, Office
from sync.hub.ingest.models import Visit
from sync.hub.keyring import Keyring
from sync.hub.people.models import Subject
from sync.hub.web.access import ACCESS, Access
from sync.hub.web.models import Operator
from sync.hub.web.roles import Role, write_roles
from tests.sync.hub.conftest import NOW
from tests.sync.hub.fake_door import an_enrolled_door, take
from tests.sync.hub.operators import an_operator, sign_in

_ROLES = [None, *Role]


def addresses() -> Iterator[tuple[str, str]]:
    """Yield the name of each row that is asked for, and an address that it is asked for."""
    return _within(get_resolver(), "", "")


def _within(resolver: URLResolver, before: str, namespace: str) -> Iterator[tuple[str, str]]:
    for found in resolver.url_patterns:
        route = before + str(found.pattern)
        if isinstance(found, URLResolver):
            yield from _within(found, route, namespace or found.namespace or "")
        elif not route.startswith("^"):
            yield namespace or found.name or "", _filled(route)


def _filled(route: str) -> str:
    parts = route.split("<")
    return (
        "/"
        + parts[0]
        + "".join(
            ("1" if part.startswith("int:") else "0" * 16) + part.partition(">")[2]
            for part in parts[1:]
        )
    )


def is_allowed(role: Role | None, access: Access) -> bool:
    if access.is_open:
        return True
    return role is not None and (access.is_threshold or role in access.roles)


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    """Nobody can forget to say who may open a new page."""
    assert {name for name, _address in addresses()} == set(ACCESS)


@pytest.mark.parametrize("role", _ROLES)
def test_every_role_against_every_address(role: Role | None, client: Client) -> None:
    """Nobody sees what is not theirs, whichever way they ask; whoever may is not turned away."""
    operator = None if role is None else an_operator(role)
    for name, address in addresses():
        access = ACCESS[name]
        for send in (client.get, client.post, client.put):
            client.logout()
            if operator is not None:
                sign_in(client, operator)
            response = send(address)
            sent_on = response.status_code == 302 and "/sign-in/" in response["Location"]
            assert response.status_code < 500 or response.status_code == 503, address
            if is_allowed(role, access):
                # The page's own rules may still refuse what was sent, but not this person.
                assert not sent_on or name == "sign-out", address
                # What of the admin opens is Django's to say.
                is_inside = name == "admin" and address != "/admin/"
                assert response.status_code != 403 or is_inside, address
            elif role is None:
                assert sent_on, address
            else:
                assert response.status_code == 403, address


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.VIEWER])
def test_a_password_alone_opens_nothing(role: Role, client: Client) -> None:
    """Whoever sees more than figures shows a second factor first."""
    sign_in(client, an_operator(role), with_code=False)
    for name, address in addresses():
        if not (ACCESS[name].is_open or ACCESS[name].is_threshold):
            response = client.get(address)
            assert response.status_code == 302, address
            assert response["Location"].startswith("/second-factor/"), address


def test_somebody_without_a_role_sees_nothing(client: Client) -> None:
    """Neither does a superuser: there is no way around the table."""
    operator = Operator.objects.create_superuser("root", password="sebuah-kata-sandi")
    sign_in(client, operator, with_code=True)
    assert client.get("/visits/").status_code == 403
    assert client.get("/kiosks/").status_code == 403


def test_somebody_of_one_office_sees_that_alone(client: Client, keyring: Keyring) -> None:
    """Visits, figures and kiosks; pages that show all offices are closed to them."""
    here, there = an_enrolled_door(keyring, "Pintu sini"), an_enrolled_door(keyring, "Pintu sana")
    other = Office.objects.create(name="Dinas lain", unit=777)
    Door.objects.filter(pk=there.row.door_id).update(office=other)
    for door in (here, there):
        door.see()
        take(door.send())
    Visit.objects.update(lower_ms=int(NOW.timestamp() * 1000))
    sign_in(client, an_operator(Role.DISKOMINFO, here.row.door.office))
    for path in ("/visits/", "/kiosks/"):
        page = client.get(path).content.decode()
        assert "Pintu sini" in page
        assert "Pintu sana" not in page
    assert "<dd>1</dd>" in client.get("/visits/").content.decode()
    assert client.get("/stick/").status_code == 403


@pytest.mark.parametrize("role", list(Role))
def test_names_are_shown_to_those_who_need_them(
    role: Role, client: Client, keyring: Keyring
) -> None:
    """Not to a technician, nor to whoever looks at figures."""
    Subject.objects.create(sub=b"subject1", label="Siti Rahayu", created_at=NOW)
    door = an_enrolled_door(keyring)
    door.see()
    take(door.send())
    sign_in(client, an_operator(role))
    shown = "Siti Rahayu" in client.get("/visits/").content.decode()
    assert shown == (role not in {Role.TECHNICIAN, Role.VIEWER, Role.DPO})


def test_links_are_those_that_open(client: Client) -> None:
    """Nobody is led to a page that says no."""
    sign_in(client, an_operator(Role.PERSONNEL))
    page = client.get("/visits/").content.decode()
    assert 'href="/stick/"' not in page
    assert 'href="/kiosks/"' not in page


def test_groups_follow_the_table_of_permissions() -> None:
    """Also where somebody had changed a group by hand."""
    from django.apps import apps
    from django.contrib.auth.models import Permission

    fleet = apps.get_app_config("fleet")
    write_roles(fleet, "default")
    group = Group.objects.get(name=Role.TECHNICIAN)
    group.permissions.add(Permission.objects.get(codename="delete_device"))
    write_roles(fleet, "default")
    held = group.permissions.filter(content_type__app_label="fleet")
    assert {one.codename.partition("_")[0] for one in held} == {"view"}


def test_there_is_no_account_that_nobody_made() -> None:
    """No default user, hence no default password."""
    assert not Operator.objects.exists()
