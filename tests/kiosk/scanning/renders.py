"""Codes as pictures, made with segno."""

from typing import Any

import numpy as np
import segno

from hardware.interfaces import GreyImage


def render(content: bytes | str, *, scale: int = 4, **options: Any) -> GreyImage:
    """Render one code upright with its quiet zone; `options` are segno's."""
    settings = {"micro": False, "error": "m", **options}
    return drawn(segno.make(content, **settings), scale)


def drawn(code: Any, scale: int) -> GreyImage:
    rows = [list(row) for row in code.matrix_iter(scale=scale, border=4)]
    dark = np.array(rows, dtype=bool)
    return np.where(dark, 0, 255).astype(np.uint8)


def parts(content: str, count: int) -> list[GreyImage]:
    """Render the parts of a structured append, all of one size."""
    return [drawn(part, 4) for part in segno.make_sequence(content, symbol_count=count, error="m")]


def blank(height: int, width: int, grey: int = 200) -> GreyImage:
    return np.full((height, width), grey, dtype=np.uint8)


def placed(code: GreyImage, height: int, width: int, x: int, y: int) -> GreyImage:
    frame = blank(height, width)
    frame[y : y + code.shape[0], x : x + code.shape[1]] = code
    return frame
