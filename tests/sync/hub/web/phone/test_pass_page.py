import json
from base64 import b64encode
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from kiosk.passes.claims import PassType
from sync.hub import clock
from sync.hub.keyring import Keyring
from sync.hub.people.issuing import Order
from sync.hub.people.models import Pass, PhoneLink
from sync.hub.people.phone_links import make_link
from sync.hub.web.phone import shell
from tests.sync.hub.conftest import NOW
from tests.sync.hub.fake_door import a_place


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def a_token(keyring: Keyring, unit: int = 0) -> str:
    order = Order(PassType.OFFICER, "Siti", NOW, NOW + timedelta(days=3), unit)
    return make_link(order, keyring, clock.now())


def a_claim(token: str) -> dict[str, object]:
    numbers = generate_private_key(SECP256R1()).public_key().public_numbers()
    x, y = (b64encode(one.to_bytes(32)).decode() for one in (numbers.x, numbers.y))
    return {"token": token, "x": x, "y": y}


def send(client: Client, said: object, **headers: str) -> HttpResponse:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    posted: HttpResponse = client.post(  # type: ignore[assignment]
        "/p/claim", body, content_type="application/json", headers=headers
    )
    return posted


def test_a_phone_is_given_its_pass(client: Client, keyring: Keyring) -> None:
    """With what the page shows: whose it is, of what kind, for which office, until when."""
    office = a_place().office
    answer = send(client, a_claim(a_token(keyring, office.unit)))
    assert answer.status_code == 200
    said, row = json.loads(answer.content), Pass.objects.get()
    assert (said["type"], said["label"], said["office"]) == ("officer", "Siti", office.name)
    assert (said["cti"], said["expires_s"]) == (row.cti.hex(), int(row.expires.timestamp()))
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"3",
        b'"token"',
        b"{}",
        b"[" * 900,
        b"x" * 5000,
        b'{"token": 1, "x": "", "y": ""}',
        b'{"token": "A", "x": "AAAA", "y": "AAAA"}',
        b'{"token": "A", "x": [], "y": {}}',
        '{"token": "é", "x": "AAAA", "y": "AAAA"}'.encode(),
    ],
)
def test_nonsense_is_refused(client: Client, keyring: Keyring, body: bytes) -> None:
    a_token(keyring)
    assert send(client, body).status_code == 400
    assert Pass.objects.count() == 0


def test_every_wrong_type_is_refused(client: Client, keyring: Keyring) -> None:
    """In any of the fields; the link stays good."""
    right = a_claim(a_token(keyring))
    values: list[object] = [None, 0, -1, 1e400, True, "", "é", "\x00" * 22, [], {}, "A" * 300]
    for name in right:
        for wrong in values:
            assert send(client, right | {name: wrong}).status_code in {400, 404}
    assert send(client, right).status_code == 200


def test_an_unknown_and_a_used_link_are_told_apart(client: Client, keyring: Keyring) -> None:
    token = a_token(keyring)
    assert send(client, a_claim("A" * 22)).status_code == 404
    assert send(client, a_claim(token)).status_code == 200
    used = send(client, a_claim(token))
    assert (used.status_code, json.loads(used.content)) == (410, {"why": "used"})
    assert client.get("/p/claim").status_code == 405


def test_tokens_cannot_be_tried_by_the_thousand(client: Client, keyring: Keyring) -> None:
    """Each address for itself: behind the proxy, by what the proxy saw last."""
    claim = a_claim("A" * 22)
    seen = [send(client, claim, x_forwarded_for="10.1.1.1").status_code for _ in range(121)]
    assert (set(seen[:120]), seen[120]) == ({404}, 429)
    # What somebody says of themselves stands before what the proxy adds.
    assert send(client, claim, x_forwarded_for="9.9.9.9, 10.1.1.1").status_code == 429
    assert send(client, claim, x_forwarded_for="10.1.1.2").status_code == 404
    for _ in range(120):
        send(client, claim, x_forwarded_for="2001:db8::1")
    assert send(client, claim, x_forwarded_for="2001:db8::2").status_code == 429
    assert send(client, claim, x_forwarded_for="2001:db8:0:1::2").status_code == 404
    assert send(client, claim, x_forwarded_for="nonsense").status_code == 404
    assert PhoneLink.objects.count() == 0


def test_the_page_lets_in_no_script_but_the_hubs_own(client: Client) -> None:
    """Its policy is that of all pages, and allows the worker and the manifest besides."""
    for path in ("/p/", "/p/worker.js"):
        policy = client.get(path).headers["Content-Security-Policy"]
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
    page = client.get("/p/").content.decode()
    assert "<style" not in page
    assert " style=" not in page
    assert "onclick" not in page
    assert page.count("<script") == 1


def test_the_worker_keeps_all_that_the_page_loads(client: Client) -> None:
    """Under a name that changes with their contents."""
    worker = client.get("/p/worker.js")
    assert worker.headers["Content-Type"].startswith("text/javascript")
    said = worker.content.decode()
    assert shell.version() in said
    page = client.get("/p/").content.decode()
    loaded = {part.split('"')[0] for part in page.split('"/static/')[1:]}
    scripts = Path(shell.__file__).parents[1] / "static" / "phone"
    for script in scripts.glob("*.js"):
        loaded.add(f"phone/{script.name}")
    for name in loaded | {"parts/qr.js"}:
        assert f'"/static/{name}"' in said


def test_the_clock_and_the_manifest(client: Client) -> None:
    assert json.loads(client.get("/p/clock").content) == {"unix_ms": clock.unix_ms(NOW)}
    manifest = json.loads(client.get("/p/manifest.json").content)
    assert (manifest["scope"], manifest["display"]) == ("/p/", "standalone")


@pytest.mark.parametrize("odd", ["\\ud800", "\\u0000", "\\u202e", "\\ud83d\\ude00"])
def test_a_claim_of_odd_characters_is_malformed(client: Client, odd: str) -> None:
    """Halves of surrogates, NUL: told as such, and nothing fails."""
    body = f'{{"token": "{odd}", "x": "{"A" * 43}=", "y": "{"A" * 43}="}}'
    answer = client.post("/p/claim", body, content_type="application/json")
    assert answer.status_code in {400, 404}
