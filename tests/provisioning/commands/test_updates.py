"""The updater's commands, as its two services call them."""

import json
import platform
import shutil
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from provisioning.__main__ import main
from provisioning.commands import create_update
from provisioning.updates import trial
from provisioning.updates.image import KEYS_FILE, LIBRARIES_FILE
from sync.wire.update import rank_of, version_of
from tests.provisioning.updates.updates import KEY, LIBRARIES, make_update

NEXT = version_of(rank_of(version("gapura")) + 1)
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


class Kiosk:
    """`systemctl` starts a door that is green by itself, whatever the link leads to."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("releases", "run", "image"):
            (root / name).mkdir()
        public = KEY.public_key().public_bytes_raw()
        (root / "image" / KEYS_FILE).write_text(f"{public.hex()}\n")
        (root / "image" / LIBRARIES_FILE).write_text(f"{LIBRARIES.hex()}\n")
        (root / "run" / "current").symlink_to(root / "image")
        self.systemctl = root / "systemctl"
        self.systemctl.write_text(
            f"#!/bin/sh\necho \"$@\" >> '{root}/called'\n"
            f"{shutil.which('python3')} - '{root}' <<'END'\n{_START}\nEND\n"
        )
        self.systemctl.chmod(0o755)

    def words(self, command: str) -> list[str]:
        places = ("releases", "run", "image")
        options = [f"--{name}={self.root / name}" for name in places]
        options[1] = f"--run-dir={self.root / 'run'}"
        shown = [f"--door={self.root}/door.json", f"--courier={self.root}/sync.json"]
        more = [*shown, f"--systemctl={self.systemctl}"] if command == "apply-update" else []
        return [command, *options, *more]


_START = """\
import json, sys, time
from pathlib import Path
root = Path(sys.argv[1])
boot_ms = time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000
name = (root / "run" / "current").readlink().name
told = {"state": "ready", "software": f"gapura {name}", "boot_ms": boot_ms}
(root / "door.json").write_text(json.dumps(told))
line = {"state": "ok", "since_boot_s": boot_ms // 1000 + 1}
(root / "sync.json").write_text(json.dumps(line))
"""


@pytest.fixture
def kiosk(tmp_path: Path) -> Kiosk:
    return Kiosk(tmp_path)


def test_an_update_is_kept_and_runs_from_then_on(
    kiosk: Kiosk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(trial, "STEADY_MS", 0)
    assert main(kiosk.words("settle-update")) == 0
    assert capsys.readouterr().out == f"{version('gapura')}\n"
    assert main(kiosk.words("apply-update")) == 0
    assert capsys.readouterr().out == "nothing to do\n"
    (tmp_path / "made").mkdir()
    file = make_update(tmp_path / "made", NEXT, python=PYTHON, machine=platform.machine())
    file.rename(kiosk.root / "releases" / "incoming")
    assert main(kiosk.words("apply-update")) == 0
    assert capsys.readouterr().out == "green\n"
    units = "gapura-kiosk.service gapura-sync.service"
    called = (kiosk.root / "called").read_text().splitlines()
    assert called == [f"reset-failed {units}", f"--no-block restart {units}"]
    assert main(kiosk.words("settle-update")) == 0
    assert capsys.readouterr().out == f"{NEXT}\n"
    assert json.loads((kiosk.root / "run" / "report.json").read_text())["running"] == NEXT


def test_what_is_refused_is_said_with_what_to_do(
    kiosk: Kiosk, capsys: pytest.CaptureFixture[str]
) -> None:
    (kiosk.root / "releases" / "incoming").write_bytes(b"rubbish")
    assert main(kiosk.words("apply-update")) == 1
    assert "no-update\n  -> fetch the file again" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["settle-update", "apply-update"])
def test_where_nothing_can_be_written(
    kiosk: Kiosk, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (kiosk.root / "releases" / "incoming").write_bytes(b"rubbish")
    shutil.rmtree(kiosk.root / "run")
    (kiosk.root / "run").touch()
    assert main(kiosk.words(command)) == 2
    assert "-> " in capsys.readouterr().err


def test_without_a_systemctl_nothing_is_tried(
    kiosk: Kiosk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "made").mkdir()
    file = make_update(tmp_path / "made", NEXT, python=PYTHON, machine=platform.machine())
    file.rename(kiosk.root / "releases" / "incoming")
    kiosk.systemctl.unlink()
    assert main(kiosk.words("apply-update")) == 1
    assert capsys.readouterr().out == "out of touch\n"
    assert (kiosk.root / "run" / "current").readlink() == kiosk.root / "image"


@pytest.mark.parametrize(
    "words",
    [
        ["create-update"],
        ["create-update", "--out", "x"],
        ["create-update", "--out", "x", "--key", "k", "--follows", "0.1"],
        ["create-update", "--out", "x", "--key", "k", "--date", "today"],
    ],
)
def test_wrong_usage_ends_with_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2


def test_a_key_that_is_none_is_told_before_anything_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    key = tmp_path / "release.key"
    key.write_text("none")
    assert main(["create-update", "--out", str(tmp_path / "out"), "--key", str(key)]) == 2
    assert "no private key" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_updates_are_made_of_a_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(create_update, "CHECKOUT", tmp_path)
    assert main(["create-update", "--out", str(tmp_path), "--key", "k"]) == 2
    assert "not a checkout" in capsys.readouterr().err
