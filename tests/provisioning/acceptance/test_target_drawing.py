"""The targets as they are printed and shown are read by the door's own decoder, and as large."""

import io
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
import pytest

from kiosk.scanning.zxing import zxing_decoder
from provisioning.acceptance.target import PRINT, PRINTED_SIDE_MM, SCREEN
from provisioning.acceptance.target_drawing import draw_screen, target_pdf
from provisioning.errors import CannotDraw
from provisioning.language import LANGUAGES
from tests.provisioning.printed import pages_of

_DOTS_PER_MM = 8
_CARDS = Path(__file__).parents[3] / "sync/hub/web/phone/card_drawing.py"


def _printed(language: str) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    document = pypdfium2.PdfDocument(io.BytesIO(target_pdf(language)))
    try:
        bitmap = document[0].render(scale=_DOTS_PER_MM * 25.4 / 72)
        return np.asarray(bitmap.to_pil().convert("L"), np.uint8)
    finally:
        document.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_printed_one_is_read_and_as_large_as_a_cards(language: str) -> None:
    (code,) = zxing_decoder(invert=False)(_printed(language))
    assert code.payload == PRINT.text.encode()
    (left, top), (right, _), *_ = code.corners
    modules = 17 + 4 * PRINT.version
    drawn_mm = (right - left) / _DOTS_PER_MM * (modules + 8) / modules
    assert drawn_mm == pytest.approx(PRINTED_SIDE_MM, abs=0.3)
    assert top > 0
    (page,) = pages_of(target_pdf(language))
    assert min(page.margins_mm) > 4


def test_a_printed_card_is_what_the_hub_prints() -> None:
    assert f"_CODE = {PRINTED_SIDE_MM:g} * mm" in _CARDS.read_text()


def test_the_picture_fills_a_phones_screen(tmp_path: Path) -> None:
    draw_screen(tmp_path / "target.png")
    grey = cv2.imread(str(tmp_path / "target.png"), cv2.IMREAD_GRAYSCALE)
    assert grey is not None
    height, width = grey.shape
    assert height == width
    assert 1000 < width <= 1080
    (code,) = zxing_decoder(invert=False)(np.asarray(grey, np.uint8))
    assert code.payload == SCREEN.text.encode()


def test_a_folder_that_takes_nothing_is_said(tmp_path: Path) -> None:
    with pytest.raises(CannotDraw, match="cannot be written"):
        draw_screen(tmp_path / "missing" / "target.png")
