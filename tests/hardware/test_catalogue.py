"""The catalogue makes each driver that it lists, and says what to do about any other name."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest

from hardware import catalogue
from hardware.errors import CameraFault, HardwareFault, LampFault, UnknownDriver
from hardware.interfaces import Camera
from tests.hardware.recordings import picture_folder


class Part(Protocol):
    def describe(self) -> str: ...

    def close(self) -> None: ...


def _camera(driver: str, source: str = "") -> Camera:
    return catalogue.camera(driver, source=source, width_px=64, height_px=48, seed=1)


_MAKERS: dict[str, tuple[tuple[str, ...], Callable[[str], Part]]] = {
    "camera": (catalogue.CAMERAS, _camera),
    "lamp": (catalogue.LAMPS, lambda name: catalogue.lamp(name, red_pin=17, green_pin=27)),
    "buzzer": (catalogue.BUZZERS, lambda name: catalogue.buzzer(name, pin=18)),
    "button": (catalogue.BUTTONS, lambda name: catalogue.button(name, pin=22)),
    "board": (catalogue.BOARDS, catalogue.board),
}


@pytest.mark.parametrize("part", _MAKERS)
def test_an_unknown_driver_is_a_fault_that_names_the_known(part: str) -> None:
    drivers, make = _MAKERS[part]
    with pytest.raises(UnknownDriver) as caught:
        make("simulatd")
    assert "did you mean 'simulated'?" in caught.value.hint
    for driver in drivers:
        assert driver in caught.value.hint


@pytest.mark.parametrize("part", _MAKERS)
@pytest.mark.parametrize("driver", ["absent", "simulated"])
def test_makes_parts_that_need_no_hardware(part: str, driver: str) -> None:
    made = _MAKERS[part][1](driver)
    assert made.describe().startswith(driver)
    made.close()


def test_makes_a_desktop(tmp_path: Path) -> None:
    camera = _camera("desktop", str(picture_folder(tmp_path / "p", (1,))))
    assert camera.frame(1.0).boot_ms > 0
    assert catalogue.lamp("desktop", red_pin=0, green_pin=0).describe()
    assert catalogue.board("desktop").describe() == "desktop"


def test_a_simulated_camera_runs_on_the_boot_clock(tmp_path: Path) -> None:
    camera = _camera("simulated", str(tmp_path / "stage.jsonl"))
    assert camera.frame(1.0).grey.shape == (48, 64)


def test_a_pi_camera_without_picamera2_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "picamera2", None)
    with pytest.raises(CameraFault) as caught:
        _camera("raspberry")
    assert "python3-picamera2" in caught.value.hint


def test_a_missing_library_is_a_fault_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "hardware.raspberry.lamp", raising=False)
    monkeypatch.delitem(sys.modules, "hardware.raspberry.pins", raising=False)
    monkeypatch.setitem(sys.modules, "gpiozero", None)
    with pytest.raises(LampFault) as caught:
        catalogue.lamp("raspberry", red_pin=17, green_pin=27)
    assert "gapura[kiosk]" in caught.value.hint


@pytest.mark.parametrize("part", ["lamp", "buzzer", "button"])
def test_pins_where_there_are_none_are_a_fault(
    part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # lgpio writes a file into the working directory when it is imported.
    monkeypatch.chdir(tmp_path)
    if Path("/dev/gpiochip0").exists():
        pytest.skip("this machine has pins")
    with pytest.raises(HardwareFault) as caught:
        _MAKERS[part][1]("raspberry")
    assert caught.value.hint
