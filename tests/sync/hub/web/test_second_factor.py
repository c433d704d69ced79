import re
from base64 import b32decode
from datetime import UTC, datetime

import pytest
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from sync.hub.web.models import Operator
from sync.hub.web.roles import Role
from sync.hub.web.second_factor import BACKUP_CODES, forget
from tests.sync.hub.conftest import NOW
from tests.sync.hub.operators import PASSWORD, an_operator, give_app, sign_in

_ADDRESS = "/second-factor/"
_SETUP = "/second-factor/setup/"


class Phone:
    """An app that makes codes, at a time that stands still until it is moved."""

    def __init__(self) -> None:
        self.now_s = NOW.timestamp()

    def time(self) -> float:
        return self.now_s

    def code(self, key: bytes) -> str:
        return f"{totp(key, t0=int(self._real_s() - self.now_s)):06d}"

    def _real_s(self) -> float:
        from time import time

        return float(int(time()))


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch) -> Phone:
    found = Phone()
    monkeypatch.setattr("django_otp.plugins.otp_totp.models.time", found)
    monkeypatch.setattr(
        "django.utils.timezone.now", lambda: datetime.fromtimestamp(found.now_s, UTC)
    )
    return found


@pytest.fixture
def operator() -> Operator:
    return an_operator(Role.TECHNICIAN)


def the_code(phone: Phone, device: TOTPDevice) -> str:
    return phone.code(device.bin_key)


def test_the_first_sign_in_sets_it_up(client: Client, operator: Operator, phone: Phone) -> None:
    """Password, picture for the app, a code from it, backup codes, and in."""
    fields = {"username": operator.username, "password": PASSWORD, "next": "/kiosks/"}
    assert client.post("/sign-in/", fields)["Location"] == "/kiosks/"
    asked = client.get("/kiosks/", follow=True)
    assert asked.redirect_chain[-1][0] == f"{_SETUP}?next=%2Fkiosks%2F"
    page = asked.content.decode()
    typed = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert typed is not None
    assert "<svg" in page
    assert "style=" not in page
    key = b32decode(typed[1].replace(" ", ""))
    wrong = client.post(_SETUP, {"code": "000000", "next": "/kiosks/"})
    assert "tidak cocok" in wrong.content.decode()
    phone.now_s += 60
    done = client.post(_SETUP, {"code": phone.code(key), "next": "/kiosks/"}).content.decode()
    assert len(re.findall(r"<li><code>[a-z0-9]+</code>", done)) == BACKUP_CODES
    assert 'href="/kiosks/"' in done
    assert client.get("/kiosks/").status_code == 200


def test_later_a_code_is_asked_for(client: Client, operator: Operator, phone: Phone) -> None:
    """It works once, and then no more."""
    device = give_app(operator)
    code = the_code(phone, device)
    for expected in (302, 200):
        client.force_login(operator)
        assert client.get("/")["Location"] == f"{_ADDRESS}?next=/"
        assert client.post(_ADDRESS, {"code": f" {code[:3]} {code[3:]} "}).status_code == expected
        client.logout()


def test_codes_cannot_be_tried_one_after_the_other(
    client: Client, operator: Operator, phone: Phone
) -> None:
    """After a wrong one even the right one must wait."""
    device = give_app(operator)
    client.force_login(operator)
    for wrong in ("000000", "٣٤٥", "x" * 20, "\0", "9" * 20):
        assert client.post(_ADDRESS, {"code": wrong}).status_code == 200
    assert client.post(_ADDRESS, {"code": the_code(phone, device)}).status_code == 200
    phone.now_s += 120
    assert client.post(_ADDRESS, {"code": the_code(phone, device)}).status_code == 302


def test_a_backup_code_opens_once(client: Client, operator: Operator, phone: Phone) -> None:
    """For who has left the phone at home."""
    device = TOTPDevice.objects.create(user=operator, confirmed=False)
    client.force_login(operator)
    client.post(_SETUP, {"code": the_code(phone, device)})
    token = StaticToken.objects.first()
    assert token is not None
    for expected in (302, 200):
        client.logout()
        client.force_login(operator)
        assert client.post(_ADDRESS, {"code": token.token}).status_code == expected
    assert StaticToken.objects.count() == BACKUP_CODES - 1


def test_a_password_cannot_replace_the_app(
    client: Client, operator: Operator, phone: Phone
) -> None:
    """Who changes phones proves the old one, or is let in by Diskominfo; the old one ends."""
    old = give_app(operator)
    client.force_login(operator)
    assert client.get(_SETUP)["Location"] == _ADDRESS
    assert client.post(_SETUP, {"code": "123456"})["Location"] == _ADDRESS
    client.post(_ADDRESS, {"code": the_code(phone, old)})
    client.get(_SETUP)
    new = TOTPDevice.objects.get(user=operator, confirmed=False)
    client.post(_SETUP, {"code": the_code(phone, new)})
    assert list(TOTPDevice.objects.filter(user=operator)) == [new]
    forget(operator)
    client.logout()
    client.force_login(operator)
    assert client.get("/", follow=True).redirect_chain[-1][0].startswith(_SETUP)


def test_nobody_is_led_away(client: Client, operator: Operator, phone: Phone) -> None:
    """Only to pages of the hub itself."""
    device = give_app(operator)
    client.force_login(operator)
    fields = {"code": the_code(phone, device), "next": "https://elsewhere.example/"}
    assert client.post(_ADDRESS, fields)["Location"] == "/"


@pytest.mark.parametrize("odd", ["kiosks", "0001-01-01T00:00", "/\r\nSet-Cookie: a=b"])
def test_where_to_go_on_is_no_name_of_a_page(client: Client, operator: Operator, odd: str) -> None:
    """What stands in the address is an address, and not looked up."""
    sign_in(client, operator)
    response = client.get(_ADDRESS, {"next": odd})
    assert response.status_code == 302
    assert "Set-Cookie" not in response.headers


def test_a_viewer_needs_none(client: Client) -> None:
    """They see figures and doors, and no person."""
    sign_in(client, an_operator(Role.VIEWER), with_code=False)
    assert client.get("/").status_code == 200


def test_passwords_cannot_be_tried_without_end(client: Client) -> None:
    """After ten wrong ones the right one must wait; somebody else is not kept out."""
    an_operator(Role.VIEWER)
    an_operator(Role.VIEWER, name="other")
    for _attempt in range(10):
        last = client.post("/sign-in/", {"username": "viewer", "password": "salah"})
    assert last.status_code == 429
    right = client.post("/sign-in/", {"username": "viewer", "password": PASSWORD})
    assert right.status_code == 429
    assert "Terlalu banyak percobaan" in right.content.decode()
    assert client.post("/sign-in/", {"username": "viewer\0", "password": "x"}).status_code == 200
    other = client.post("/sign-in/", {"username": "other", "password": PASSWORD})
    assert other.status_code == 302
