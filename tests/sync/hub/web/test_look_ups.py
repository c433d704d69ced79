from django.test import Client

from sync.hub.keyring import Keyring
from sync.hub.people.models import LookUp, Subject
from sync.hub.web.roles import Role
from tests.sync.hub.conftest import NOW
from tests.sync.hub.fake_door import an_enrolled_door, take
from tests.sync.hub.operators import an_operator, sign_in


def test_a_page_that_shows_a_name_says_so(client: Client, keyring: Keyring) -> None:
    """To Diskominfo, with who saw it; a page without a name leaves no trace."""
    door = an_enrolled_door(keyring)
    door.see()
    take(door.send())
    tracer = an_operator(Role.TRACING)
    sign_in(client, tracer)
    client.get("/visits/")
    assert not LookUp.objects.exists()
    Subject.objects.create(sub=b"subject1", label="Siti Rahayu", created_at=NOW)
    client.get("/visits/")
    assert LookUp.objects.get().operator == tracer
    client.logout()
    sign_in(client, an_operator(Role.DISKOMINFO))
    page = client.get("/look-ups/").content.decode()
    assert "<bdi>tracing</bdi>" in page
    assert "<td>1</td>" in page
    assert "Siti" not in page
    for odd in ("x", "-1", "9" * 40, "٣", "0"):
        assert client.get(f"/look-ups/?page={odd}").status_code == 200


def test_whoever_sees_no_names_leaves_no_look_up(client: Client, keyring: Keyring) -> None:
    """There is nothing to record."""
    Subject.objects.create(sub=b"subject1", label="Siti Rahayu", created_at=NOW)
    door = an_enrolled_door(keyring)
    door.see()
    take(door.send())
    sign_in(client, an_operator(Role.TECHNICIAN))
    client.get("/visits/")
    assert not LookUp.objects.exists()
