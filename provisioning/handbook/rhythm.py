"""A light code as it goes in time: two tracks, the green light above, the red one below.

Amber is both; so a page that was printed without colours says the same.
"""

from collections.abc import Iterator

from kiosk.signalling.cue import Beat, Cue
from provisioning.paper.pen import AMBER, GREEN, RED, SOFT, Pen, Point

SHOWN_MS = 3_600
"""The longest code once round."""
HEIGHT_MM = 4.4
_TRACK_MM = 2.0


def draw_rhythm(pen: Pen, at: Point, width: float, cue: Cue) -> None:
    """Draw what is lit in the first 3.6 s."""
    scale = width / SHOWN_MS
    for track in (0.0, HEIGHT_MM - _TRACK_MM):
        pen.box((at[0], at[1] + track), (width, _TRACK_MM), edge=SOFT)
    for begin_ms, end_ms, beat in _beats(cue):
        left, length = at[0] + begin_ms * scale, (end_ms - begin_ms) * scale
        for is_lit, track, colour in (
            (beat.green, 0.0, GREEN),
            (beat.red, HEIGHT_MM - _TRACK_MM, RED),
        ):
            if is_lit:
                shown = AMBER if beat.red and beat.green else colour
                pen.box((left, at[1] + track), (length, _TRACK_MM), fill=shown)


def _beats(cue: Cue) -> Iterator[tuple[int, int, Beat]]:
    """Give each beat with its begin and end, round and round where the code repeats."""
    begin_ms = 0
    while begin_ms < SHOWN_MS:
        for beat in cue.beats:
            end_ms = min(begin_ms + beat.ms, SHOWN_MS)
            if begin_ms < end_ms:
                yield begin_ms, end_ms, beat
            begin_ms = end_ms
        if not cue.repeats:
            return
