"""One deadline over a whole request, whoever drips; and the way through a proxy."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from sync.uplink.deadline import Deadline
from sync.uplink.errors import HubAway, Stranger
from sync.uplink.https import HttpsHub
from sync.uplink.trust import Authorities
from sync.wire.envelope import Content, Envelope, pack
from tests.sync.uplink.certificates import TestCa
from tests.sync.uplink.connect_proxy import connect_proxy
from tests.sync.uplink.ends import receipt
from tests.sync.uplink.servers import Reply, hub_server
from tests.sync.uplink.test_https import _HEAD, BATCH
from tests.sync.wire.parties import DEVICE

LARGE = Envelope(Content.BATCH, DEVICE, bytes(8_000_000)).to_bytes()
GRACE_S = 0.3


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> TestCa:
    return TestCa(tmp_path_factory.mktemp("ca"))


@contextmanager
def _dripping(drip: bytes, tls: ssl.SSLContext | None, *, reads: bool = True) -> Iterator[str]:
    """Serve one caller: take the request or not, and answer it with a byte every 10 ms."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        connection, _address = listener.accept()
        with suppress(OSError):
            if tls is not None:
                connection = tls.wrap_socket(connection, server_side=True)
            if reads:
                connection.recv(65_536)
            for byte in drip:
                connection.sendall(bytes([byte]))
                if over.wait(0.01):
                    break
            over.wait(10)
        connection.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"{'http' if tls is None else 'https'}://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        over.set()
        thread.join()
        listener.close()


def _hub(url: str, pin: bytes, folder: Path) -> HttpsHub:
    return HttpsHub(url, pin, folder, deadline=Deadline(grace_s=GRACE_S))


@pytest.mark.parametrize("is_tls", [False, True])
@pytest.mark.parametrize(
    "drip",
    [
        b"HTTP/1.1 " + b"2" * 1000,
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1000,
        _HEAD + b"Content-Length: 1000\r\n\r\n" + bytes(1000),
    ],
)
def test_who_drips_is_left(drip: bytes, is_tls: bool, ca: TestCa, tmp_path: Path) -> None:
    """In the head as in the body: the library's own time limit begins anew with every byte."""
    Authorities(tmp_path / "ca").take(ca.pin, ca.der)
    with _dripping(drip, ca.server() if is_tls else None) as url:
        hub, began_s = _hub(url, ca.pin, tmp_path), time.monotonic()
        with pytest.raises(HubAway):
            hub.send(BATCH)
        hub.close()
    assert time.monotonic() - began_s < GRACE_S + 3


@pytest.mark.parametrize("is_tls", [False, True])
def test_who_does_not_listen_is_left(is_tls: bool, ca: TestCa, tmp_path: Path) -> None:
    Authorities(tmp_path / "ca").take(ca.pin, ca.der)
    with _dripping(b"", ca.server() if is_tls else None, reads=False) as url:
        hub, began_s = _hub(url, ca.pin, tmp_path), time.monotonic()
        hub._deadline._grace_s = GRACE_S - len(LARGE) / 1024
        with pytest.raises(HubAway):
            hub.send(LARGE)
        hub.close()
    assert time.monotonic() - began_s < GRACE_S + 3


def test_a_proxy_that_drips_is_left(
    ca: TestCa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Authorities(tmp_path / "ca").take(ca.pin, ca.der)
    with _dripping(b"HTTP/1.1 " + b"2" * 1000, None) as url:
        _go_through(url, monkeypatch)
        hub, began_s = _hub("https://hub.example:443", ca.pin, tmp_path), time.monotonic()
        with pytest.raises(HubAway):
            hub.send(BATCH)
        hub.close()
    assert time.monotonic() - began_s < GRACE_S + 3


def _go_through(proxy_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "")
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, proxy_url)


def test_through_a_proxy_the_hub_is_known_by_its_own_ca(
    ca: TestCa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        hub_server(Reply(body=pack([receipt(3)])), ca.server()) as server,
        connect_proxy() as proxy,
    ):
        server.files["/v1/ca"] = ca.der
        _go_through(proxy.url, monkeypatch)
        hub = HttpsHub(server.url, ca.pin, tmp_path)
        assert hub.send(BATCH) == [receipt(3)]
        hub.close()
        address = server.url.removeprefix("https://")
        assert proxy.asked == [f"CONNECT {address}"] * 2
        stranger = HttpsHub(server.url, bytes(31) + b"x", tmp_path)
        with pytest.raises(Stranger):
            stranger.send(BATCH)
        stranger.close()


def test_what_the_environment_leaves_out_is_asked_directly(
    ca: TestCa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hub_server(Reply(body=pack([]))) as server, connect_proxy() as proxy:
        _go_through(proxy.url, monkeypatch)
        for excepted, asked in (("", 1), ("127.0.0.1", 1)):
            monkeypatch.setenv("no_proxy", excepted)
            monkeypatch.setenv("NO_PROXY", excepted)
            hub = HttpsHub(server.url, b"", tmp_path)
            assert hub.send(BATCH) == []
            hub.close()
            assert len(proxy.asked) == asked


@pytest.mark.parametrize("status", [403, 407, 502])
def test_a_proxy_that_refuses_is_named(
    status: int, ca: TestCa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Authorities(tmp_path / "ca").take(ca.pin, ca.der)
    with connect_proxy() as proxy:
        proxy.status = status
        _go_through(proxy.url, monkeypatch)
        hub = HttpsHub("https://hub.example", ca.pin, tmp_path)
        with pytest.raises(HubAway, match="HTTPS_PROXY"):
            hub.send(BATCH)
        hub.close()


def test_a_proxy_behind_tls_is_told(
    ca: TestCa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Transport:
        """What the library makes of TLS within TLS."""

        def close(self) -> None: ...

    def connect(connection: Any) -> None:
        connection.sock = Transport()

    Authorities(tmp_path / "ca").take(ca.pin, ca.der)
    monkeypatch.setattr("sync.uplink.line.HTTPSConnection.connect", connect)
    hub = HttpsHub("https://hub.example", ca.pin, tmp_path)
    with pytest.raises(HubAway, match="http://"):
        hub.send(BATCH)
