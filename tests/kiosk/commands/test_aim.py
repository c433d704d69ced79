"""`aim` says how the camera stands: to a person, to a pipe, to a program, to a browser."""

import argparse
import io
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from hardware.errors import BuzzerFault
from hardware.interfaces import Frame, GreyImage
from hardware.simulated.phone import render_empty
from kiosk.commands import aim
from kiosk.commands.aim_page import Page
from kiosk.commands.aim_view import BarsView, Glimpse, JsonView, LinesView
from kiosk.config import load
from kiosk.errors import ConfigurationError, KioskError
from kiosk.health.aim import Aim, Distance, Light
from kiosk.state_directory import claim, directory

CONFIGURATION = """
[kiosk]
state_dir = "{root}/state"
run_dir = "{root}/run"
[camera]
driver = "{camera}"
source = "{source}"
[buzzer]
driver = "simulated"
[scanning]
contained = false
"""
GOOD = Aim(93, 41, Light.GOOD, 52, Distance.GOOD, 93)
FAR = Aim(None, 3, Light.DARK, None, Distance.NO_CODE, 0)


def _write(root: Path, *, camera: str = "simulated", source: str = "") -> Path:
    path = root / "kiosk.toml"
    path.write_text(CONFIGURATION.format(root=root, camera=camera, source=source or root / "stage"))
    return path


def _run(path: Path, *words: str) -> int:
    parser = argparse.ArgumentParser()
    aim.add_arguments(parser)
    return aim.run(parser.parse_args(["--config", str(path), *words]))


def test_a_program_reads_one_object_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(_write(tmp_path), "--seconds", "0.2", "--jsonl") == 0
    (line,) = capsys.readouterr().out.splitlines()
    told = json.loads(line)
    assert set(told) == {
        *("at_s", "focus_percent", "light_percent", "light"),
        *("code_percent", "distance", "score_percent"),
    }
    assert (told["light"], told["distance"]) == ("good", "no code in view")


def test_a_pipe_gets_a_line_a_second(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(_write(tmp_path), "--seconds", "0.2", "--silent") == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("focus ")
    assert "hold up a code" in line


def test_without_a_camera_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(_write(tmp_path, camera="absent"), "--seconds", "0.1") == 1
    assert "no picture: no camera is fitted" in capsys.readouterr().out


def test_a_recording_ends_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    video = cv2.VideoWriter(str(tmp_path / "v.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 15, (80, 60))
    for _ in range(3):
        video.write(np.full((60, 80, 3), 200, np.uint8))
    video.release()
    path = _write(tmp_path, camera="desktop", source=str(tmp_path / "v.avi"))
    assert _run(path, "--jsonl") == 0
    assert json.loads(capsys.readouterr().out)["light_percent"] == 78


def test_while_the_door_runs_it_says_how_to_stop_it(tmp_path: Path) -> None:
    path = _write(tmp_path)
    with (
        claim(directory(load(path).kiosk.state_dir)),
        pytest.raises(KioskError, match="the door is running") as error,
    ):
        _run(path, "--seconds", "1")
    assert "systemctl stop gapura-kiosk" in error.value.hint
    assert "three times" in error.value.hint


def test_it_gives_the_door_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _write(tmp_path)
    for _ in range(2):
        assert _run(path, "--seconds", "0.1") == 0
    capsys.readouterr()


@pytest.mark.parametrize(
    "words", [["--seconds", "0"], ["--seconds", "inf"], ["--seconds", "x"], ["--port", "70000"]]
)
def test_what_makes_no_sense_is_refused(tmp_path: Path, words: list[str]) -> None:
    with pytest.raises(SystemExit) as end:
        _run(_write(tmp_path), *words)
    assert end.value.code == 2


def test_ctrl_c_ends_it_as_it_should(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_all: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(aim, "_watch", interrupted)
    assert _run(_write(tmp_path)) == 0


def test_the_tone_follows_the_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[int | None] = []
    monkeypatch.setattr(
        "hardware.simulated.buzzer.SimulatedBuzzer.sound", lambda _self, hz: heard.append(hz)
    )
    assert _run(_write(tmp_path), "--seconds", "0.2", "--jsonl") == 0
    assert heard
    assert all(tone is not None and 220 <= tone <= 1760 for tone in heard)


def test_bars_are_drawn_over_each_other() -> None:
    stream = io.StringIO()
    view = BarsView(stream)
    for number in range(3):
        view.show(Glimpse(number / 5, GOOD), None)
    view.show(Glimpse(0.6, None, "no \x1b[2Jframe"), None)
    view.close()
    drawn = stream.getvalue()
    assert drawn.count("focus") == 3
    assert drawn.count("\x1b[4A") == 3
    assert "█" in drawn
    assert "\x1b[2J" not in drawn
    assert "no picture: no  [2Jframe" in drawn


def test_lines_come_once_a_second() -> None:
    lines, objects = io.StringIO(), io.StringIO()
    for view in (LinesView(lines), JsonView(objects)):
        for tenth in range(25):
            view.show(Glimpse(tenth / 10, GOOD if tenth < 15 else FAR), None)
        view.show(Glimpse(9.0, None, "gone"), None)
    said = lines.getvalue().splitlines()
    assert len(said) == len(objects.getvalue().splitlines()) == 4
    assert said[0] == "focus 93 %, light 41 % (good), code 52 % (good), in all 93 %"
    assert "focus –" in said[2]
    assert "too dark" in said[2]
    assert said[3] == "no picture: gone"
    assert json.loads(objects.getvalue().splitlines()[3]) == {"at_s": 9.0, "fault": "gone"}


@pytest.fixture
def page() -> Iterator[Page]:
    page = Page(0)
    yield page
    page.close()


def _get(page: Page, path: str, host: str | None = None) -> tuple[int, bytes]:
    request = urllib.request.Request(page.address + path)
    if host is not None:
        request.add_header("Host", host)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            assert answer.headers["Cache-Control"] == "no-store"
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def test_the_page_shows_the_picture_and_the_figures(page: Page) -> None:
    assert page.address.startswith("http://127.0.0.1:")
    assert _get(page, "picture.jpg")[0] == 404
    assert json.loads(_get(page, "figures.json")[1])["fault"] == "no picture yet"
    grey: GreyImage = render_empty(1, 0, 320, 240)
    page.show(Glimpse(1.0, GOOD), Frame(grey, 0))
    code, jpeg = _get(page, "picture.jpg?1")
    shown = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert code == 200
    assert shown is not None
    assert np.abs(shown.astype(int) - grey).mean() < 4
    figures = json.loads(_get(page, "figures.json")[1])
    assert (figures["score_percent"], len(figures["lines"])) == (93, 4)
    assert b"picture.jpg" in _get(page, "")[1]
    assert _get(page, "etc/passwd")[0] == 404


@pytest.mark.parametrize("host", ["gapura.example", "127.0.0.1.example:80", "10.0.0.5:8000", ""])
def test_the_page_is_for_this_machine_alone(page: Page, host: str) -> None:
    """A web page elsewhere may rename 127.0.0.1 to itself; its name gives it away."""
    page.show(Glimpse(1.0, GOOD), Frame(render_empty(1, 0, 320, 240), 0))
    for path in ("", "picture.jpg", "figures.json"):
        assert _get(page, path, host)[0] == 403
    assert _get(page, "", "localhost:4000")[0] == 200


def test_a_port_that_is_taken_is_said(
    tmp_path: Path, page: Page, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ConfigurationError, match=str(page.port)):
        _run(_write(tmp_path), "--page", "--port", str(page.port), "--seconds", "0.1")
    assert _run(_write(tmp_path), "--page", "--seconds", "0.1") == 0
    said = capsys.readouterr().err
    assert "http://127.0.0.1:" in said
    assert "ssh -L" in said


def test_a_buzzer_that_fails_is_said_once_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_self: object, _frequency_hz: int | None) -> None:
        raise BuzzerFault("the pin is gone", hint="check the plug")

    monkeypatch.setattr("hardware.simulated.buzzer.SimulatedBuzzer.sound", fail)
    assert _run(_write(tmp_path), "--seconds", "0.6") == 0
    said = capsys.readouterr()
    assert said.err.count("the buzzer fails: the pin is gone; check the plug") == 1
    assert "focus" in said.out


def test_a_terminal_gets_bars(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert _run(_write(tmp_path), "--seconds", "0.2") == 0
    assert "░" in capsys.readouterr().out
