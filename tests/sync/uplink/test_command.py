"""`gapura-sync run` carries until it is told to stop; `status` says how it fares, for people."""

import json
import logging
import runpy
import signal
import socket
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from sync.uplink import __main__ as command
from sync.uplink.__main__ import main
from sync.uplink.hub import UNKNOWN_TIME
from sync.uplink.spool import Spool
from sync.uplink.status import Status, boot_s
from sync.wire.envelope import pack
from sync.wire.link import Answer, Ask, Request
from tests.sync.uplink.ends import SECRET, FakeDoor, FakeHub, bundle
from tests.sync.uplink.servers import Reply, door_server, hub_server

pytestmark = pytest.mark.usefixtures("process_as_it_was")


@dataclass(slots=True)
class _Stopping(FakeDoor):
    """Has the courier told to stop at the beginning of its last errand, which it finishes."""

    errands: int = 1

    def ask(self, request: Request) -> Answer:
        if request.ask is Ask.HELLO:
            self.errands -= 1
            if self.errands == 0:
                signal.raise_signal(signal.SIGTERM)
        return FakeDoor.ask(self, request)


def _run(tmp_path: Path, *more: str) -> int:
    return main(["run", "--run-dir", str(tmp_path), "--state-dir", str(tmp_path / "state"), *more])


def _write_status(tmp_path: Path, content: object) -> None:
    (tmp_path / "sync.json").write_text(json.dumps(content))


@pytest.mark.parametrize(("every", "errands", "batches"), [("30", 1, 2), ("0.01", 5, 3)])
def test_run_carries_until_it_is_told_to_stop(
    every: str, errands: int, batches: int, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    hub = FakeHub(bundle_version=7)
    with hub_server(lambda body: Reply(body=pack(hub.send(body, UNKNOWN_TIME)))) as server:
        door = _Stopping(newest_seq=600, hub_url=server.url, errands=errands)
        with door_server(tmp_path / "courier.sock", door.ask):
            assert _run(tmp_path, "--every", every, "--log-level", "DEBUG") == 0
    assert hub.stored == list(range(1, 601))
    assert len(hub.batches) == batches
    assert (door.acked, door.bundle_version) == (600, 7)
    assert json.loads((tmp_path / "sync.json").read_text())["state"] == "ok"
    assert list((tmp_path / "state" / "down").iterdir()) == []
    for told in (SECRET.decode(), SECRET.hex(), "127.0.0.1", server.url.rpartition(":")[2]):
        assert told not in caplog.text


def test_not_even_a_broken_answer_brings_the_address_into_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = b"HTTP/1.1 503 Busy\r\nnot a header\r\nContent-Length: 0\r\n\r\n"

    def reply(_body: bytes) -> Reply:
        signal.raise_signal(signal.SIGTERM)
        return Reply(raw=answer)

    with hub_server(reply) as server:
        door = FakeDoor(newest_seq=1, hub_url=server.url)
        with door_server(tmp_path / "courier.sock", door.ask):
            assert _run(tmp_path) == 0
    assert "hub-away" in caplog.text
    assert "127.0.0.1" not in caplog.text


def test_run_says_what_to_do_where_it_has_no_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "state").write_text("a file in the way")
    assert _run(tmp_path) == 2
    told = capsys.readouterr().err
    assert "cannot be used" in told
    assert "--state-dir" in told


def test_run_tells_the_service_manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("systemd.daemon")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        hub = FakeHub(bundle_version=1)
        with hub_server(lambda body: Reply(body=pack(hub.send(body, UNKNOWN_TIME)))) as server:
            door = _Stopping(newest_seq=1, hub_url=server.url)
            with door_server(tmp_path / "courier.sock", door.ask):
                assert _run(tmp_path) == 0
        assert [manager.recv(100) for _ in range(2)] == [b"READY=1", b"WATCHDOG=1"]


@pytest.mark.parametrize(
    ("state", "code"),
    [("ok", 0), ("no-hub", 1), ("portal", 1), ("refused", 1), ("starting", 1)],
)
def test_status_in_words(
    state: str, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = Status(state, "so it is", "do this", 1, boot_s() - 125, None, None)
    _write_status(tmp_path, asdict(told))
    assert main(["status", "--run-dir", str(tmp_path)]) == code
    first, second, third = capsys.readouterr().out.splitlines()
    assert first == f"{state}: so it is, for 2 min"
    assert "not once" in second
    assert third == "-> do this"


def test_status_for_machines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = asdict(Status("ok", "in touch with the hub", "", 1, 1, 1, 1))
    _write_status(tmp_path, status)
    assert main(["status", "--json", "--run-dir", str(tmp_path)]) == 0
    assert json.loads(capsys.readouterr().out) == status


@pytest.mark.parametrize("content", [None, [], "ok", 7, {}, {"state": "ok"}, {"said": ""}])
def test_a_status_of_another_form_is_told(
    content: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _write_status(tmp_path, content)
    assert main(["status", "--run-dir", str(tmp_path)]) == 2
    assert "->" in capsys.readouterr().err


def test_no_status_and_half_a_status_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["status", "--run-dir", str(tmp_path)]) == 2
    (tmp_path / "sync.json").write_bytes(b'{"state": "o\xff')
    assert main(["status", "--run-dir", str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("the courier does not run here") == 2


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], 2),
        (["fly"], 2),
        (["run", "--every", "often"], 2),
        (["--help"], 0),
        (["--version"], 0),
    ],
)
def test_words_that_are_no_command(
    words: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == code
    told = capsys.readouterr()
    assert "gapura" in told.out + told.err


def test_the_module_is_the_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["gapura-sync", "status", "--run-dir", str(tmp_path)])
    with pytest.raises(SystemExit) as caught:
        runpy.run_path(str(command.__file__), run_name="__main__")
    assert caught.value.code == 2
    assert "does not run here" in capsys.readouterr().err


def test_a_bundle_from_before_is_handed_over_first(tmp_path: Path) -> None:
    """It was spooled by a courier that was killed; the hub is not needed for it."""
    Spool(tmp_path / "state" / "down").put(bundle(9).to_bytes())
    door = _Stopping(hub_url="")
    with door_server(tmp_path / "courier.sock", door.ask):
        assert _run(tmp_path) == 0
    assert door.bundle_version == 9
