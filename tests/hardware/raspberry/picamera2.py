"""A stand-in for picamera2 and libcamera that keeps the rules of the real ones.

What it holds the driver to: configure before start, start before capture, sizes and names as
the library takes them, planes padded to the stride, one owner of the sensor at a time.
"""

import sys
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

STRIDE_PADDING_PX = 32


class FakeTimeoutError(Exception):
    """As picamera2.TimeoutError: not the built-in one on Python 3.10."""


class Sensor:
    """The hardware that outlives any one Picamera2 object."""

    def __init__(self, on_wait: Callable[[float], None]) -> None:
        self.on_wait = on_wait
        self.connected = True
        self.stalled = False
        self.autofocus = True
        self.held = False
        self.opened: list[FakePicamera2] = []
        self.modes: list[dict[str, Any]] = [
            _mode((1536, 864), 10, (768, 432, 3072, 1728)),
            _mode((2304, 1296), 10, (0, 0, 4608, 2592)),
            _mode((4608, 2592), 10, (0, 0, 4608, 2592)),
        ]


class FakePicamera2:
    sensor: Sensor

    def __init__(self) -> None:
        if not self.sensor.connected:
            raise IndexError("list index out of range")
        if self.sensor.held:
            raise RuntimeError("Camera __init__ sequence did not complete.")
        self.sensor.held = True
        self.sensor.opened.append(self)
        self.calls: list[str] = []
        self.config: dict[str, Any] = {}
        self.controls: dict[str, object] = {}
        self.camera_properties = {"Model": "imx708"}

    @property
    def sensor_modes(self) -> list[dict[str, Any]]:
        assert "start" not in self.calls, "asking for modes reconfigures the camera"
        return self.sensor.modes

    @property
    def camera_controls(self) -> dict[str, tuple[int, int, int]]:
        return {"AfMode": (0, 2, 0), "LensPosition": (0, 32, 1)} if self.sensor.autofocus else {}

    def create_video_configuration(self, **config: Any) -> dict[str, Any]:
        width, height = config["main"]["size"]
        assert width % 2 == 0
        assert height % 2 == 0
        return config

    def configure(self, config: dict[str, Any]) -> None:
        self.calls.append("configure")
        self.config = config

    def set_controls(self, controls: dict[str, object]) -> None:
        assert "configure" in self.calls
        unknown = {"AfMode", "LensPosition"} & set(controls) - set(self.camera_controls)
        assert not unknown, f"libcamera refuses {unknown}"
        self.controls.update(controls)

    def start(self) -> None:
        assert self.calls == ["configure"]
        self.calls.append("start")

    def capture_array(self, name: str, wait: float) -> NDArray[np.uint8]:
        assert name == "main"
        assert self.calls[-1] == "start"
        if self.sensor.stalled:
            self.sensor.on_wait(wait)
            raise FakeTimeoutError
        self.sensor.on_wait(0.033)
        width, height = self.config["main"]["size"]
        planes = np.full((height * 3 // 2, width + STRIDE_PADDING_PX), 128, np.uint8)
        planes[:height, :width] = np.arange(width, dtype=np.uint16) % 251
        return planes

    def cancel_all_and_flush(self) -> None:
        self.calls.append("cancel")

    def close(self) -> None:
        self.calls.append("close")
        self.sensor.held = False


def install(monkeypatch: pytest.MonkeyPatch, on_wait: Callable[[float], None]) -> Sensor:
    sensor = Sensor(on_wait)
    monkeypatch.setattr(FakePicamera2, "sensor", sensor, raising=False)
    picamera2 = ModuleType("picamera2")
    picamera2.__dict__.update(Picamera2=FakePicamera2, TimeoutError=FakeTimeoutError)
    libcamera = ModuleType("libcamera")
    libcamera.__dict__["controls"] = SimpleNamespace(
        AeExposureModeEnum=SimpleNamespace(Normal=0, Short=1),
        AeConstraintModeEnum=SimpleNamespace(Normal=0, Highlight=1),
        AfModeEnum=SimpleNamespace(Manual=0, Continuous=2),
    )
    monkeypatch.setitem(sys.modules, "picamera2", picamera2)
    monkeypatch.setitem(sys.modules, "libcamera", libcamera)
    return sensor


def _mode(size: tuple[int, int], bit_depth: int, crop: tuple[int, int, int, int]) -> dict[str, Any]:
    return {"size": size, "bit_depth": bit_depth, "crop_limits": crop, "fps": 30.0}
