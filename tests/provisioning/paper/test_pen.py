"""What the pen draws is where it was asked for, in millimetres from the upper left corner."""

import io
from collections.abc import Callable

import numpy as np
import pypdfium2
import pytest

from provisioning.paper.heading import HEIGHT_MM as HEADING_MM
from provisioning.paper.heading import draw_heading
from provisioning.paper.pen import BLACK, BOLD, HEIGHT_MM, INK, WIDTH_MM, Face, Pen, height_of
from tests.provisioning.printed import pages_of

_DOTS_PER_MM = 4


def _drawn(draw: Callable[[Pen], object]) -> bytes:
    pen = Pen("test", "id")
    draw(pen)
    pen.next_page()
    return pen.finish()


def _inked_mm(draw: Callable[[Pen], object]) -> tuple[float, float, float, float]:
    """Return left, upper, right and lower edge of all that is dark."""
    document = pypdfium2.PdfDocument(io.BytesIO(_drawn(draw)))
    try:
        picture = document[0].render(scale=_DOTS_PER_MM * 25.4 / 72).to_pil().convert("L")
    finally:
        document.close()
    rows, columns = np.nonzero(np.asarray(picture) < 128)
    edges = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    left, upper, right, lower = (float(edge) / _DOTS_PER_MM for edge in edges)
    return left, upper, right, lower


@pytest.mark.parametrize(
    ("draw", "expected"),
    [
        (lambda pen: pen.box((20, 30), (40, 10), fill=BLACK), (20, 30, 60, 40)),
        (lambda pen: pen.dot((50, 60), 5, fill=BLACK), (45, 55, 55, 65)),
        (lambda pen: pen.line([(10, 20), (70, 20)], BLACK, 2), (9, 19, 71, 21)),
        (lambda pen: pen.shape([(10, 10), (30, 10), (10, 30)], BLACK), (10, 10, 30, 30)),
    ],
)
def test_figures_are_where_they_were_asked_for(
    draw: Callable[[Pen], object], expected: tuple[float, ...]
) -> None:
    assert _inked_mm(draw) == pytest.approx(expected, abs=0.3)


def test_a_line_of_text_stands_on_its_baseline() -> None:
    face = Face(24, BLACK, BOLD)
    left, upper, right, lower = _inked_mm(lambda pen: pen.text((30, 50), "HHH", face))
    assert (left, lower) == pytest.approx((30, 50), abs=1)
    assert upper > 50 - face.height_mm
    wide = Pen("test", "id").width("HHH", face)
    assert right == pytest.approx(30 + wide, abs=1)


@pytest.mark.parametrize(("align", "middle"), [("left", 1), ("centre", 0), ("right", -1)])
def test_text_is_aligned(align: str, middle: int) -> None:
    face = Face(24, BLACK)
    left, _, right, _ = _inked_mm(lambda pen: pen.text((100, 50), "HHH", face, align=align))
    wide = Pen("test", "id").width("HHH", face)
    assert (left + right) / 2 == pytest.approx(100 + middle * wide / 2, abs=0.6)


def test_a_paragraph_is_as_high_as_it_was_said_to_be() -> None:
    face, text = Face(10, BLACK), "kata " * 60
    high = height_of(text, face, 50)
    assert high == pytest.approx(round(high / face.height_mm) * face.height_mm)
    left, upper, right, lower = _inked_mm(lambda pen: pen.paragraph((40, 20), text, face, 50))
    assert (left, upper) == pytest.approx((40, 20), abs=1.5)
    assert right <= 90
    assert 20 + high - 1.5 <= lower <= 20 + high


def test_a_sheet_is_a4_and_says_its_language_and_title() -> None:
    drawn = _drawn(lambda pen: pen.text((50, 50), "Halo", Face(12, INK)))
    assert b"/Lang (id)" in drawn
    (page,) = pages_of(drawn)
    assert page.size_mm == pytest.approx((WIDTH_MM, HEIGHT_MM), abs=0.1)
    assert page.text == "Halo"


def test_the_heading_begins_every_sheet_and_says_where_it_ends() -> None:
    below: list[float] = []
    drawn = _drawn(lambda pen: below.append(draw_heading(pen, "Judul", "halaman 1")))
    (page,) = pages_of(drawn)
    assert page.text == "Gapura Judul halaman 1"
    assert below[0] > HEADING_MM
    assert page.margins_mm[1] > HEIGHT_MM - HEADING_MM
