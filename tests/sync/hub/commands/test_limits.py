"""What a client can ask of the server before the hub has looked at a word of it."""

import http.client
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from sync.wire.batch import MAX_BYTES
from sync.wire.envelope import MEDIA_TYPE
from tests.sync.hub.hub_process import HubProcesses

_ANSWER_S = 20
_TOO_MUCH = 2 * MAX_BYTES + 1
_SLOW = 40


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    home = tmp_path_factory.mktemp("limits") / "hub"
    with HubProcesses(home, f"sqlite:///{home}/db.sqlite3") as hub:
        found = urlsplit(hub.serve())
        assert found.hostname is not None
        assert found.port is not None
        yield found.hostname, found.port


def test_a_body_that_is_too_large_is_refused(address: tuple[str, int]) -> None:
    """413, whether its length is announced or comes out in pieces; a courier then sends less."""
    for encoding in ({}, {"Transfer-Encoding": "chunked"}):
        connection = http.client.HTTPConnection(*address, timeout=_ANSWER_S)
        body = iter([bytes(_TOO_MUCH)]) if encoding else bytes(_TOO_MUCH)
        headers = {"Content-Type": MEDIA_TYPE, **encoding}
        connection.request("POST", "/v1/sync", body, headers, encode_chunked=bool(encoding))
        assert connection.getresponse().status == 413
        connection.close()


def test_slow_clients_hold_up_nobody(address: tuple[str, int]) -> None:
    """More of them than the server has threads, each in the middle of its request."""
    slow = [socket.create_connection(address, timeout=_ANSWER_S) for _ in range(_SLOW)]
    try:
        for client in slow:
            client.sendall(b"POST /v1/sync HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n")
        connection = http.client.HTTPConnection(*address, timeout=_ANSWER_S)
        connection.request("GET", "/healthz")
        assert connection.getresponse().status == 200
        connection.close()
    finally:
        for client in slow:
            client.close()
