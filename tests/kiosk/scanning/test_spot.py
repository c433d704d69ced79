"""The spot holds the whole code, in the light, in the dark, blurred, beside text and stripes."""

import cv2
import numpy as np
import pytest

from hardware.interfaces import GreyImage
from kiosk.scanning.rungs import build_rungs
from kiosk.scanning.spot import Area, busiest, whole
from tests.kiosk.scanning.renders import blank, placed, render

CODE = render(b"GPS1:" + b"X" * 60, scale=5)
LEFT, TOP = 700, 300
BORDER = 4 * 5


def _scene() -> GreyImage:
    scene = placed(CODE, 720, 1280, LEFT, TOP)
    cv2.putText(scene, "Tunjukkan kode ini", (60, 120), cv2.FONT_HERSHEY_SIMPLEX, 2, 20, 4)
    scene[500:700, 40:300:6] = 20
    return scene


def _holds_the_code(area: Area) -> bool:
    height, width = CODE.shape
    return (
        area.left <= LEFT + BORDER
        and area.top <= TOP + BORDER
        and area.right >= LEFT + width - BORDER
        and area.bottom >= TOP + height - BORDER
    )


@pytest.mark.parametrize(
    "scene",
    [
        _scene(),
        (_scene() // 12).astype(np.uint8),
        np.asarray(cv2.GaussianBlur(_scene(), (0, 0), 3), np.uint8),
        255 - _scene(),
    ],
)
def test_it_holds_the_code_and_little_else(scene: GreyImage) -> None:
    area = busiest(scene)
    assert _holds_the_code(area)
    assert area.of(scene).size < scene.size / 3


@pytest.mark.parametrize("shape", [(1, 1), (3, 900), (900, 3), (720, 1280)])
def test_where_nothing_changes_it_is_the_whole_picture(shape: tuple[int, int]) -> None:
    plain = blank(*shape)
    assert busiest(plain) == whole(plain)


def test_it_stays_within_the_picture() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (333, 517), dtype=np.uint8)
    area = busiest(noise)
    assert area.left >= 0
    assert area.top >= 0
    assert (area.right, area.bottom) <= (517, 333)


@pytest.mark.parametrize("name", ["zbar-spot", "zxing-spot-sharp", "zxing-spot-dark"])
def test_corners_are_in_the_whole_picture(name: str) -> None:
    (code,) = build_rungs([name])[0].read(_scene())
    assert code.payload == b"GPS1:" + b"X" * 60
    assert np.allclose(code.corners[0], (LEFT + BORDER, TOP + BORDER), atol=6)
