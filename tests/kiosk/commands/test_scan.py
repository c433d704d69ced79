"""`scan` says what was read in each file, where and how fast; a bad file stops nothing."""

import argparse
import base64
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from hardware.interfaces import GreyImage
from kiosk.commands import scan
from tests.kiosk.scanning.renders import blank, placed, render


def _write(path: Path, picture: GreyImage) -> Path:
    cv2.imwrite(str(path), picture)
    return path


def _run(*words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    scan.add_arguments(parser)
    return scan.run(parser.parse_args([str(word) for word in words]))


def _objects(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_one_object_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = _write(tmp_path / "a.png", placed(render("Sugeng ꦫꦮꦸꦃ"), 400, 500, 100, 60))
    nothing = _write(tmp_path / "b.png", blank(300, 300))
    assert _run("--jsonl", picture, nothing) == 0
    first, second = _objects(capsys)
    assert first["file"] == str(picture)
    assert first["ms"] > 0
    (code,) = first["codes"]
    assert code["payload"] == "Sugeng ꦫꦮꦸꦃ"
    assert code["rung"] == "zxing"
    assert np.allclose(code["corners"][0], [116, 76], atol=3)
    assert "frame" not in code
    assert second["codes"] == []


def test_bytes_that_are_not_utf8_are_base64(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run("--jsonl", _write(tmp_path / "a.png", render(b"\xff\xfe\x00")))
    (result,) = _objects(capsys)
    assert base64.b64decode(result["codes"][0]["base64"]) == b"\xff\xfe\x00"
    assert "payload" not in result["codes"][0]


def test_corners_are_in_the_files_own_pixels(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    large = placed(render(b"far", scale=20), 3000, 4000, 2000, 1500)
    _run("--jsonl", "--max-megapixels", "0.92", _write(tmp_path / "a.png", large))
    (result,) = _objects(capsys)
    assert np.allclose(result["codes"][0]["corners"][0], [2080, 1580], atol=10)


def test_a_bad_file_is_said_and_the_others_are_scanned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = _write(tmp_path / "good.jpg", render(b"x"))
    (tmp_path / "cut.jpg").write_bytes(good.read_bytes()[:40])
    (tmp_path / "empty.jpg").touch()
    (tmp_path / "broken.mp4").write_bytes(b"not a video")
    names = ["cut.jpg", "empty.jpg", "broken.mp4", "absent.png", "good.jpg"]
    assert _run("--jsonl", *(tmp_path / name for name in names)) == 1
    captured = capsys.readouterr()
    results = [json.loads(line) for line in captured.out.splitlines()]
    assert [("error" in result) for result in results] == [True] * 4 + [False]
    assert results[-1]["codes"][0]["payload"] == "x"
    assert captured.err.count(": ") >= 4
    assert "Traceback" not in captured.err


def test_a_jpeg_cut_in_the_middle_raises_nothing(tmp_path: Path) -> None:
    whole = _write(tmp_path / "whole.jpg", placed(render(b"x"), 400, 400, 10, 10)).read_bytes()
    for share in (0.1, 0.3, 0.5, 0.9):
        cut = tmp_path / "cut.jpg"
        cut.write_bytes(whole[: int(len(whole) * share)])
        assert _run("--jsonl", cut) in {0, 1}


def test_a_folder_gives_its_pictures_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("b.png", "a.jpg"):
        _write(tmp_path / name, render(b"x"))
    (tmp_path / "notes.txt").write_text("not a picture")
    (tmp_path / "deeper").mkdir()
    assert _run("--jsonl", tmp_path) == 0
    assert [Path(result["file"]).name for result in _objects(capsys)] == ["a.jpg", "b.png"]


def test_a_video_gives_the_frame_where_each_code_was_first_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "door.avi"
    video = cv2.VideoWriter(str(file), cv2.VideoWriter.fourcc(*"MJPG"), 15, (320, 240))
    shown = [None] * 3 + [b"one"] * 3 + [b"two"] * 3
    for payload in shown:
        grey = blank(240, 320) if payload is None else placed(render(payload), 240, 320, 20, 20)
        video.write(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR))
    video.release()
    assert _run("--jsonl", file) == 0
    (result,) = _objects(capsys)
    read = [(code["payload"], code["frame"]) for code in result["codes"]]
    assert read == [("one", 3), ("two", 6)]


def test_text_is_short_and_moves_no_cursor(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run(_write(tmp_path / "a.png", render("\x1b[2Jhalo\n" + "x" * 200)), tmp_path / "absent.png")
    captured = capsys.readouterr()
    assert "\\x1b[2Jhalo\\n" in captured.out
    assert "\x1b" not in captured.out
    assert "…" in captured.out
    assert "x" * 61 not in captured.out
    assert "absent.png: cannot be opened" in captured.err


def test_an_unknown_rung_says_what_was_meant(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run("--rungs", "zbra", _write(tmp_path / "a.png", render(b"x"))) == 1
    assert "did you mean 'zbar'?" in capsys.readouterr().err


@pytest.mark.parametrize("number", ["0", "-1", "big", "nan", "inf"])
def test_a_nonsense_number_of_megapixels_is_refused(number: str) -> None:
    with pytest.raises(SystemExit):
        _run("--max-megapixels", number, "a.png")
