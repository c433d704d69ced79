"""Only the hub's own answer is taken for one; what else answers is a reason to try again later."""

import gzip
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from sync.uplink import reply as reply_module
from sync.uplink.errors import HubAway, HubRefuses, Portal, TooMuch
from sync.uplink.https import HttpsHub
from sync.wire.envelope import MEDIA_TYPE, Content, Envelope, pack
from tests.sync.uplink.ends import bundle, receipt
from tests.sync.uplink.servers import HubServer, Reply, hub_server
from tests.sync.wire.parties import DEVICE

BATCH = Envelope(Content.BATCH, DEVICE, b"a batch").to_bytes()
ENROLMENT = Envelope(Content.ENROLMENT, DEVICE, b"a request").to_bytes()
DATE = ("Date", "Wed, 21 Oct 2099 07:28:00 GMT")
TYPE = ("Content-Type", MEDIA_TYPE)
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: " + MEDIA_TYPE.encode() + b"\r\n"


def _open(url: str) -> HttpsHub:
    return HttpsHub(url, b"", Path("/nonexistent"))


@contextmanager
def _sending(reply: Reply) -> Iterator[tuple[HubServer, HttpsHub]]:
    with hub_server(reply) as server:
        hub = _open(server.url)
        try:
            yield server, hub
        finally:
            hub.close()


def _send(reply: Reply) -> list[Envelope]:
    with _sending(reply) as (_server, hub):
        return hub.send(BATCH)


def test_an_envelope_goes_up_and_others_come_down() -> None:
    down = [receipt(4), bundle(2)]
    with _sending(Reply(body=pack(down))) as (server, hub):
        assert hub.send(BATCH) == down
        assert hub.send(ENROLMENT) == down
    assert [(asked.path, asked.body) for asked in server.asked] == [
        ("/v1/sync", BATCH),
        ("/v1/enrol", ENROLMENT),
    ]
    assert {asked.content_type for asked in server.asked} == {MEDIA_TYPE}


def test_a_slash_at_the_end_of_the_address_changes_nothing() -> None:
    with hub_server(Reply(body=pack([]))) as server:
        hub = _open(server.url + "/")
        assert hub.send(BATCH) == []
        hub.close()
    assert server.asked[0].path == "/v1/sync"


@pytest.mark.parametrize("status", [401, 410])
def test_a_hub_that_refuses_the_kiosk(status: int) -> None:
    with pytest.raises(HubRefuses, match=str(status)):
        _send(Reply(status))


def test_a_hub_that_wants_less() -> None:
    with pytest.raises(TooMuch):
        _send(Reply(413))


@pytest.mark.parametrize(
    "status", [201, 204, 206, 400, 402, 403, 404, 405, 408, 409, 415, 429, 500, 502, 503, 504]
)
def test_any_other_status_is_tried_again_later(status: int) -> None:
    with pytest.raises(HubAway, match=str(status)) as caught:
        _send(Reply(status, b"" if status == 204 else pack([receipt(1)])))
    assert caught.value.wait_s is None


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 511])
def test_a_redirect_is_a_sign_in_and_not_followed(status: int) -> None:
    with hub_server(Reply(body=pack([receipt(9)]))) as elsewhere:
        headers = (TYPE, ("Location", elsewhere.url + "/v1/sync"))
        with pytest.raises(Portal):
            _send(Reply(status, headers=headers))
    assert elsewhere.asked == []


@pytest.mark.parametrize(
    ("said", "wait_s"),
    [
        ("Wed, 21 Oct 2099 07:28:07 GMT", 7.0),
        ("Wed, 21 Oct 2099 07:27:00 GMT", 0.0),
        ("Wed, 21 Oct 2199 07:27:00 GMT", 86_400.0),
        ("7", 7.0),
        ("0", 0.0),
        ("86400", 86_400.0),
        ("999999999", 86_400.0),
        ("9" * 500, 86_400.0),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("1e9", None),
        ("inf", None),
        ("Wed, 21 Oct 2099 07:28:07", None),
    ],
)
def test_retry_after_is_honoured_up_to_a_day(said: str, wait_s: float | None) -> None:
    for status in (429, 503):
        with pytest.raises(HubAway) as caught:
            # A date counts from the hub's own: this machine's clock may be anything.
            _send(Reply(status, headers=(("Retry-After", said), DATE)))
        assert caught.value.wait_s == wait_s


PORTAL = b"<!DOCTYPE html><title>Masuk ke WiFi</title>"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(body=PORTAL, headers=(("Content-Type", "text/html"),)),
        Reply(body=PORTAL, headers=()),
        Reply(body=PORTAL),
        Reply(body=b""),
        Reply(body=pack([receipt(1)]), headers=(("Content-Type", "application/octet-stream"),)),
        Reply(body=pack([receipt(1)])[:-1]),
        Reply(body=pack([receipt(1)]) + b"\0"),
    ],
)
def test_what_answers_in_the_hubs_place_is_not_believed(reply: Reply) -> None:
    with pytest.raises(Portal, match="sign-in"):
        _send(reply)


@pytest.mark.parametrize("status", [401, 410, 413, 403, 503])
def test_a_page_is_nobodys_refusal_but_the_networks(status: int) -> None:
    """A sign-in page that says 401 must not stop a kiosk for an hour."""
    with pytest.raises(Portal):
        _send(Reply(status, PORTAL, headers=(("Content-Type", "text/html; charset=utf-8"),)))


def test_what_came_before_the_line_broke_is_kept() -> None:
    """A bundle may be too large for a hotspot that lives 40 s; the receipt before it is not."""
    body = pack([receipt(4), bundle(2)])
    raw = _HEAD + f"Content-Length: {len(body)}\r\n\r\n".encode() + body[:-1]
    with pytest.raises(HubAway, match="broke") as caught:
        _send(Reply(raw=raw))
    assert caught.value.brought == (receipt(4),)


@pytest.mark.parametrize("raw", [b"", b"nonsense", pack([])])
def test_an_answer_that_broke_off_in_its_beginning_brings_nothing(raw: bytes) -> None:
    with pytest.raises(HubAway) as caught:
        _send(Reply(raw=_HEAD + b"Content-Length: 500\r\n\r\n" + raw))
    assert caught.value.brought == ()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x15\x03\x01\x00\x02\x02\x46",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10",
        _HEAD + b"Content-Length: 100\r\n\r\nshort",
        _HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nnonsense",
        _HEAD + b"Content-Encoding: gzip\r\nContent-Length: 8\r\n\r\nnot gzip",
        _HEAD + b"Content-Length: -3\r\n\r\n",
        _HEAD + b"X: y\r\n" * 300 + b"\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X" * 70_000 + b": y\r\n\r\n",
    ],
)
def test_nonsense_on_the_line_is_tried_again_later(raw: bytes) -> None:
    with pytest.raises(HubAway):
        _send(Reply(raw=raw))


@pytest.mark.parametrize("packed", [False, True])
def test_an_endless_answer_is_cut_off(packed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reply_module, "MAX_ANSWER_BYTES", 1 << 17)
    body = bytes(1 << 22)
    reply = Reply(body=body)
    if packed:
        reply = Reply(body=gzip.compress(body), headers=(TYPE, ("Content-Encoding", "gzip")))
    with pytest.raises(HubAway, match="longer"):
        _send(reply)


def test_a_bundle_of_the_largest_size_fits_an_answer() -> None:
    largest = Envelope(Content.BUNDLE, DEVICE, bytes(16 * 1024 * 1024))
    down = [receipt(1), largest]
    assert _send(Reply(body=pack(down))) == down


def test_nobody_at_the_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(HubAway, match="ConnectionError"):
        _open(f"http://127.0.0.1:{port}").send(BATCH)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "pintu",
        "http://",
        "http://[",
        "http://a..b",
        "http://.a",
        f"http://{'a' * 64}.invalid",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:port",
        "http://\0",
        "file:///etc/hostname",
        "ftp://127.0.0.1/",
        "http://user:RAHASIA@[",
    ],
)
def test_an_address_that_is_none_is_told_without_it(url: str) -> None:
    with pytest.raises(HubAway) as caught:
        _open(url).send(BATCH)
    assert str(caught.value).startswith("no answer from the hub (")
    assert not url or url not in str(caught.value)
    assert "RAHASIA" not in str(caught.value)


def test_neither_address_nor_content_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "sync")
    for reply in (Reply(body=pack([receipt(1)])), Reply(503), Reply(body=PORTAL)):
        with _sending(reply) as (server, hub):
            with suppress(HubAway):
                hub.send(BATCH)
            assert server.asked
    assert [record for record in caplog.records if record.name.startswith("sync")] == []
