"""`acceptance` tells every part as it comes, and its exit code tells whether one is bad."""

import argparse
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.handover import SignedOff
from kiosk.state_directory import claim
from provisioning.__main__ import main
from provisioning.acceptance.bench import PARTS
from provisioning.acceptance.report import LEFT_FILE
from provisioning.acceptance.stopwatch import Stopwatch
from provisioning.acceptance.target import PRINT, SCREEN
from provisioning.commands import acceptance
from tests.provisioning.acceptance.bench_clock import BenchClock
from tests.provisioning.acceptance.fake_kiosk import FakeKiosk
from tests.provisioning.printed import pages_of

_FITTED = """
[kiosk]
state_dir = "{state}"
run_dir = "{state}"
[camera]
driver = "simulated"
source = "{state}/stage.jsonl"
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
def _a_bench(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No waiting, a network, and somebody who holds up the card, then the phone."""
    clock = BenchClock()
    monkeypatch.setattr(acceptance, "Stopwatch", lambda: clock.stopwatch)
    monkeypatch.setattr("hardware.catalogue._boot_ms", clock.boot_ms)
    monkeypatch.setattr("hardware.catalogue.time.sleep", clock.wait)
    kiosk = FakeKiosk(tmp_path / "root")
    kiosk.network("end0")
    monkeypatch.setattr(acceptance, "ROOT", kiosk.root)
    now_ms = clock.boot_ms()
    lines = (
        {"from_boot_ms": now_ms, "to_boot_ms": now_ms + 6_500, "payload": PRINT.text},
        {"from_boot_ms": now_ms + 6_500, "to_boot_ms": now_ms + 90_000, "payload": SCREEN.text},
    )
    (tmp_path / "stage.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def answer(text: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO(text))

    return answer


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
    lines = capsys.readouterr().out.rstrip().splitlines()[:-1]
    bad = next(number for number, line in enumerate(lines) if line.startswith("BAD button"))
    assert lines[bad + 1].startswith("      -> check the wires")
    assert lines[-1].startswith(" -  hub")


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


def test_who_signs_off_is_asked_and_what_is_left_belongs_together(
    tmp_path: Path, answers: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    config, out = _config(tmp_path), tmp_path / "out"
    out.mkdir()
    answers("y\nYA\n")
    words = ["acceptance", "--config", str(config), "--sign", "ab", "--report", str(out)]
    assert main([*words, "--language", "en"]) == 0
    told = capsys.readouterr().err
    assert "did you see red, green, amber" in told
    event = SignedOff(tmp_path).event
    assert event is not None
    assert (event.value, event.is_bad) == (0, False)
    initials, day, mark = event.detail.split()
    assert initials == "AB"
    (file,) = out.glob("*.json")
    assert file.name == f"acceptance-{day.replace('-', '')}-{mark}.json"
    assert json.loads(file.read_text())["signed_by"] == "AB"
    (page,) = pages_of(file.with_suffix(".pdf").read_bytes())
    assert page.text.count(mark) == 2
    assert sorted(path.suffix for path in out.iterdir()) == [".json", ".pdf"]


def test_what_was_not_seen_is_signed_as_bad(
    tmp_path: Path, answers: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    answers("n\n")  # and then nothing more
    assert main(["acceptance", "--config", str(_config(tmp_path)), "--sign", "AB"]) == 1
    assert "which nobody heard" in capsys.readouterr().out
    event = SignedOff(tmp_path).event
    assert event is not None
    assert (event.value, event.is_bad) == (2, True)


def test_without_a_signature_nobody_is_asked_and_nothing_is_left(
    tmp_path: Path, answers: Callable[[str], None]
) -> None:
    answers("")
    assert main(["acceptance", "--config", str(_config(tmp_path))]) == 0
    assert not (tmp_path / LEFT_FILE).exists()


def test_a_site_without_internet_needs_a_clock_and_no_network(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acceptance, "ROOT", tmp_path / "no such root")
    words = ["acceptance", "--config", str(_config(tmp_path)), "--jsonl"]
    outcomes = {}
    for more in ([], ["--without-internet"]):
        (tmp_path / "stage.jsonl").touch()
        main([*words, "--seconds", "0.01", *more])
        results = map(json.loads, capsys.readouterr().out.splitlines())
        outcomes[bool(more)] = {result["part"]: result["outcome"] for result in results}
    assert (outcomes[False]["clock"], outcomes[False]["network"]) == ("skipped", "bad")
    assert (outcomes[True]["clock"], outcomes[True]["network"]) == ("bad", "skipped")


def test_a_signature_that_cannot_be_left_exits_2(
    tmp_path: Path, answers: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    answers("y\ny\n")
    (tmp_path / LEFT_FILE).mkdir()
    assert main(["acceptance", "--config", str(_config(tmp_path)), "--sign", "AB"]) == 2
    assert "run as the user gapura-kiosk" in capsys.readouterr().err


def test_a_report_that_cannot_be_written_exits_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["acceptance", "--config", str(_config(tmp_path)), "--report", str(tmp_path / "none")]
    assert main(words) == 2
    assert "--report" in capsys.readouterr().err


def test_without_the_library_the_file_for_programs_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "provisioning.acceptance.sheet", None)
    words = ["acceptance", "--config", str(_config(tmp_path)), "--report", str(tmp_path)]
    assert main(words) == 2
    assert "gapura[provisioning]" in capsys.readouterr().err
    assert len(list(tmp_path.glob("acceptance-*.json"))) == 1
    assert not list(tmp_path.glob("*.pdf"))


def test_the_time_is_told_to_the_second(tmp_path: Path) -> None:
    parser = argparse.ArgumentParser()
    acceptance.add_arguments(parser)
    words = ["--config", str(_config(tmp_path)), "--report", str(tmp_path)]
    now = datetime(2026, 2, 3, 4, 5, 6, 789_000, UTC)
    assert acceptance.run(parser.parse_args(words), now) == 0
    (file,) = tmp_path.glob("acceptance-20260203-*.json")
    assert json.loads(file.read_text())["made_at"] == "2026-02-03T04:05:06+00:00"


@pytest.mark.parametrize("name", ["Budi Santoso", "A", ""])
def test_a_name_is_no_signature(name: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["acceptance", "--sign", name])
    assert caught.value.code == 2
