"""The commands that the services run."""

import json
from pathlib import Path

import pytest

from provisioning.__main__ import main
from provisioning.firstboot.reboots import MOST_A_DAY
from sync.wire.wifi import WiFi
from tests.provisioning.cards import CardHub


def _firstboot(home: Path) -> int:
    for name in ("run", "state", "connections", "boot"):
        (home / name).mkdir(exist_ok=True)
    return main(
        [
            *("firstboot", "--given", f"{home}/run", "--run-dir", f"{home}/run"),
            *("--state-dir", f"{home}/state", "--connections", f"{home}/connections"),
            *("--boot-dir", f"{home}/boot", "--stick-card", f"{home}/run/stick.card"),
            *("--nmcli", f"{home}/nmcli"),
        ]
    )


def test_firstboot_acts_on_a_card_and_says_what_became_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run/card").write_text(CardHub().text())
    assert _firstboot(tmp_path) == 0
    assert capsys.readouterr().out == "done\n"
    (tmp_path / "run/card").write_text(CardHub().text(wifi=WiFi("Kantor", "kunci rahasia")))
    assert _firstboot(tmp_path) == 1
    told = capsys.readouterr()
    assert told.out == "failed network network-absent\n"
    assert "kunci" not in told.out + told.err


def test_firstboot_without_its_directories_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "run").write_text("")
    with pytest.raises(FileExistsError):
        _firstboot(tmp_path)
    assert main(["firstboot", "--run-dir", f"{tmp_path}/gone", "--given", f"{tmp_path}/gone"]) == 2
    assert "->" in capsys.readouterr().err


def _systemctl(home: Path, code: int) -> str:
    program = home / "systemctl"
    # A checkout's own Python may lie in a path with a space, which no first line can name.
    program.write_text(f"#!/bin/sh\nexit {code}\n")
    program.chmod(0o755)
    return str(program)


def test_the_machine_is_restarted_for_a_unit_that_has_failed_and_for_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["guard-reboots", "gapura-kiosk.service", "--state-dir", str(tmp_path)]
    words += ["--systemctl", _systemctl(tmp_path, 1)]
    assert main(words) == 1
    assert not (tmp_path / "reboots.json").exists()
    _systemctl(tmp_path, 0)
    assert [main(words) for _ in range(MOST_A_DAY + 1)] == [0] * MOST_A_DAY + [1]
    assert "3 times within a day" in capsys.readouterr().err
    (tmp_path / "reboots.json").write_text("?")
    assert main(words) == 1


def test_write_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "door.json").write_text(json.dumps({"state": "ready"}))
    words = ["write-status", "--door", f"{tmp_path}/door.json", "--setup-dir", str(tmp_path)]
    assert main([*words, "--boot-dir", str(tmp_path)]) == 0
    assert "ready" in (tmp_path / "kiosk-status.txt").read_text()
    assert main([*words, "--boot-dir", f"{tmp_path}/gone"]) == 2
    assert "->" in capsys.readouterr().err
