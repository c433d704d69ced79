"""The stage file may be absent, grow, hold nonsense, or end in half a line."""

import json
import logging
from pathlib import Path

import pytest

from hardware.simulated.presets import draw
from hardware.simulated.stage import Stage


def _line(begin: int, end: int, payload: str = "GPS1:A", **more: object) -> str:
    told = {"from_boot_ms": begin, "to_boot_ms": end, "payload": payload, **more}
    return json.dumps(told) + "\n"


def _append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "stage.jsonl"


def test_lines_appended_later_are_shown(path: Path) -> None:
    stage = Stage(path, seed=1)
    assert stage.scene_at(1500) is None
    _append(path, _line(1000, 2000))
    scene = stage.scene_at(1000)
    assert scene is not None
    assert scene.payload == "GPS1:A"
    assert stage.scene_at(999) is None
    assert stage.scene_at(2000) is None
    _append(path, _line(1400, 1600, "GPS1:B"))
    over = stage.scene_at(1500)
    assert over is not None
    assert over.payload == "GPS1:B"


def test_half_a_line_waits_for_its_end(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    stage, line = Stage(path, seed=1), _line(0, 1000)
    _append(path, line[:20])
    assert stage.scene_at(500) is None
    _append(path, line[20:-1])
    assert stage.scene_at(500) is None
    _append(path, "\n")
    assert stage.scene_at(500) is not None
    assert not caplog.records


def test_a_seed_and_conditions_may_be_told(path: Path) -> None:
    _append(path, _line(0, 1000, seed=7, difficulty="hard", conditions={"yaw_deg": 1.5}))
    scene = Stage(path, seed=1).scene_at(0)
    assert scene is not None
    assert scene.seed == 7
    assert scene.conditions.yaw_deg == 1.5
    assert scene.conditions.code_height == draw("hard", 7).code_height


def test_without_a_seed_the_line_and_the_stage_make_one(path: Path) -> None:
    _append(path, _line(0, 1000) + _line(1000, 2000))
    scenes = [Stage(path, seed=seed).scene_at(at) for seed in (1, 1, 2) for at in (0, 1000)]
    seeds = [scene.seed for scene in scenes if scene is not None]
    assert seeds[:2] == seeds[2:4]
    assert len(set(seeds)) == 4


@pytest.mark.parametrize(
    "bad",
    [
        "{",
        "[]",
        "null",
        "\xff",
        '{"from_boot_ms": 0}',
        _line(0, 1000, "").strip(),
        _line(0, 1000, "SECRET" * 1000).strip(),
        _line(0, 1000, seed="SECRET").strip(),
        _line(0, 1000, conditions={"SECRET": 1}).strip(),
        _line(0, 1000, difficulty="SECRET").strip(),
        '{"from_boot_ms": 0.5, "to_boot_ms": 9, "payload": "SECRET"}',
        '{"from_boot_ms": 0, "to_boot_ms": 9, "payload": ["SECRET"]}',
    ],
)
def test_a_malformed_line_is_skipped_with_one_log_line_that_tells_no_payload(
    path: Path, caplog: pytest.LogCaptureFixture, bad: str
) -> None:
    path.write_bytes((_line(0, 500) + bad + "\n").encode("latin-1") + _line(500, 900).encode())
    stage = Stage(path, seed=1)
    with caplog.at_level(logging.WARNING):
        for at in (100, 600, 700):
            assert stage.scene_at(at) is not None
    (record,) = caplog.records
    assert record.getMessage().startswith("line 2 of the stage is skipped")
    assert "SECRET" not in record.getMessage()


def test_a_file_that_was_replaced_is_read_anew(path: Path) -> None:
    _append(path, _line(0, 1000) + _line(1000, 2000))
    stage = Stage(path, seed=1)
    assert stage.scene_at(1500) is not None
    path.write_text(_line(0, 1000))
    assert stage.scene_at(1500) is None
    assert stage.scene_at(500) is not None
