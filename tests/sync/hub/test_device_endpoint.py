from concurrent.futures import ThreadPoolExecutor
from threading import Event, Semaphore
from typing import Any

import pytest
from django.db import OperationalError, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.hub.device_endpoint import AT_ONCE
from sync.hub.keyring import Keyring
from sync.wire import cbor, cose
from sync.wire.batch import MAX_BYTES, sign_batch
from sync.wire.envelope import MEDIA_TYPE, Content, Envelope
from sync.wire.keys import key_id
from tests.sync.hub.fake_door import FakeDoor, an_enrolled_door

_PATHS = ("/v1/sync", "/v1/enrol")
_BATCH_AAD = b"gapura/batch/1"
_REFUSALS = {400, 401}
_QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def post(client: Client, path: str, body: bytes) -> int:
    return client.post(path, body, content_type=MEDIA_TYPE).status_code


@pytest.mark.parametrize("path", _PATHS)
@given(body=st.binary(min_size=1, max_size=300))
@_QUIET
def test_no_bytes_are_an_error_of_the_hubs(client: Client, path: str, body: bytes) -> None:
    """Whatever comes is refused as malformed."""
    assert post(client, path, body) in _REFUSALS


@pytest.mark.parametrize("path", _PATHS)
@given(content=st.sampled_from(Content), message=st.binary(max_size=300))
@_QUIET
def test_no_message_in_an_envelope_is_an_error_of_the_hubs(
    client: Client, keyring: Keyring, path: str, content: Content, message: bytes
) -> None:
    """Whatever an envelope holds is refused as malformed, or as nobody's."""
    body = Envelope(content, FakeDoor(keyring).device, message).to_bytes()
    assert post(client, path, body) in _REFUSALS


_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**64), 2**64 - 1) | st.binary() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.integers(1, 14), inner),
    max_leaves=12,
)


@given(field=st.integers(1, 14), value=_VALUES)
@settings(_QUIET, max_examples=60)
def test_no_change_to_a_batch_is_an_error_of_the_hubs(
    keyring: Keyring, field: int, value: cbor.Value
) -> None:
    """A door whose software is broken signs whatever it likes."""
    with transaction.atomic():
        door = an_enrolled_door(keyring)
        door.see(2)
        content = cbor.decode(cose.parse(sign_batch(door.batch(), door.signing)).payload)
        assert isinstance(content, dict)
        content[field] = value
        kid = key_id(door.signing.public_key().public_bytes_raw())
        message = cose.sign(cbor.encode(content), key=door.signing, kid=kid, aad=_BATCH_AAD)
        answer = door.carry("/v1/sync", Envelope(Content.BATCH, door.device, message))
        assert answer.status in {200, 400}
        transaction.set_rollback(True)


@pytest.mark.parametrize("path", _PATHS)
def test_what_is_not_a_message_is_refused_in_plain_text(client: Client, path: str) -> None:
    """Another method, another type, too large: a status and one line."""
    assert client.get(path).status_code == 405
    assert client.get(path)["Allow"] == "POST"
    assert client.post(path, b"{}", content_type="application/json").status_code == 415
    huge = client.post(path, bytes(MAX_BYTES + 300), content_type=MEDIA_TYPE)
    assert (huge.status_code, huge["Content-Type"]) == (413, "text/plain; charset=utf-8")
    assert client.post(f"{path}/more", b"", content_type=MEDIA_TYPE).status_code in {302, 404}


def test_no_cookie_and_no_token_is_asked_for(keyring: Keyring) -> None:
    """Devices have no session; nothing of the pages' protection stands in their way."""
    client = Client(enforce_csrf_checks=True)
    assert post(client, "/v1/sync", b"\0") == 400
    assert not client.cookies


@pytest.mark.parametrize("path", _PATHS)
def test_a_database_that_is_locked_puts_the_device_off(
    keyring: Keyring, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 with a time to come back: the door keeps its entries."""

    def locked(*_: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("sync.hub.ingest.views.receive", locked)
    monkeypatch.setattr("sync.hub.fleet.views.enrol_device", locked)
    body = Envelope(Content.BATCH, FakeDoor(keyring).device, b"").to_bytes()
    response = Client().post(path, body, content_type=MEDIA_TYPE)
    assert response.status_code == 503
    assert 10 <= int(response["Retry-After"]) <= 20


def test_too_many_at_once_are_put_off(keyring: Keyring, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long each takes: the others come back later, at times of their own."""
    begun, over = Semaphore(0), Event()

    def slow(*_: object) -> list[Envelope]:
        begun.release()
        assert over.wait(30)
        return []

    monkeypatch.setattr("sync.hub.ingest.views.receive", slow)
    monkeypatch.setattr("sync.hub.device_endpoint._ADMITTED_WITHIN_S", 0.01)
    body = Envelope(Content.BATCH, FakeDoor(keyring).device, b"").to_bytes()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = [pool.submit(post, Client(), "/v1/sync", body) for _ in range(AT_ONCE)]
        for _ in waiting:
            assert begun.acquire(timeout=30)
        answers = [Client().post("/v1/sync", body, content_type=MEDIA_TYPE) for _ in range(20)]
        over.set()
    assert {answer.status_code for answer in answers} == {503}
    assert len({answer["Retry-After"] for answer in answers}) > 1
    assert [done.result() for done in waiting] == [200] * AT_ONCE
    assert post(Client(), "/v1/sync", body) == 200
