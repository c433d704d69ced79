"""Four lines, none of which anybody keeps for long; what is done on them is noted."""

import socket
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from kiosk.courier import server as server_module
from kiosk.courier.conduct import Conduct, Misdeed
from kiosk.courier.server import CourierServer, Line
from sync.wire.link import (
    LENGTH,
    Answer,
    Request,
    frame,
)
from tests.kiosk.courier.test_server import (
    HELLO,
    _call,
    _hangs_up,
    _hub,
    _is_answered,
    _read,
    _serving,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "c.sock"


def test_who_calls_and_says_nothing_keeps_nobody_out(path: Path) -> None:
    """The one that has been still for longest is cut off, as soon as the line is needed."""
    conduct = Conduct(lambda: 0)
    with _serving(path, _hub, conduct), ExitStack() as stack:
        silent = [stack.enter_context(_call(path)) for _ in range(12)]
        began_s = time.monotonic()
        assert _is_answered(path)
        assert time.monotonic() - began_s < 3
        assert _hangs_up(silent[0])
        assert conduct.lately() == (9, Misdeed.CROWD.value)


def test_who_begins_a_frame_and_drips_keeps_nobody_out(path: Path) -> None:
    with _serving(path, _hub), ExitStack() as stack:
        for _ in range(6):
            stack.enter_context(_call(path)).sendall(b"\0\0")
        began_s = time.monotonic()
        assert _is_answered(path)
        assert time.monotonic() - began_s < 3


def test_where_all_lines_are_busy_the_next_waits_for_one(path: Path) -> None:
    release = threading.Event()

    def answer(_request: Request) -> Answer:
        release.wait(timeout=5)
        return Answer(hub_url="https://hub")

    with _serving(path, answer), ExitStack() as stack:
        for _ in range(4):
            stack.enter_context(_call(path)).sendall(HELLO)
        late = stack.enter_context(_call(path))
        late.sendall(HELLO)
        threading.Timer(0.2, release.set).start()
        assert _read(late).hub_url == "https://hub"


def test_it_ends_in_time_while_all_lines_are_busy(path: Path) -> None:
    release, asked = threading.Event(), threading.Semaphore(0)

    def answer(_request: Request) -> Answer:
        asked.release()
        release.wait(timeout=10)
        return Answer()

    server = CourierServer(path, answer)
    with ExitStack() as stack:
        for _ in range(6):
            stack.enter_context(_call(path)).sendall(HELLO)
        asked.acquire()
        threading.Timer(0.2, release.set).start()
        began_s = time.monotonic()
        server.close()
        assert time.monotonic() - began_s < 3


def test_a_line_is_good_for_so_many_requests(path: Path) -> None:
    """Who holds one for ever would keep it from others."""
    with _serving(path, _hub):
        with _call(path) as connection:
            for _ in range(16):
                connection.sendall(HELLO)
                assert _read(connection).hub_url
            assert _hangs_up(connection)
        assert _is_answered(path)


@pytest.mark.parametrize(
    ("said", "misdeed"),
    [(frame(b"nonsense"), Misdeed.GARBAGE), (LENGTH.pack(100) + b"cut", None), (b"", None)],
)
def test_what_is_not_the_protocol_is_noted(
    said: bytes, misdeed: Misdeed | None, path: Path
) -> None:
    conduct = Conduct(lambda: 0)
    with _serving(path, _hub, conduct):
        with _call(path) as connection:
            connection.sendall(said)
            connection.shutdown(socket.SHUT_WR)
            assert _hangs_up(connection)
        assert conduct.lately() == ((1, misdeed.value) if misdeed else (0, ""))


def test_who_does_not_finish_is_noted(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "_FRAME_S", 0.05)
    conduct = Conduct(lambda: 0)
    with _serving(path, _hub, conduct), _call(path) as connection:
        connection.sendall(b"\0")
        assert _hangs_up(connection)
        assert conduct.lately() == (1, Misdeed.SLOW.value)


def test_a_socket_that_cannot_be_listened_on_is_given_back(path: Path) -> None:
    with pytest.raises(OSError, match="too long"):
        CourierServer(path.with_name("x" * 200), _hub)


def test_a_failure_to_take_a_call_passes(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Out of files, for instance."""
    monkeypatch.setattr(server_module, "_AFTER_A_FAILURE_S", 0.01)
    failures = [OSError(24, "Too many open files")] * 2

    class Failing(socket.socket):
        def accept(self) -> tuple[socket.socket, object]:
            if failures:
                raise failures.pop()
            return super().accept()

    monkeypatch.setattr("kiosk.courier.server.socket.socket", Failing)
    with _serving(path, _hub):
        assert _is_answered(path)
    assert not failures


def test_hanging_up_on_one_who_has_gone_is_no_fault() -> None:
    here, there = socket.socketpair()
    there.close()
    here.close()
    Line(here).hang_up()
