"""Does memory grow with the frames that were decoded?"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from benchmarks.simulation import payload_for
from hardware.interfaces import GreyImage
from hardware.simulated.phone import render, render_empty
from hardware.simulated.presets import DIFFICULTIES, draw
from kiosk.scanning.ladder import Ladder
from kiosk.scanning.rungs import DEFAULT_RUNGS, build_rungs

_SETTLED_AFTER = 2_000


@dataclass(frozen=True, slots=True)
class Growth:
    """Resident memory of this process once it has settled, and after the last frame."""

    frames: int
    settled_bytes: int
    end_bytes: int


def growth(frames: int) -> Growth:
    """Give `frames` frames of phones and of an empty room to the ladder, some read, some not."""
    ladder = Ladder(build_rungs(DEFAULT_RUNGS))
    settled_bytes = 0
    for number, grey in zip(range(frames + _SETTLED_AFTER), cycle(_frames()), strict=False):
        if number == _SETTLED_AFTER:
            settled_bytes = _resident_bytes()
        ladder.look(grey)
    return Growth(frames, settled_bytes, _resident_bytes())


def _frames() -> Iterator[GreyImage]:
    for seed in range(4):
        yield render_empty(seed, 0, 640, 480)
        for difficulty in DIFFICULTIES:
            payload = payload_for(difficulty, seed)
            yield render(payload, draw(difficulty, seed), seed, 1_000, 640, 480)


def _resident_bytes() -> int:
    # proc(5): the second number of statm is the resident set in pages.
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
