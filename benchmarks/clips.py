"""How soon a phone held up is read: clips at 15 frames a second, each decoder in real time.

A door has a part of a core for decoding, CORE_SHARE of this machine's: what costs a decoder 10 ms
of CPU takes 10 ms / CORE_SHARE of the clip. A frame that arrives while a decoder is busy is lost
to it, and a payload is read when the decoder has finished, not when the frame was taken. Time
counts from the first frame that holds the whole code; a clip that is never read counts with all
of its length.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from statistics import median

import numpy as np
from pyzbar import pyzbar

from benchmarks.simulation import HEIGHT_PX, WIDTH_PX, payload_for
from hardware.interfaces import GreyImage
from hardware.simulated.conditions import Conditions
from hardware.simulated.phone import render
from hardware.simulated.pose import homography, pose_at
from hardware.simulated.presets import DIFFICULTIES, draw
from kiosk.scanning.ladder import Ladder
from kiosk.scanning.rungs import DEFAULT_RUNGS, Rung, build_rungs, rung_names

CORE_SHARE = 0.25
CLIP_MS = 3_000
FRAMES_PER_S = 15
CONTENDERS = ("ladder", "pyzbar", "zxing-cpp")

Read = Callable[[GreyImage], set[bytes]]


@dataclass(frozen=True, slots=True)
class Clip:
    difficulty: str
    seed: int
    payload: str
    conditions: Conditions

    def frames(self) -> Iterator[tuple[int, GreyImage]]:
        """Give the frames that hold the whole code, with the time since the first of them."""
        first_ms: int | None = None
        for t_ms in range(0, CLIP_MS, 1000 // FRAMES_PER_S):
            if not self._is_whole(t_ms):
                continue
            first_ms = t_ms if first_ms is None else first_ms
            yield t_ms - first_ms, self._frame(t_ms)

    def _frame(self, t_ms: int) -> GreyImage:
        size = (WIDTH_PX, HEIGHT_PX)
        return render(self.payload, self.conditions, self.seed, t_ms, *size, duration_ms=CLIP_MS)

    def _is_whole(self, t_ms: int) -> bool:
        size = (WIDTH_PX, HEIGHT_PX)
        pose = pose_at(self.conditions, self.seed, t_ms, CLIP_MS, size)
        matrix = homography(pose, self.conditions.code_height * HEIGHT_PX, WIDTH_PX)
        corners = matrix @ np.array([[-0.5, 0.5, 0.5, -0.5], [-0.5, -0.5, 0.5, 0.5], [1] * 4])
        at = corners[:2] / corners[2]
        inside = (at > 0) & (at < np.array([[WIDTH_PX], [HEIGHT_PX]]))
        return bool(inside.all())


@dataclass(slots=True)
class Watcher:
    """One decoder before one clip."""

    read: Read
    busy_until_ms: float = 0.0
    read_at_ms: float | None = field(default=None)

    def see(self, t_ms: int, grey: GreyImage, payload: bytes) -> None:
        if self.read_at_ms is not None or t_ms < self.busy_until_ms:
            return
        started_s = time.thread_time()
        payloads = self.read(grey)
        self.busy_until_ms = t_ms + (time.thread_time() - started_s) * 1000 / CORE_SHARE
        if payload in payloads:
            self.read_at_ms = self.busy_until_ms


@dataclass(frozen=True, slots=True)
class Watched:
    """`readable`: some rung of the catalogue reads some frame, or a contender has."""

    difficulty: str
    readable: bool
    read_at_ms: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class ClipRow:
    """Of the clips that can be read at all; `median_ms` is of them, read or not."""

    difficulty: str
    clips: int
    readable: int
    contender: str
    read: int
    median_ms: float


def watch_all(seeds: Iterable[int]) -> Iterator[Watched]:
    rungs = build_rungs(rung_names())
    for seed in seeds:
        for difficulty in DIFFICULTIES:
            payload = payload_for(difficulty, seed)
            yield _watch(Clip(difficulty, seed, payload, draw(difficulty, seed)), rungs)


def clip_rows(watched: list[Watched]) -> Iterator[ClipRow]:
    for title in (*DIFFICULTIES, "all clips"):
        group = [one for one in watched if title in {one.difficulty, "all clips"}]
        readable = [one for one in group if one.readable]
        for contender in CONTENDERS:
            times_ms = [one.read_at_ms[contender] for one in readable]
            yield ClipRow(
                difficulty=title,
                clips=len(group),
                readable=len(readable),
                contender=contender,
                read=sum(ms is not None for ms in times_ms),
                median_ms=median([CLIP_MS if ms is None else ms for ms in times_ms] or [0.0]),
            )


def _watch(clip: Clip, rungs: Iterable[Rung]) -> Watched:
    watchers = {name: Watcher(read) for name, read in _contenders().items()}
    payload = clip.payload.encode()
    for t_ms, grey in clip.frames():
        for watcher in watchers.values():
            watcher.see(t_ms, grey, payload)
        if all(watcher.read_at_ms is not None for watcher in watchers.values()):
            break
    read_at_ms = {name: watcher.read_at_ms for name, watcher in watchers.items()}
    readable = any(ms is not None for ms in read_at_ms.values()) or _any_reads(clip, rungs)
    return Watched(clip.difficulty, readable, read_at_ms)


def _contenders() -> dict[str, Read]:
    """A fresh ladder for each clip: the visitor before must not have warmed it up."""
    ladder, zxing = Ladder(build_rungs(DEFAULT_RUNGS)), Ladder(build_rungs(["zxing"]))
    return {
        "ladder": lambda grey: {code.payload for code in ladder.look(grey).codes},
        "pyzbar": lambda grey: {
            code.data for code in pyzbar.decode(grey, [pyzbar.ZBarSymbol.QRCODE])
        },
        "zxing-cpp": lambda grey: {code.payload for code in zxing.look(grey).codes},
    }


def _any_reads(clip: Clip, rungs: Iterable[Rung]) -> bool:
    payload = clip.payload.encode()
    return any(
        code.payload == payload
        for _, grey in clip.frames()
        for rung in rungs
        for code in rung.read(grey)
    )
