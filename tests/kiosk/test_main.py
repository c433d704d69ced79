"""The command as a technician meets it: words and exit codes, and never a traceback."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.__main__ import main

CONFIGURATION = """
[kiosk]
state_dir = "{root}/state"
run_dir = "{root}/run"
[camera]
driver = "{camera}"
source = "{source}"
[lamp]
driver = "absent"
[buzzer]
driver = "absent"
[board]
driver = "simulated"
[scanning]
contained = {contained}
"""


def _configure(
    root: Path, *, camera: str = "simulated", source: str = "", contained: str = "false"
) -> Path:
    path = root / "kiosk.toml"
    path.write_text(
        CONFIGURATION.format(
            root=root, camera=camera, source=source or root / "stage", contained=contained
        )
    )
    return path


class Manager:
    """The service manager's end of the notification socket; it listens all the time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.told: list[str] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.settimeout(0.02)
        self._socket.bind(str(path))
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def wait_for(self, word: str) -> None:
        for _ in range(1000):
            if word in self.told:
                return
            self._closed.wait(0.02)
        raise AssertionError(f"{word} was not told in 20 s")

    def close(self) -> None:
        self._closed.set()
        self._thread.join()
        self._socket.close()

    def _listen(self) -> None:
        while not self._closed.is_set():
            with suppress(TimeoutError):
                self.told.append(self._socket.recv(1000).decode())


@contextmanager
def _running(config: Path, manager: Manager, *words: str) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "NOTIFY_SOCKET": str(manager.path)}
    environment.pop("JOURNAL_STREAM", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "kiosk", "run", "--config", str(config), *words],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    manager = Manager(tmp_path / "n")
    yield manager
    manager.close()


@pytest.mark.parametrize("contained", ["false", "true"])
def test_the_door_says_when_it_is_ready_and_ends_when_it_is_told(
    tmp_path: Path, manager: Manager, contained: str
) -> None:
    config = _configure(tmp_path, contained=contained)
    with _running(config, manager) as process:
        manager.wait_for("READY=1")
        assert "STATUS=fault-configuration" in manager.told
        assert "WATCHDOG=1" in manager.told
        assert (tmp_path / "run" / "courier.sock").is_socket()
        second = _run("run", "--config", str(config))
        assert second.returncode == 2
        assert "another gapura-kiosk uses" in second.stderr
        assert "stop it first" in second.stderr
        assert "Traceback" not in second.stderr
        process.send_signal(signal.SIGTERM)
        _out, log = process.communicate(timeout=20)
        assert process.returncode == 0, log
        manager.wait_for("STOPPING=1")
        assert [word for word in manager.told if word.startswith("STOPPING")] == ["STOPPING=1"]
    assert "the door is open" in log
    assert "the door is closed" in log
    assert "Traceback" not in log
    assert not (tmp_path / "run" / "courier.sock").exists()


def test_a_keyboards_interrupt_ends_it_as_cleanly(tmp_path: Path, manager: Manager) -> None:
    with _running(_configure(tmp_path), manager) as process:
        manager.wait_for("READY=1")
        process.send_signal(signal.SIGINT)
        _out, log = process.communicate(timeout=20)
        assert process.returncode == 0, log
        assert "Traceback" not in log


def test_a_recording_ends_the_door_where_that_is_wanted(tmp_path: Path, manager: Manager) -> None:
    video = cv2.VideoWriter(
        str(tmp_path / "door.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 15, (80, 60)
    )
    for _ in range(5):
        video.write(np.full((60, 80, 3), 200, np.uint8))
    video.release()
    config = _configure(tmp_path, camera="desktop", source=str(tmp_path / "door.avi"))
    with _running(config, manager, "--until-recording-ends") as process:
        _out, log = process.communicate(timeout=20)
        assert process.returncode == 0, log
    assert "the recording has ended" in log


def _run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kiosk", *words],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.mark.parametrize(
    "content",
    ["[camra]\n", "not toml at all", '[lamp]\ndriver = "lava"\n', "[journal]\ndeadline_s=0"],
)
def test_a_wrong_configuration_is_exit_2_and_no_traceback(
    tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    config = _configure(tmp_path)
    base = config.read_text().replace('[lamp]\ndriver = "absent"\n', "")
    config.write_text(base + content)
    result = _run("run", "--config", str(config))
    assert result.returncode == 2
    assert result.stderr.startswith("gapura-kiosk: ")
    assert "\n  -> " in result.stderr
    assert "Traceback" not in result.stderr
    del capsys


def test_a_missing_configuration_is_exit_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scan", "--rungs", "zbra", str(tmp_path)]) in {1, 2}
    assert main(["check", "--config", str(tmp_path / "absent.toml")]) == 1
    said = capsys.readouterr()
    assert "no configuration file" in said.out
    assert "Traceback" not in said.err


def test_check_as_a_command(tmp_path: Path) -> None:
    result = _run("check", "--config", str(_configure(tmp_path)))
    assert result.returncode == 1
    assert "ok  camera" in result.stdout
    assert result.stderr == ""


def test_who_stops_reading_gets_no_traceback(tmp_path: Path) -> None:
    config = _configure(tmp_path)
    command = f"{sys.executable} -m kiosk check --config {config}"
    result = subprocess.run(
        ["/bin/sh", "-c", f"{command} | true"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "words", [["--help"], ["run", "--help"], ["check", "--help"], ["--version"]]
)
def test_help_and_version_are_exit_0(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(words)
    assert end.value.code == 0
    assert "gapura" in capsys.readouterr().out


def test_help_names_every_command_and_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    said = capsys.readouterr().out
    for word in ("run", "scan", "check", "0 done", "1 something is wrong", "2 it could not"):
        assert word in said


@pytest.mark.parametrize("words", [[], ["fly"], ["run", "--fast"], ["run", "--log-level", "LOUD"]])
def test_what_does_not_exist_is_exit_2(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(words)
    assert end.value.code == 2
    assert "usage: gapura-kiosk" in capsys.readouterr().err
