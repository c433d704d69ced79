"""`acceptance` tells every part as it comes, and its exit code tells whether one is bad."""

import argparse
import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.state_directory import claim
from provisioning.__main__ import main
from provisioning.acceptance.bench import PARTS
from provisioning.acceptance.stopwatch import Stopwatch
from provisioning.commands import acceptance
from tests.provisioning.acceptance.bench_clock import BenchClock

_FITTED = """
[kiosk]
state_dir = "{state}"
[camera]
driver = "simulated"
source = "{state}/stage.jsonl"
width_px = 160
height_px = 120
[lamp]
driver = "simulated"
[buzzer]
driver = "simulated"
[button]
driver = "{button}"
[board]
driver = "simulated"
[journal]
deadline_s = 60
"""


def _config(tmp_path: Path, *, button: str = "absent") -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text(_FITTED.format(state=tmp_path, button=button))
    return path


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = BenchClock()
    monkeypatch.setattr(acceptance, "Stopwatch", lambda: clock.stopwatch)
    monkeypatch.setattr("hardware.catalogue._boot_ms", clock.boot_ms)
    monkeypatch.setattr("hardware.catalogue.time.sleep", clock.wait)


def test_a_good_kiosk_exits_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["acceptance", "--config", str(_config(tmp_path)), "--jsonl"]) == 0
    output = capsys.readouterr()
    results = [json.loads(line) for line in output.out.splitlines()]
    assert [result["part"] for result in results] == list(PARTS)
    assert results[0]["figures"]["frames_per_s"] == pytest.approx(15, abs=0.2)
    assert {result["outcome"] for result in results} == {"ok", "skipped"}
    assert "watch it show red, green, amber" in output.err


def test_a_bad_part_exits_1_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = _config(tmp_path, button="simulated")
    assert main(["acceptance", "--config", str(config), "--seconds", "0.01"]) == 1
    lines = capsys.readouterr().out.splitlines()
    bad = next(number for number, line in enumerate(lines) if line.startswith("BAD button"))
    assert lines[bad + 1].startswith("      -> check the wires")
    assert lines[-1].startswith("ok  storage")


def test_a_door_that_runs_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = _config(tmp_path)
    with closing(claim(tmp_path)):
        assert main(["acceptance", "--config", str(config)]) == 2
    output = capsys.readouterr()
    assert "systemctl stop gapura-kiosk" in output.err
    assert output.out == ""
    assert main(["acceptance", "--config", str(config)]) == 0


def test_a_configuration_with_faults_exits_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "kiosk.toml"
    config.write_text("[camra]\n")
    assert main(["acceptance", "--config", str(config)]) == 2
    assert "did you mean 'camera'" in capsys.readouterr().err


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "soon"])
def test_an_absurd_time_is_a_mistake_of_usage(seconds: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["acceptance", "--seconds", seconds])
    assert caught.value.code == 2


def test_by_itself_it_waits_by_the_systems_clock() -> None:
    parser = argparse.ArgumentParser()
    acceptance.add_arguments(parser)
    assert parser.parse_args([]).seconds == 15
    assert Stopwatch().now_s() <= Stopwatch().now_s()


def test_a_reader_that_has_gone_is_no_crash(tmp_path: Path) -> None:
    config = tmp_path / "kiosk.toml"
    sections = ("camera", "lamp", "buzzer", "button", "board")
    config.write_text("".join(f'[{section}]\ndriver = "absent"\n' for section in sections))
    reader, writer = os.pipe()
    os.close(reader)
    words = [sys.executable, "-m", "provisioning", "acceptance", "--config", str(config)]
    done = subprocess.run(words, stdout=writer, stderr=subprocess.PIPE, check=False, timeout=60)
    os.close(writer)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
