"""The watchdog is fed by an answer: by any, and by nothing else."""

import http.server
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from sync.hub import supervision
from sync.hub.supervision import answers, find_notifier, kept_alive, watchdog_s
from tests.sync.hub.hub_process import HubProcesses

_DEADLINE_S = 60


class _Away(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_error(503)

    def log_message(self, *_words: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def away() -> Iterator[str]:
    """A hub whose database cannot be reached."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Away) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def hanging() -> Iterator[str]:
    """One that takes a connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_any_answer_is_a_sign_of_life(away: str) -> None:
    assert answers(away)


def test_silence_is_none(hanging: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "_PATIENCE_S", 0.05)
    assert not answers(hanging)


def test_nobody_there_is_none() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    assert not answers(f"http://127.0.0.1:{port}")


def test_the_watchdog_is_fed_while_the_hub_answers(away: str) -> None:
    fed, words = Event(), []

    def notify(word: str) -> None:
        words.append(word)
        if len(words) == 3:
            fed.set()

    with kept_alive(notify, 0.04, away):
        assert fed.wait(_DEADLINE_S)
    assert set(words) == {"WATCHDOG=1"}


def test_a_hub_that_hangs_is_left_to_starve(hanging: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "_PATIENCE_S", 0.01)
    words: list[str] = []
    asked = Event()
    sound = supervision.answers

    def asking(url: str) -> bool:
        found = sound(url)
        asked.set()
        return found

    monkeypatch.setattr(supervision, "answers", asking)
    with kept_alive(words.append, 0.04, hanging):
        assert asked.wait(_DEADLINE_S)
    assert words == []


@pytest.mark.parametrize(
    ("given", "seconds"), [("120000000", 120.0), ("0", None), ("", None), ("soon", None)]
)
def test_how_long_the_manager_waits(
    given: str, seconds: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", given)
    assert watchdog_s() == seconds


def test_where_nobody_waits_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    find_notifier()("READY=1")


@pytest.mark.parametrize("command", ["serve", "watch"])
def test_the_manager_is_told_that_it_is_ready_and_alive(command: str, tmp_path: Path) -> None:
    """As systemd starts them: READY=1 once it listens or watches, then signs of life."""
    words: set[bytes] = set()
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager,
        HubProcesses(tmp_path / "hub", f"sqlite:///{tmp_path}/hub/db.sqlite3") as hub,
    ):
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(_DEADLINE_S)
        hub.environment |= {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "8000000"}
        assert "NOTIFY_SOCKET" not in os.environ
        hub.start(command, *(("--port", "0") if command == "serve" else ()))
        while words < {b"READY=1", b"WATCHDOG=1"}:
            words |= set(manager.recv(4_096).split(b"\n"))
