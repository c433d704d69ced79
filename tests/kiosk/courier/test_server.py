"""The door's socket: no courier can make the door wait, or keep another out."""

import socket
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.courier import server as server_module
from kiosk.courier.conduct import Conduct
from kiosk.courier.server import CourierServer
from sync.wire.link import (
    LENGTH,
    MAX_FRAME_BYTES,
    Answer,
    Ask,
    Request,
    decode_answer,
    encode_request,
    frame,
    frame_length,
)

HELLO = encode_request(Request(Ask.HELLO))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "c.sock"


@contextmanager
def _serving(
    path: Path, answer: Callable[[Request], Answer], conduct: Conduct | None = None
) -> Iterator[CourierServer]:
    server = CourierServer(path, answer, conduct)
    try:
        yield server
    finally:
        server.close()


@contextmanager
def _call(path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(5)
        connection.connect(str(path))
        yield connection


def _read(connection: socket.socket) -> Answer:
    with connection.makefile("rb") as stream:
        return decode_answer(stream.read(frame_length(stream.read(LENGTH.size))))


def _is_answered(path: Path) -> bool:
    with _call(path) as connection:
        connection.sendall(HELLO)
        return _read(connection).hub_url == "https://hub"


def _hangs_up(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def _drip_until_cut_off(connection: socket.socket) -> int:
    """Send a byte every 10 ms, and return how many were taken, 200 at most."""
    for number in range(200):
        try:
            connection.send(b"x")
        except OSError:
            return number
        time.sleep(0.01)
    return 200


def _hub(_request: Request) -> Answer:
    return Answer(hub_url="https://hub")


def test_requests_on_one_connection_are_answered_in_order(path: Path) -> None:
    asked: list[Request] = []

    def answer(request: Request) -> Answer:
        asked.append(request)
        return Answer(last_seq=len(asked))

    sent = [Request(Ask.HELLO), Request(Ask.FETCH, 7, 3), Request(Ask.DELIVER, envelope=b"e" * 70)]
    with _serving(path, answer), _call(path) as connection:
        for number, request in enumerate(sent, start=1):
            connection.sendall(encode_request(request))
            assert _read(connection).last_seq == number
    assert asked == sent


def test_owner_and_group_may_call_and_nobody_else(path: Path) -> None:
    with _serving(path, _hub):
        assert stat.S_IMODE(path.stat().st_mode) == 0o660


def test_a_socket_left_by_a_kill_is_replaced_and_taken_away_in_the_end(path: Path) -> None:
    path.touch()
    with _serving(path, _hub):
        assert _is_answered(path)
    assert not path.exists()


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        LENGTH.pack(MAX_FRAME_BYTES + 1),
        LENGTH.pack(2**32 - 1),
        frame(b""),
        frame(b"\xff" * 40),
        frame(b"\x84\x09\x00\x00\x40"),
        frame(b"\x80"),
        LENGTH.pack(100) + b"cut off",
        b"\0\0",
        b"",
    ],
)
def test_garbage_ends_that_call_and_no_other(path: Path, garbage: bytes) -> None:
    with _serving(path, _hub):
        with _call(path) as connection:
            connection.sendall(garbage)
            connection.shutdown(socket.SHUT_WR)
            assert _hangs_up(connection)
        assert _is_answered(path)


def test_the_longest_frame_is_taken(path: Path) -> None:
    received: list[int] = []

    def answer(request: Request) -> Answer:
        received.append(len(request.envelope))
        return Answer()

    envelope = bytes(MAX_FRAME_BYTES - 100)
    with _serving(path, answer), _call(path) as connection:
        connection.sendall(encode_request(Request(Ask.DELIVER, envelope=envelope)))
        _read(connection)
    assert received == [len(envelope)]


def test_a_courier_that_says_nothing_is_cut_off(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "_IDLE_S", 0.05)
    with _serving(path, _hub):
        with _call(path) as connection:
            assert connection.recv(1) == b""
        assert _is_answered(path)


def test_a_courier_that_drips_is_cut_off(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The deadline is the frame's, and begins anew with no byte of it."""
    monkeypatch.setattr(server_module, "_FRAME_S", 0.1)
    with _serving(path, _hub):
        with _call(path) as connection:
            connection.sendall(LENGTH.pack(1_000_000))
            assert _drip_until_cut_off(connection) < 200
        assert _is_answered(path)


def test_a_courier_that_never_reads_is_cut_off(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "_FRAME_S", 0.1)
    answers = [Answer(envelope=bytes(8_000_000)), Answer(hub_url="https://hub")]
    with _serving(path, lambda _request: answers.pop(0)), _call(path) as connection:
        connection.sendall(HELLO)
        assert _is_answered(path)


def test_who_only_calls_keeps_nobody_waiting(path: Path) -> None:
    with _serving(path, _hub):
        for _ in range(6):
            with _call(path):
                pass
        assert _is_answered(path)


def test_the_doors_thread_goes_on_while_the_courier_is_served(path: Path) -> None:
    """The answer is worked out on the server's own thread."""
    release, threads = threading.Event(), set()

    def answer(_request: Request) -> Answer:
        threads.add(threading.get_ident())
        release.wait(timeout=5)
        return Answer(hub_url="https://hub")

    with _serving(path, answer), _call(path) as connection:
        connection.sendall(HELLO)
        release.set()
        assert _read(connection).hub_url == "https://hub"
    assert threading.get_ident() not in threads


def test_it_ends_in_time_while_a_courier_is_silent(path: Path) -> None:
    server = CourierServer(path, _hub)
    with _call(path) as connection:
        connection.sendall(HELLO)
        _read(connection)
        started_s = time.monotonic()
        server.close()
        assert time.monotonic() - started_s < 2
