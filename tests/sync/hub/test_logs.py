import logging
from datetime import timedelta

import pytest
from django.test import Client

from kiosk.passes.claims import PassType
from sync.hub.keyring import Keyring
from sync.hub.people.issuing import Order, issue
from sync.hub.people.revocation import revoke
from sync.hub.web.roles import Role
from tests.sync.hub.conftest import NOW
from tests.sync.hub.fake_door import a_token, an_enrolled_door
from tests.sync.hub.operators import an_operator, sign_in


def test_nothing_about_a_person_is_logged(
    keyring: Keyring, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """At no level: no name, pass, number, key or token."""
    caplog.set_level(logging.DEBUG)
    order = Order(PassType.VISITOR, "Siti Rahayu", NOW, NOW + timedelta(days=1), unit=0)
    issued = issue(order, keyring, NOW)
    door = an_enrolled_door(keyring)
    door.see(sub=issued.claims.sub, cti=issued.claims.cti)
    door.write(b"\xff unreadable")
    door.send()
    door.send(runs=False)
    revoke([issued.claims.cti], NOW)
    token = a_token(door.row.door, keyring)
    client = Client()
    sign_in(client, an_operator(Role.DISKOMINFO, name="diskominfo-budi"))
    assert "Siti Rahayu" in client.get("/visits/").content.decode()
    client.get("/kiosks/")
    said = caplog.text + "".join(capfd.readouterr())
    assert "rejected" in said
    octets = (issued.claims.sub, issued.claims.cti, token, bytes(door.device), door.epoch)
    secrets = ["Siti", "diskominfo-budi", issued.text[5:25], *(each.hex() for each in octets)]
    assert [secret for secret in secrets if secret in said] == []
