"""Frames must come, fast enough, and show something; otherwise it is said what to do."""

from collections.abc import Callable

import numpy as np
import pytest

from hardware.errors import CameraFault
from hardware.interfaces import GreyImage
from hardware.simulated.camera import SimulatedCamera
from provisioning.acceptance import picture
from provisioning.acceptance.camera import LEAST_FRAMES_PER_S, try_camera
from provisioning.acceptance.result import Outcome
from tests.provisioning.acceptance.bench_clock import BenchClock
from tests.provisioning.acceptance.recorded_camera import RecordedCamera, scene


def test_a_good_camera_is_measured() -> None:
    # Five while the exposure settles, the last of which counts, and 2 s of 20 a second.
    newest = scene(45)
    result = try_camera(RecordedCamera(every_ms=50))
    figures = {figure.name: figure.value for figure in result.figures}
    assert result.outcome is Outcome.OK
    assert figures.pop("sharpness") == round(picture.sharpness(newest))
    assert figures == {
        "frames_per_s": 20.0,
        "width_px": 80,
        "height_px": 60,
        "brightness": round(float(np.mean(newest))),
    }
    assert "20.0 frames/s of 80×60" in result.said


def test_the_simulated_camera_passes() -> None:
    clock = BenchClock()
    camera = SimulatedCamera(
        "no-such-stage", width_px=160, height_px=120, seed=1, boot_ms=clock.boot_ms,
        sleep=clock.wait,
    )  # fmt: skip
    result = try_camera(camera)
    assert result.outcome is Outcome.OK, result.said


def _flat(value: int) -> Callable[[int], GreyImage]:
    def paint(number: int) -> GreyImage:
        grey = np.full((60, 80), value, np.uint8)
        grey[0, number % 80] ^= 1
        return grey

    return paint


@pytest.mark.parametrize(
    ("camera", "wrong"),
    [
        (RecordedCamera(lambda _number: scene(1)), "stands still"),
        (RecordedCamera(_flat(3)), "dark"),
        (RecordedCamera(_flat(250)), "white"),
        (RecordedCamera(_flat(128)), "even grey"),
        (RecordedCamera(every_ms=1 + round(1000 / LEAST_FRAMES_PER_S)), "too slowly"),
        (RecordedCamera(every_ms=0), "too slowly"),
    ],
)
def test_what_is_wrong_with_the_picture_is_said(camera: RecordedCamera, wrong: str) -> None:
    result = try_camera(camera)
    assert result.outcome is Outcome.BAD
    assert wrong in result.said
    assert result.advice


def test_the_slowest_that_is_enough_passes() -> None:
    camera = RecordedCamera(every_ms=round(1000 / LEAST_FRAMES_PER_S))
    assert try_camera(camera).outcome is Outcome.OK


def test_a_recording_may_end_while_it_is_measured() -> None:
    assert try_camera(RecordedCamera(frames=9)).outcome is Outcome.OK
    with pytest.raises(CameraFault, match="too short"):
        try_camera(RecordedCamera(frames=4))


def test_no_frame_is_the_cameras_own_fault() -> None:
    with pytest.raises(CameraFault, match="no frame"):
        try_camera(RecordedCamera(frames=0))
