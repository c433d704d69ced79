"""What is drawn is read back by the kiosk's own decoder as the same text."""

import io
import stat
from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp

from hardware.interfaces import GreyImage
from provisioning.enrolment.drawing import QUIET_ZONE_MODULES, draw_in_terminal, draw_png
from provisioning.errors import CannotDraw
from tests.provisioning.cards import CardHub

TEXT = CardHub().text()
_HALVES = {"█": (255, 255), "▀": (255, 0), "▄": (0, 255), " ": (0, 0)}


def _seen(drawn: str) -> GreyImage:
    rows = [
        [_HALVES[block][half] for block in line] for line in drawn.splitlines() for half in (0, 1)
    ]
    return np.array(rows, np.uint8).repeat(4, axis=0).repeat(4, axis=1)


def test_the_terminal_shows_the_card() -> None:
    stream = io.StringIO()
    draw_in_terminal(TEXT, stream, columns=200)
    (code,) = zxingcpp.read_barcodes(_seen(stream.getvalue()))
    assert code.text == TEXT


def test_a_terminal_that_is_too_narrow_is_refused_before_anything_is_drawn() -> None:
    stream = io.StringIO()
    with pytest.raises(CannotDraw, match="columns wide") as caught:
        draw_in_terminal(TEXT, stream, columns=40)
    assert "--png" in caught.value.hint
    assert stream.getvalue() == ""


def test_a_terminal_without_blocks_is_refused() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    with pytest.raises(CannotDraw, match="blocks"):
        draw_in_terminal(TEXT, stream, columns=200)


def test_the_picture_fills_a_phone_and_has_its_quiet_zone(tmp_path: Path) -> None:
    path = tmp_path / "card.png"
    draw_png(TEXT, path)
    grey = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    assert grey is not None
    (code,) = zxingcpp.read_barcodes(grey)
    assert code.text == TEXT
    height_px, width_px = grey.shape
    assert height_px == width_px
    assert 900 < width_px <= 1080
    dark = np.argwhere(grey < 128)
    margin_px = int(dark.min())
    # The finder pattern's first row is seven modules of dark.
    module_px = int(np.argmax(grey[margin_px, margin_px:] > 128)) // 7
    assert margin_px == QUIET_ZONE_MODULES * module_px
    assert int(width_px - 1 - dark.max()) == margin_px


def test_the_picture_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "card.png"
    path.touch(mode=0o644)
    draw_png(TEXT, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(CannotDraw, match="cannot be written"):
        draw_png(TEXT, tmp_path / "missing" / "card.png")
