"""What stands on a PDF's pages, and how near to the edge."""

import io
from dataclasses import dataclass

import numpy as np
import pypdfium2
from numpy.typing import NDArray

_POINT_MM = 25.4 / 72


@dataclass(frozen=True, slots=True)
class Page:
    """`text` has its line ends as spaces; `margins_mm` are left, lower, right and upper, of letters
    alone.
    """

    text: str
    size_mm: tuple[float, float]
    margins_mm: tuple[float, float, float, float]


def pages_of(drawn: bytes) -> list[Page]:
    document = pypdfium2.PdfDocument(io.BytesIO(drawn))
    try:
        return [_page(document[number]) for number in range(len(document))]
    finally:
        document.close()


def _page(page: pypdfium2.PdfPage) -> Page:
    width, height = page.get_size()
    letters = page.get_textpage()
    count = letters.count_chars()
    boxes = [letters.get_charbox(at) for at in range(count)]
    text = " ".join(letters.get_text_range().split())
    seen = [box for box in boxes if box[2] > box[0]]
    margins = (
        min(box[0] for box in seen),
        min(box[1] for box in seen),
        width - max(box[2] for box in seen),
        height - max(box[3] for box in seen),
    )
    left, lower, right, upper = (margin * _POINT_MM for margin in margins)
    return Page(text, (width * _POINT_MM, height * _POINT_MM), (left, lower, right, upper))


def picture_of_page(drawn: bytes, number: int, dots_per_mm: float) -> NDArray[np.uint8]:
    """Return what is seen of a page, as red, green and blue."""
    document = pypdfium2.PdfDocument(io.BytesIO(drawn))
    try:
        seen = document[number].render(scale=dots_per_mm * 25.4 / 72).to_pil().convert("RGB")
        return np.asarray(seen, np.uint8)
    finally:
        document.close()


def lower_edges_mm(drawn: bytes, text: str) -> list[float]:
    """Return how far above the first page's lower edge each place is at which a text stands."""
    document = pypdfium2.PdfDocument(io.BytesIO(drawn))
    try:
        letters = document[0].get_textpage()
        search, found = letters.search(text), []
        while (place := search.get_next()) is not None:
            found.append(letters.get_charbox(place[0])[1] * _POINT_MM)
        return found
    finally:
        document.close()
