"""picamera2 is asked for what a door needs, and a stall closes the camera to open it anew."""

import numpy as np
import pytest

from hardware.errors import CameraFault
from hardware.raspberry.camera import RaspberryCamera
from tests.hardware.clock import FakeClock
from tests.hardware.raspberry import picamera2


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def sensor(monkeypatch: pytest.MonkeyPatch, clock: FakeClock) -> picamera2.Sensor:
    return picamera2.install(monkeypatch, clock.sleep)


def _camera(clock: FakeClock) -> RaspberryCamera:
    return RaspberryCamera(width_px=640, height_px=480, boot_ms=clock.boot_ms)


def test_asks_for_short_exposure_near_focus_and_the_full_view(
    sensor: picamera2.Sensor, clock: FakeClock
) -> None:
    _camera(clock)
    (opened,) = sensor.opened
    assert opened.config == {
        "main": {"size": (640, 480), "format": "YUV420"},
        "buffer_count": 3,
        "queue": False,
        "sensor": {"output_size": (2304, 1296), "bit_depth": 10},
    }
    assert opened.controls == {
        "AeExposureMode": 1,
        "AeConstraintMode": 1,
        "AfMode": 0,
        "LensPosition": 5.0,
    }


def test_leaves_the_focus_alone_where_it_is_fixed(
    sensor: picamera2.Sensor, clock: FakeClock
) -> None:
    sensor.autofocus = False
    _camera(clock)
    assert set(sensor.opened[0].controls) == {"AeExposureMode", "AeConstraintMode"}


def test_leaves_the_mode_open_where_none_is_told(
    sensor: picamera2.Sensor, clock: FakeClock
) -> None:
    sensor.modes = [{"format": "MJPEG"}]
    _camera(clock)
    assert "sensor" not in sensor.opened[0].config


def test_the_frame_is_the_grey_plane_without_its_padding(
    sensor: picamera2.Sensor, clock: FakeClock
) -> None:
    del sensor
    frame = _camera(clock).frame(2.0)
    assert frame.grey.shape == (480, 640)
    assert np.array_equal(frame.grey[7], np.arange(640) % 251)
    assert frame.boot_ms == clock.now_ms


def test_a_stall_is_a_fault_and_the_camera_is_opened_anew(
    sensor: picamera2.Sensor, clock: FakeClock
) -> None:
    camera = _camera(clock)
    sensor.stalled = True
    with pytest.raises(CameraFault, match="2 s"):
        camera.frame(2.0)
    assert sensor.opened[0].calls[-2:] == ["cancel", "close"]
    assert "stalled" in camera.describe()
    sensor.stalled = False
    assert camera.frame(2.0).grey.shape == (480, 640)
    assert len(sensor.opened) == 2


def test_an_unplugged_camera_is_a_fault_until_it_is_back(
    sensor: picamera2.Sensor, clock: FakeClock
) -> None:
    sensor.connected = False
    with pytest.raises(CameraFault) as caught:
        _camera(clock)
    assert "ribbon cable" in caught.value.hint
    sensor.connected = True
    assert "imx708" in _camera(clock).describe()


def test_a_camera_held_by_another_program_is_a_fault(
    sensor: picamera2.Sensor, clock: FakeClock
) -> None:
    sensor.held = True
    with pytest.raises(CameraFault):
        _camera(clock)
