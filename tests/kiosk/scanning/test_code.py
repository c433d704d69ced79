"""Corners are clockwise from the code's own top left; a payload never shows in a log."""

import cv2
import numpy as np
import pytest

from hardware.interfaces import GreyImage
from kiosk.scanning.code import Code, clockwise, scaled
from kiosk.scanning.rungs import build_rungs, rung_names
from tests.kiosk.scanning.renders import blank, render

SQUARE = ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0))


def test_a_payload_is_not_shown_by_repr() -> None:
    assert "rahasia" not in repr(Code(b"rahasia", SQUARE, "zxing"))


def test_anticlockwise_corners_are_turned_round_from_the_same_first() -> None:
    first, second, third, fourth = SQUARE
    assert clockwise((first, fourth, third, second)) == SQUARE
    assert clockwise(SQUARE) == SQUARE


def test_corners_follow_the_scale_of_each_side() -> None:
    assert scaled(SQUARE, 2, 3)[2] == (20.0, 30.0)


@pytest.mark.parametrize("name", rung_names())
@pytest.mark.parametrize("turns", range(4))
def test_every_rung_gives_the_same_corners_at_every_quarter_turn(name: str, turns: int) -> None:
    (rung,) = build_rungs([name])
    frame, corners = _upright()
    height, width = frame.shape
    for _ in range(turns):
        frame = np.ascontiguousarray(np.rot90(frame))
        corners = [(y, width - x) for x, y in corners]
        height, width = width, height
    (code,) = rung.read(frame)
    assert np.allclose(code.corners, corners, atol=8)
    assert code.rung == name


@pytest.mark.parametrize("name", rung_names())
def test_every_rung_reads_a_code_held_askew(name: str) -> None:
    (rung,) = build_rungs([name])
    frame, corners = _upright()
    turn = cv2.getRotationMatrix2D((240, 240), 25, 1)
    askew = cv2.warpAffine(frame, turn, (480, 480), borderValue=200)
    (code,) = rung.read(np.asarray(askew, dtype=np.uint8))
    expected = np.array([[x, y, 1] for x, y in corners]) @ turn.T
    assert np.allclose(code.corners, expected, atol=10)


def _upright() -> tuple[GreyImage, list[tuple[float, float]]]:
    """Put a version 2 code of 25 modules, 8 pixels each, at (140, 140)."""
    code = render("GPS1:UPRIGHT", scale=8, version=2)
    frame = blank(480, 480)
    side = code.shape[0]
    frame[108 : 108 + side, 108 : 108 + side] = code
    return frame, [(140, 140), (340, 140), (340, 340), (140, 340)]
