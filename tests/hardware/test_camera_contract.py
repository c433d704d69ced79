"""Every camera: grey frames of one byte a pixel, boot times that rise, a fault when none comes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from hardware.absent.camera import AbsentCamera
from hardware.desktop.camera import open_camera
from hardware.desktop.live import LiveCamera
from hardware.errors import CameraFault
from hardware.interfaces import Camera
from hardware.raspberry.camera import RaspberryCamera
from hardware.simulated.camera import SimulatedCamera
from tests.hardware.clock import FakeClock
from tests.hardware.desktop.capture import EndlessCapture
from tests.hardware.raspberry import picamera2
from tests.hardware.recordings import picture_folder, video

Make = Callable[[FakeClock, Path, pytest.MonkeyPatch], Camera]


def _raspberry(clock: FakeClock, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Camera:
    del folder
    picamera2.install(monkeypatch, clock.sleep)
    return RaspberryCamera(width_px=64, height_px=48, boot_ms=clock.boot_ms)


def _desktop(source: Path, clock: FakeClock) -> Camera:
    return open_camera(
        str(source), width_px=64, height_px=48, boot_ms=clock.boot_ms, sleep=clock.sleep
    )


def _pictures(clock: FakeClock, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Camera:
    del monkeypatch
    return _desktop(picture_folder(folder / "pictures", (10, 200)), clock)


def _video(clock: FakeClock, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Camera:
    del monkeypatch
    return _desktop(video(folder / "door.avi", tuple(range(0, 200, 10))), clock)


def _live(clock: FakeClock, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Camera:
    del folder, monkeypatch

    def later() -> int:
        clock.now_ms += 30
        return clock.now_ms

    return LiveCamera("webcam", open_capture=EndlessCapture, boot_ms=later)


def _simulated(clock: FakeClock, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Camera:
    del monkeypatch
    return SimulatedCamera(
        str(folder / "stage.jsonl"),
        width_px=64,
        height_px=48,
        seed=1,
        boot_ms=clock.boot_ms,
        sleep=clock.sleep,
    )


_MAKERS = [_raspberry, _pictures, _video, _live, _simulated]


@pytest.fixture(params=_MAKERS, ids=lambda make: make.__name__.strip("_"))
def camera(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Camera]:
    make: Make = request.param
    made = make(FakeClock(), tmp_path, monkeypatch)
    yield made
    made.close()


def test_frames_are_grey_and_their_boot_times_rise(camera: Camera) -> None:
    frames = [camera.frame(2.0) for _ in range(5)]
    for frame in frames:
        assert frame.grey.shape == (48, 64)
        assert frame.grey.dtype == np.uint8
    times = [frame.boot_ms for frame in frames]
    assert times == sorted(set(times))
    assert times[0] >= 100_000


def test_says_what_it_is(camera: Camera) -> None:
    assert camera.describe()


def test_closes_twice_and_then_refuses(camera: Camera) -> None:
    camera.frame(2.0)
    camera.close()
    camera.close()
    with pytest.raises(CameraFault):
        camera.frame(2.0)
    with pytest.raises(CameraFault):
        camera.describe()


@pytest.mark.parametrize("make", [_pictures, _video, _simulated])
def test_no_frame_in_time_is_a_fault_and_the_next_call_goes_on(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera = make(FakeClock(), tmp_path, monkeypatch)
    camera.frame(2.0)
    with pytest.raises(CameraFault):
        camera.frame(0.001)
    assert camera.frame(2.0).grey.shape == (48, 64)
    camera.close()


def test_an_absent_camera_is_a_fault_from_the_first_frame_on() -> None:
    camera = AbsentCamera()
    assert camera.describe() == "absent"
    with pytest.raises(CameraFault) as caught:
        camera.frame(2.0)
    assert caught.value.hint
    camera.close()
    camera.close()
    with pytest.raises(CameraFault):
        camera.describe()
