"""A target is read as often, and seen as well, as a visitor's code must be."""

import numpy as np
import pytest

from hardware.errors import CameraFault
from hardware.interfaces import GreyImage
from kiosk.passes import recognition
from kiosk.passes.formats import national
from provisioning.acceptance.result import Outcome, Result
from provisioning.acceptance.sighting import LEAST_READ_PER_CENT, Seen, look, try_target
from provisioning.acceptance.target import PRINT, SCREEN, TARGETS, Target
from sync.wire.card import PREFIX
from tests.provisioning.acceptance.recorded_camera import RecordedCamera, scene
from tests.provisioning.acceptance.target_pictures import DARK, LIGHT, MODULE_PX, picture_of


def _figures(result: Result) -> dict[str, object]:
    return {figure.name: figure.value for figure in result.figures}


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_is_read_and_measured(target: Target) -> None:
    told = list[str]()
    camera = RecordedCamera(lambda number: picture_of(target, number), every_ms=100)
    result = try_target(camera, target, 5.0, told.append)
    assert result.outcome is Outcome.OK, result.said
    figures = _figures(result)
    assert figures["read_percent"] == 100
    assert figures["module_px"] == pytest.approx(MODULE_PX, abs=0.15)
    assert figures["dark"] == pytest.approx(DARK + 1, abs=2)
    assert figures["light"] == pytest.approx(LIGHT + 2, abs=2)
    assert target.part in told[0]


def _sometimes(every: int) -> RecordedCamera:
    """One picture of so many shows it."""
    return RecordedCamera(
        lambda number: picture_of(PRINT, number) if number % every == 0 else scene(number),
        every_ms=100,
    )


def test_one_of_two_pictures_is_enough_and_one_of_three_is_not() -> None:
    half, third = (try_target(_sometimes(every), PRINT, 5.0, str) for every in (2, 3))
    assert (half.outcome, _figures(half)["read_percent"]) == (Outcome.OK, LEAST_READ_PER_CENT)
    assert third.outcome is Outcome.BAD
    assert "lens" in third.advice


def test_a_screen_that_is_read_badly_has_advice_of_its_own() -> None:
    def paint(number: int) -> GreyImage:
        return picture_of(SCREEN, number) if number % 3 == 0 else scene(number)

    assert "glare" in try_target(RecordedCamera(paint), SCREEN, 5.0, str).advice


def test_another_code_is_no_target() -> None:
    camera = RecordedCamera(lambda number: picture_of(SCREEN, number), every_ms=250)
    result = try_target(camera, PRINT, 1.0, str)
    assert (result.outcome, result.figures) == (Outcome.BAD, ())
    assert "within 1 s" in result.said


def test_it_waits_as_long_as_it_was_told() -> None:
    """15 s of pictures every 500 ms: 31 with the first, and not one more."""
    looked = list[int]()

    def nothing(_grey: GreyImage) -> list[Seen]:
        looked.append(1)
        return []

    try_target(RecordedCamera(every_ms=500), PRINT, 15.0, str, nothing)
    assert len(looked) == 31


def test_a_target_half_out_of_the_picture_is_cut_at_its_edge() -> None:
    corners = ((-30.0, -30.0), (40.0, -30.0), (40.0, 40.0), (-30.0, 40.0))
    result = try_target(
        RecordedCamera(), PRINT, 1.0, str, lambda _grey: [Seen(PRINT.text, corners)]
    )
    assert _figures(result)["module_px"] == round(70 / 49, 1)


def test_without_a_decoder_it_is_the_cameras_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "zxingcpp", None)
    with pytest.raises(CameraFault, match="zxing-cpp"):
        look(np.zeros((8, 8), np.uint8))


def test_targets_are_no_passes_and_not_alike() -> None:
    """A door that sees one says so, and takes nothing from it."""
    assert len({target.text for target in TARGETS}) == len(TARGETS)
    for target in TARGETS:
        assert not target.text.startswith((*recognition._READERS, PREFIX))
        assert national.recognise(target.text) is None
