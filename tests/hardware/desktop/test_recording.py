"""A recording plays in real time: a slow reader misses frames and is never behind."""

from pathlib import Path

import pytest

from hardware.desktop.recording import RecordingCamera
from hardware.errors import CameraExhausted, CameraFault
from tests.hardware.clock import FakeClock
from tests.hardware.recordings import video

_LEVELS = tuple(range(0, 200, 20))


def _camera(tmp_path: Path, clock: FakeClock) -> RecordingCamera:
    path = video(tmp_path / "door.avi", _LEVELS, fps=10)
    return RecordingCamera(path, boot_ms=clock.boot_ms, sleep=clock.sleep)


def test_every_frame_at_its_own_time_and_then_the_end(tmp_path: Path) -> None:
    clock = FakeClock(0)
    camera = _camera(tmp_path, clock)
    frames = [camera.frame(1.0) for _ in _LEVELS]
    assert [frame.boot_ms for frame in frames] == [100 * n for n in range(10)]
    assert [float(frame.grey.mean()) for frame in frames] == pytest.approx(_LEVELS, abs=3)
    for _ in range(2):
        with pytest.raises(CameraExhausted):
            camera.frame(1.0)
    assert "10 frames/s" in camera.describe()


def test_a_slow_reader_gets_the_frame_of_now(tmp_path: Path) -> None:
    clock = FakeClock(0)
    camera = _camera(tmp_path, clock)
    camera.frame(1.0)
    clock.sleep(0.55)
    assert float(camera.frame(1.0).grey.mean()) == pytest.approx(100, abs=3)


def test_what_is_no_video_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "door.avi"
    path.write_bytes(b"nothing of the kind")
    clock = FakeClock()
    with pytest.raises(CameraFault) as caught:
        RecordingCamera(path, boot_ms=clock.boot_ms, sleep=clock.sleep)
    assert "convert" in caught.value.hint
