"""Columns side by side, as one path of an SVG drawing. Pure."""

from collections.abc import Sequence

WIDTH_PX = 672
HEIGHT_PX = 80
_LEAST_PX = 2


def columns(figures: Sequence[int], top: int) -> str:
    """Return a path in a box of WIDTH_PX by HEIGHT_PX, whose upper edge stands for `top`."""
    width = WIDTH_PX / max(len(figures), 1)
    parts = []
    for place, figure in enumerate(figures):
        if figure > 0:
            height = max(round(HEIGHT_PX * min(figure, top) / max(top, 1)), _LEAST_PX)
            left, right = round(place * width), round((place + 1) * width)
            parts.append(f"M{left} {HEIGHT_PX}v-{height}h{right - left}v{height}z")
    return "".join(parts)
