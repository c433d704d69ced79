"""What the service manager is told, and where the log goes."""

import logging
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from kiosk.supervision import SystemdSupervisor, Unsupervised, find_supervisor, start_logging


@pytest.fixture
def _logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    for handler in root.handlers:
        if handler not in handlers:
            handler.close()
    root.handlers[:], root.level = handlers, level


def test_a_status_is_said_when_it_changes() -> None:
    said: list[str] = []
    supervisor = SystemdSupervisor(said.append)
    for text in ("ready", "ready", "fault-hub", "ready"):
        supervisor.status(text)
    assert said == ["STATUS=ready", "STATUS=fault-hub", "STATUS=ready"]


def test_the_words_are_those_of_sd_notify() -> None:
    said: list[str] = []
    supervisor = SystemdSupervisor(said.append)
    supervisor.ready()
    supervisor.alive()
    supervisor.stopping()
    assert said == ["READY=1", "WATCHDOG=1", "STOPPING=1"]


def test_a_manager_that_does_not_listen_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """A signal in the middle of a word looks the same."""
    faults: list[OSError] = [InterruptedError(4, "Interrupted"), FileNotFoundError(2, "No socket")]
    said: list[str] = []

    def notify(word: str) -> None:
        if faults:
            raise faults.pop()
        said.append(word)

    supervisor = SystemdSupervisor(notify)
    for _ in range(3):
        supervisor.alive()
    assert said == ["WATCHDOG=1"]
    assert [r.getMessage() for r in caplog.records] == [
        "the service manager cannot be told: No socket"
    ]
    faults.append(InterruptedError(4, "Interrupted"))
    supervisor.alive()
    assert len(caplog.records) == 2


def test_outside_systemd_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    supervisor = find_supervisor()
    assert isinstance(supervisor, Unsupervised)
    supervisor.ready()
    supervisor.status("x")
    supervisor.alive()
    supervisor.stopping()


def test_systemd_is_told_through_its_socket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("systemd.daemon")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.settimeout(5)
        manager.bind(str(tmp_path / "n"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "n"))
        find_supervisor().ready()
        assert manager.recv(100) == b"READY=1"


def test_without_systemds_library_the_door_runs_all_the_same(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", "/run/systemd/notify")
    monkeypatch.setitem(sys.modules, "systemd.daemon", None)
    assert isinstance(find_supervisor(), Unsupervised)
    assert "systemd-python is not installed" in caplog.text


@pytest.mark.usefixtures("_logging")
def test_on_a_terminal_the_log_goes_to_standard_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("JOURNAL_STREAM", raising=False)
    start_logging("gapura-kiosk", "WARNING")
    logging.getLogger("kiosk.door").warning("said")
    logging.getLogger("kiosk.door").info("not said")
    assert capsys.readouterr().err == "WARNING kiosk.door: said\n"


class Kept(logging.Handler):
    """Stands for the journal's own handler."""

    def __init__(self, **fields: str) -> None:
        super().__init__()
        self.fields = fields
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.mark.usefixtures("_logging")
def test_under_systemd_the_log_keeps_its_levels(monkeypatch: pytest.MonkeyPatch) -> None:
    library = ModuleType("systemd.journal")
    library.JournalHandler = Kept  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "systemd.journal", library)
    monkeypatch.setenv("JOURNAL_STREAM", "8:1")
    start_logging("gapura-kiosk", "INFO")
    logging.getLogger("kiosk.door").error("said")
    (handler,) = logging.getLogger().handlers
    assert isinstance(handler, Kept)
    assert handler.fields == {"SYSLOG_IDENTIFIER": "gapura-kiosk"}
    assert [record.levelname for record in handler.records] == ["ERROR"]


@pytest.mark.usefixtures("_logging")
def test_without_systemds_library_the_log_is_not_lost(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "systemd.journal", None)
    monkeypatch.setenv("JOURNAL_STREAM", "8:1")
    start_logging("gapura-kiosk", "INFO")
    logging.getLogger("kiosk.door").error("said")
    assert "said" in capsys.readouterr().err
