"""What the phone's screen or the printed card shows: a page with the code of a pass."""

import functools

import cv2
import numpy as np
import segno
from numpy.typing import NDArray

from hardware.simulated.layers import Layers

# ISO/IEC 18004:2015 section 5.3.8: the quiet zone is four modules wide.
_QUIET_ZONE_MODULES = 4


class PayloadTooLong(ValueError):
    """No QR code is large enough."""


@functools.lru_cache(maxsize=64)
def modules(payload: str) -> NDArray[np.uint8]:
    """Return the code without a quiet zone, 1 where dark.

    Error correction is M, as on the passes, and L where M does not fit. Segno takes the
    alphanumeric mode by itself where the payload allows it.

    Raises:
        PayloadTooLong: it does not fit at L either, or is empty.
    """
    if not payload:
        raise PayloadTooLong("an empty payload has no code")
    for level in ("m", "l"):
        try:
            code = segno.make_qr(payload, error=level, boost_error=False)
        except segno.DataOverflowError:
            continue
        return np.array([list(row) for row in code.matrix], dtype=np.uint8)
    raise PayloadTooLong(f"{len(payload)} characters do not fit a QR code")


def _code(dark: NDArray[np.uint8], code_size_px: int) -> Layers:
    """Return the code with its quiet zone, light 255, at the right size."""
    framed = np.pad(1 - dark, _QUIET_ZONE_MODULES, constant_values=1) * np.uint8(255)
    # Whole pixels first, then the mean over areas: every module keeps its width.
    scale = max(2, -(-2 * code_size_px // len(dark)))
    large = np.kron(framed, np.ones((scale, scale), np.uint8))
    side = round(code_size_px * len(framed) / len(dark))
    return np.asarray(cv2.resize(large, (side, side), interpolation=cv2.INTER_AREA), np.uint8)


def draw_page(payload: str, code_size_px: int, *, dark_mode: bool) -> Layers:
    """Return the page a pass is shown on: a title, the code, two lines below it."""
    page = _page(payload, code_size_px, tall=2.0, title_y=0.24)
    page[: int(0.09 * page.shape[1])] = 215
    _write(page, "09:41", 0.05, 0.06, 0.045)
    return np.asarray(cv2.bitwise_not(page), np.uint8) if dark_mode else page


def draw_sheet(payload: str, code_size_px: int) -> Layers:
    """Return what is printed on a card: the same without a screen's own furniture."""
    return _page(payload, code_size_px, tall=1.5, title_y=0.15)


def _page(payload: str, code_size_px: int, *, tall: float, title_y: float) -> Layers:
    code = _code(modules(payload), code_size_px)
    margin = round(0.07 * code_size_px)
    width = code.shape[1] + 2 * margin
    page = np.full((int(tall * width), width), 255, np.uint8)
    _write(page, "GAPURA", 0.06, title_y, 0.1)
    top = code_centre_y(page) - code.shape[0] // 2
    page[top : top + code.shape[0], margin : margin + code.shape[1]] = code
    below = (top + code.shape[0]) / width
    _write(page, "Tunjukkan kode ini", 0.06, below + 0.1, 0.06)
    _write(page, "Show this code", 0.06, below + 0.2, 0.05)
    return page


def code_centre_y(screen: Layers) -> int:
    return int(0.43 * screen.shape[0])


def _write(page: Layers, text: str, x: float, y: float, size: float) -> None:
    # Shares of the page's width; a Hershey capital is about 22 pixels at scale 1.
    width = page.shape[1]
    at = (int(x * width), int(y * width))
    scale, stroke = size * width / 22, max(1, int(size * width / 9))
    cv2.putText(page, text, at, cv2.FONT_HERSHEY_SIMPLEX, scale, 40, stroke, cv2.LINE_AA)
