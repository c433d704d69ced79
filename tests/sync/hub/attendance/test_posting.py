import socket
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from sync.hub.attendance.models import Trouble
from sync.hub.attendance.posting import Answer, may_be_reached, post
from sync.hub.device_ca import CA_FILE, SERVER_FILE, SERVER_KEY, make_ca, make_server
from tests.sync.hub.attendance.receiver import LOOPBACK, Receiver, a_receiver

_HEADERS = {"webhook-id": "msg_1", "Content-Type": "application/json"}


def a_certificate(folder: Path, name: str) -> ssl.SSLContext:
    """OpenSSL goes by the clock of this machine."""
    now = datetime.now(UTC)
    make_ca(folder, now)
    make_server(folder, folder, [name], now, timedelta(days=2))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / SERVER_FILE, folder / SERVER_KEY)
    return context


def sent(receiver: Receiver, deadline_s: float = 5.0) -> Answer:
    return post(receiver.url, b"{}", _HEADERS, LOOPBACK, deadline_s)


def test_it_arrives_as_it_was_signed() -> None:
    with a_receiver() as receiver:
        assert sent(receiver) == Answer(None, 204)
    ((path, headers, body),) = receiver.came
    assert (path, headers["webhook-id"], body) == ("/gapura", "msg_1", b"{}")


def test_no_redirect_is_followed() -> None:
    """What stands behind it was judged by nobody."""
    with a_receiver() as other, a_receiver() as receiver:
        receiver.status, receiver.headers = 307, {"Location": other.url}
        assert sent(receiver) == Answer(Trouble.STATUS, 307)
    assert other.came == []


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (200, {}, Answer(None, 200)),
        (410, {}, Answer(Trouble.GONE, 410)),
        (500, {}, Answer(Trouble.STATUS, 500)),
        (429, {"Retry-After": "120"}, Answer(Trouble.STATUS, 429, timedelta(seconds=120))),
        (503, {"Retry-After": "soon"}, Answer(Trouble.STATUS, 503)),
        (503, {"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"}, Answer(Trouble.STATUS, 503)),
    ],
)
def test_what_a_status_means(status: int, headers: dict[str, str], expected: Answer) -> None:
    with a_receiver() as receiver:
        receiver.status, receiver.headers = status, headers
        assert sent(receiver) == expected


def test_a_long_answer_is_not_read() -> None:
    with a_receiver() as receiver:
        receiver.status, receiver.body = 200, b"x" * 20_000_000
        assert sent(receiver) == Answer(None, 200)


def test_who_drips_is_cut_off() -> None:
    """A byte now and then keeps every time limit of a single read."""
    with a_receiver() as receiver:
        receiver.drips = True
        assert sent(receiver, deadline_s=0.3) == Answer(Trouble.NO_ANSWER)
    assert len(receiver.came) == 1


def test_who_is_slow_has_time_to_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Longer than it may take to be reached."""
    monkeypatch.setattr("sync.hub.attendance.posting._CONNECT_S", 0.2)
    with a_receiver() as receiver:
        receiver.slow_s = 0.5
        assert sent(receiver) == Answer(None, 204)


def test_nobody_listens() -> None:
    with a_receiver() as receiver:
        pass
    assert sent(receiver) == Answer(Trouble.NO_ANSWER)


def test_this_machine_is_not_reached_unless_it_is_allowed() -> None:
    with a_receiver() as receiver:
        assert post(receiver.url, b"{}", _HEADERS, ()) == Answer(Trouble.FORBIDDEN)
    assert receiver.came == []


def test_a_name_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that leads outside for the judge, and inside a moment later, gains nothing."""
    asked: list[str] = []
    reached: list[str] = []

    def look_up(host: str, port: int, **_more: Any) -> list[Any]:
        asked.append(host)
        address = "8.8.8.8" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def connect(where: tuple[str, int], **_more: Any) -> socket.socket:
        reached.append(where[0])
        raise ConnectionRefusedError

    monkeypatch.setattr("socket.getaddrinfo", look_up)
    monkeypatch.setattr("socket.create_connection", connect)
    answer = post("https://absensi.example.go.id/", b"{}", _HEADERS, ())
    assert (answer.trouble, asked, reached) == (
        *(Trouble.NO_ANSWER, ["absensi.example.go.id"], ["8.8.8.8"]),
    )


def test_a_name_that_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(*_asked: Any, **_more: Any) -> list[Any]:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    monkeypatch.setattr("socket.getaddrinfo", look_up)
    answer = post("https://absensi.example.go.id/", b"{}", _HEADERS, ())
    assert answer.trouble is Trouble.NO_SUCH_HOST


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """One could reach what must not be reached."""
    with a_receiver() as receiver, a_receiver() as proxy:
        for name in ("http_proxy", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert sent(receiver) == Answer(None, 204)
    assert (len(receiver.came), proxy.came) == (1, [])


def test_a_certificate_is_believed_that_this_machine_believes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_receiver(a_certificate(tmp_path, "127.0.0.1")) as receiver:
        assert sent(receiver) == Answer(Trouble.TLS)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / CA_FILE))
        assert sent(receiver) == Answer(None, 204)
    assert len(receiver.came) == 1


def test_a_certificate_of_another_name_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_receiver(a_certificate(tmp_path, "hub.example.go.id")) as receiver:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / CA_FILE))
        assert sent(receiver) == Answer(Trouble.TLS)
    assert receiver.came == []


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:10.1.2.3", False),
        ("::ffff:8.8.8.8", True),
        ("2002:0a01:0203::1", False),
        ("64:ff9b::10.1.2.3", False),
    ],
)
def test_which_addresses_may_be_reached(address: str, is_public: bool) -> None:
    """Those of the internet; of others what the operator allows."""
    assert may_be_reached(address, ()) is is_public
    within = (ip_network("0.0.0.0/0"), ip_network("::/0"))
    assert may_be_reached(address, within)


def test_only_the_network_that_is_allowed() -> None:
    allowed = (ip_network("10.20.0.0/16"),)
    assert may_be_reached("10.20.3.4", allowed)
    assert may_be_reached("::ffff:10.20.3.4", allowed)
    assert not may_be_reached("10.21.3.4", allowed)
    assert not may_be_reached("169.254.169.254", allowed)
