"""The simulated camera shows the stage on the boot clock, also after a restart."""

import json
from pathlib import Path

import numpy as np
import pytest
import zxingcpp

from hardware.errors import CameraFault
from hardware.simulated.camera import SimulatedCamera
from tests.hardware.clock import FakeClock

PAYLOAD = "GPS1:HELLO DOOR 1"


def _camera(path: Path, clock: FakeClock) -> SimulatedCamera:
    return SimulatedCamera(
        str(path), width_px=640, height_px=480, seed=4, boot_ms=clock.boot_ms, sleep=clock.sleep
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    told = {"from_boot_ms": 2_000, "to_boot_ms": 5_000, "payload": PAYLOAD, "seed": 3}
    path = tmp_path / "stage.jsonl"
    path.write_text(json.dumps(told) + "\n")
    return path


def test_gives_fifteen_frames_a_second(path: Path) -> None:
    clock = FakeClock(10_000)
    camera = _camera(path, clock)
    times = [camera.frame(1.0).boot_ms for _ in range(30)]
    assert times[-1] == 12_000
    assert set(np.diff(times).tolist()) == {66, 67}


def test_a_slow_reader_gets_the_frame_of_now(path: Path) -> None:
    clock = FakeClock(10_000)
    camera = _camera(path, clock)
    camera.frame(1.0)
    clock.sleep(1.0)
    assert camera.frame(1.0).boot_ms > 11_000


def test_the_code_is_read_while_it_is_held_up(path: Path) -> None:
    clock = FakeClock(1_500)
    camera = _camera(path, clock)
    read_at = []
    while clock.now_ms < 5_500:
        frame = camera.frame(1.0)
        if any(found.text == PAYLOAD for found in zxingcpp.read_barcodes(frame.grey)):
            read_at.append(frame.boot_ms)
    assert 2_000 < read_at[0] < 3_000
    assert 4_000 < read_at[-1] < 5_000


def test_a_restarted_process_goes_on_where_the_clock_is(path: Path) -> None:
    clock, later = FakeClock(2_900), FakeClock(3_300)
    camera, restarted = _camera(path, clock), _camera(path, later)
    frames = {(frame := camera.frame(1.0)).boot_ms: frame.grey for _ in range(20)}
    for _ in range(5):
        frame = restarted.frame(1.0)
        assert np.array_equal(frame.grey, frames[frame.boot_ms])


def test_a_clock_that_stands_still_gives_no_frame_twice(path: Path) -> None:
    clock = FakeClock(10_000)
    camera = SimulatedCamera(
        str(path), width_px=64, height_px=48, seed=4, boot_ms=clock.boot_ms, sleep=lambda _: None
    )
    times = [camera.frame(1.0).boot_ms for _ in range(4)]
    assert len(set(times)) == 4


def test_fails_when_told_to(path: Path) -> None:
    clock = FakeClock(10_000)
    camera = _camera(path, clock)
    camera.fault = CameraFault("unplugged", hint="plug it in")
    with pytest.raises(CameraFault, match="unplugged"):
        camera.frame(2.0)
    assert clock.now_ms == 12_000
    camera.fault = None
    assert camera.frame(1.0).boot_ms > 12_000
