"""What the configuration asks for is watched, and the button begins to aim a kiosk of no hub."""

import json
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from hardware.simulated.button import SimulatedButton
from hardware.simulated.buzzer import SimulatedBuzzer
from kiosk import assembly
from kiosk.config import Configuration, parse
from kiosk.door import Door
from kiosk.health.view import FAULTS
from kiosk.supervision import Unsupervised

LENS = {f"lens_{fault.value}" for fault in FAULTS}


def _configuration(root: Path) -> Configuration:
    text = f"""
        [kiosk]
        state_dir = "{root / "state"}"
        run_dir = "{root / "run"}"
        [camera]
        driver = "simulated"
        source = "{root / "stage"}"
        width_px = 160
        height_px = 120
        [lamp]
        driver = "absent"
        [buzzer]
        driver = "simulated"
        [button]
        driver = "simulated"
        [board]
        driver = "simulated"
        [scanning]
        contained = false
    """
    return parse(text, origin="-")


def _camera(configuration: Configuration, **changes: Any) -> Configuration:
    return replace(configuration, camera=replace(configuration.camera, **changes))


def _run(door: Door, rounds: int) -> None:
    left = iter(range(rounds + 1))
    door.run(lambda: next(left) == rounds)


def _readings(root: Path, configuration: Configuration) -> set[str]:
    with ExitStack() as stack:
        _run(assembly.build_door(configuration, Unsupervised(), stack), 1)
    status = json.loads((root / "run" / "door.json").read_text())
    return {finding["check"] for finding in status["health"]}


def test_a_live_picture_is_watched(tmp_path: Path) -> None:
    found = _readings(tmp_path, _configuration(tmp_path))
    assert found >= LENS | {"frame_age_ms", "reads_per_hour"}
    assert "decoder_restarts" not in found, "nothing is contained here"


def test_a_decoding_process_is_watched(tmp_path: Path) -> None:
    configuration = _configuration(tmp_path)
    contained = replace(configuration, scanning=replace(configuration.scanning, contained=True))
    assert "decoder_restarts" in _readings(tmp_path, contained)


def test_a_folder_of_pictures_may_stand_still(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    cv2.imwrite(str(tmp_path / "pictures" / "one.png"), np.zeros((60, 80), np.uint8))
    configuration = _camera(
        _configuration(tmp_path), driver="desktop", source=str(tmp_path / "pictures")
    )
    assert not LENS & _readings(tmp_path, configuration)


@pytest.mark.parametrize("source", ["webcam", "webcam:1", "/dev/null", "https://cam.example/1"])
def test_a_webcam_and_a_stream_are_live(tmp_path: Path, source: str) -> None:
    configuration = _camera(_configuration(tmp_path), driver="desktop", source=source)
    assert assembly.is_watched(configuration)


def test_who_looks_at_a_wall_can_say_so(tmp_path: Path) -> None:
    configuration = _camera(_configuration(tmp_path), watched=False)
    assert not assembly.is_watched(configuration)
    assert not LENS & _readings(tmp_path, configuration)


def test_three_presses_aim_a_kiosk_of_no_hub(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    button = SimulatedButton(boot_ms=lambda: 5)
    buzzer = SimulatedBuzzer(boot_ms=lambda: 5)
    monkeypatch.setattr(assembly, "open_button", lambda _configuration: button)
    monkeypatch.setattr(assembly, "open_buzzer", lambda _configuration: buzzer)
    with ExitStack() as stack:
        door = assembly.build_door(_configuration(tmp_path), Unsupervised(), stack)
        _run(door, 1)
        for _ in range(3):
            button.press()
        _run(door, 2)
        tones = [record.frequency_hz for record in buzzer.records]
        assert any(tone is not None and tone >= 220 for tone in tones)
        button.press()
        _run(door, 1)
        # A press that no officer made has a click of its own, which the player ends.
        deadline_s = time.monotonic() + 5
        while buzzer.records[-1].frequency_hz is not None and time.monotonic() < deadline_s:
            time.sleep(0.01)
        assert buzzer.records[-1].frequency_hz is None
