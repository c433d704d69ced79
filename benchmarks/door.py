"""What the door adds around decoding and verification, beside pyzbar's decoding of the same frames.

    python -m benchmarks.door [--visits N] [--size WIDTHxHEIGHT] [--jsonl]

Visitors hold up simulated phones to a real door: judging the picture, motion gate, repeats,
decision, sealing, commit, signal, until the lamp is lit. Its decoder knows the payload for nothing,
and the time in `read_pass` (verification) is taken off. The journal is the real one, in memory
where there is /dev/shm and with `synchronous=OFF` set on its connection, so that a commit does all
but the flush. CPU is the whole process's, the journal's and the lamp's threads too; each frame is
given to pyzbar right after, so that a noisy machine is noisy to both.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Any
from unittest.mock import patch

import cv2
import numpy as np
from pyzbar import pyzbar

from hardware.interfaces import Frame, GreyImage
from hardware.simulated.lamp import SimulatedLamp
from hardware.simulated.phone import render, render_empty
from hardware.simulated.presets import draw
from kiosk.health.sight import Sight
from kiosk.passes.recognition import read_pass
from kiosk.scanning.worker import Worker
from tests.kiosk.counter import Counter, counter
from tests.kiosk.hub import NOW_S

LIMIT = 0.10
FRAME_MS = 67
EMPTY_FRAMES, HELD_FRAMES = 15, 30
_MEMORY = Path("/dev/shm")
_WARMING_UP = 2
_EXPIRES_S = NOW_S + 1_000_000


class Kind(Enum):
    EMPTY = "nobody there"
    VERDICT = "frame to lamp"
    HELD = "code held"


@dataclass(frozen=True, slots=True)
class Sample:
    """`judge_ms` is the part of `door_ms` that judging the picture took."""

    kind: Kind
    door_ms: float
    judge_ms: float
    pyzbar_ms: float


@dataclass(frozen=True, slots=True)
class Row:
    """Means and the 95th percentile over frames; the ratios are of sums."""

    frames: str
    count: int
    door_ms: float
    door_p95_ms: float
    pyzbar_ms: float
    ratio: float
    judge_ratio: float


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    cv2.setNumThreads(1)
    width_px, height_px = map(int, arguments.size.split("x"))
    samples = list(_measure(arguments.visits, width_px, height_px))
    rows = [
        *(_row(kind.value, [one for one in samples if one.kind is kind]) for kind in Kind),
        _row("all frames", samples),
    ]
    show = _show_jsonl if arguments.jsonl else _show_table
    show(rows, _hand_over_ms(width_px, height_px))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--visits", type=int, default=40)
    parser.add_argument("--size", default="640x480", metavar="WIDTHxHEIGHT")
    parser.add_argument("--jsonl", action="store_true")
    return parser


def _measure(visits: int, width_px: int, height_px: int) -> Iterator[Sample]:
    with ExitStack() as stack:
        home = stack.enter_context(TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None))
        desk = stack.enter_context(counter(Path(home)))
        _forgo_flushing(desk)
        bench = _Bench(desk)
        stack.enter_context(patch("kiosk.judging.read_pass", bench.read_pass))
        for visit in range(-_WARMING_UP, visits):
            samples = list(bench.visit(visit + _WARMING_UP, width_px, height_px))
            yield from samples if visit >= 0 else ()


def _forgo_flushing(desk: Counter) -> None:
    journal = desk.kiosk.journal
    connection = journal._ledger._connection
    journal._on_thread(lambda: connection.execute("PRAGMA synchronous=OFF"))
    assert journal._on_thread(lambda: connection.execute("PRAGMA synchronous").get) == 0


class _Lamp(SimulatedLamp):
    """Says when it is lit for a visitor."""

    def __init__(self, *, boot_ms: Callable[[], int]) -> None:
        super().__init__(boot_ms=boot_ms)
        self.lit = Event()

    def show(self, *, red: bool, green: bool, caption: str) -> None:
        super().show(red=red, green=green, caption=caption)
        if ":" in caption and "come in" in caption:
            self.lit.set()


class _Bench:
    def __init__(self, desk: Counter) -> None:
        self._desk = desk
        self._sight = Sight()
        self._verifying_s = 0.0
        self._lamp = _Lamp(boot_ms=lambda: desk.kiosk.clock.boot_ms)
        desk.player._lamp = self._lamp

    def read_pass(self, payload: bytes, *known: Any) -> object:
        started_s = time.process_time()
        try:
            return read_pass(payload, *known)
        finally:
            self._verifying_s += time.process_time() - started_s

    def visit(self, number: int, width_px: int, height_px: int) -> Iterator[Sample]:
        desk, conditions = self._desk, draw("ordinary", number)
        desk.kiosk.clock.advance(20_000)
        payload = desk.kiosk.hub.issue(cti=number.to_bytes(8, "big"), expires_s=_EXPIRES_S)
        for step in range(EMPTY_FRAMES + HELD_FRAMES):
            desk.kiosk.clock.advance(FRAME_MS)
            t_ms = (step - EMPTY_FRAMES) * FRAME_MS
            if t_ms < 0:
                desk.decoder.payloads = ()
                grey = render_empty(0, desk.kiosk.clock.boot_ms, width_px, height_px)
            else:
                # Read as soon as it has come: until then it is another empty frame.
                desk.decoder.payloads = (payload.encode(),) if t_ms > 400 else ()
                grey = render(payload, conditions, number, t_ms, width_px, height_px)
            yield self._sample(grey)

    def _sample(self, grey: GreyImage) -> Sample:
        desk = self._desk
        frame = Frame(grey, desk.kiosk.clock.boot_ms)
        verdicts, self._verifying_s = sum(desk.door.counts.values()), 0.0
        self._lamp.lit.clear()
        started_s = time.process_time()
        self._sight.judge(frame)
        judged_s = time.process_time()
        desk.door.see(frame)
        is_verdict = sum(desk.door.counts.values()) > verdicts
        if is_verdict:
            assert self._lamp.lit.wait(5), "the lamp stays dark"
        desk.door.rest()
        door_s = time.process_time() - started_s - self._verifying_s
        started_pyzbar_s = time.process_time()
        pyzbar.decode(grey, [pyzbar.ZBarSymbol.QRCODE])
        pyzbar_s = time.process_time() - started_pyzbar_s
        kind = Kind.HELD if desk.decoder.payloads else Kind.EMPTY
        return Sample(
            Kind.VERDICT if is_verdict else kind,
            door_s * 1000,
            (judged_s - started_s) * 1000,
            pyzbar_s * 1000,
        )


def _hand_over_ms(width_px: int, height_px: int, frames: int = 100) -> float:
    """Return the time that the decoding process's containment takes, without its decoding."""
    worker = Worker(["zxing"])
    try:
        if not worker.wait_until_ready():
            return float("nan")
        grey = render_empty(0, 0, width_px, height_px)
        spent_ms = []
        for _ in range(frames):
            started_s = time.perf_counter()
            reading = worker.look(grey)
            spent_ms.append((time.perf_counter() - started_s) * 1000 - reading.decode_ms)
        return float(np.median(spent_ms))
    finally:
        worker.close()


def _row(title: str, samples: Sequence[Sample]) -> Row:
    door_ms = np.array([one.door_ms for one in samples])
    pyzbar_ms = sum(one.pyzbar_ms for one in samples)
    return Row(
        frames=title,
        count=len(samples),
        door_ms=float(door_ms.mean()),
        door_p95_ms=float(np.quantile(door_ms, 0.95)),
        pyzbar_ms=pyzbar_ms / len(samples),
        ratio=float(door_ms.sum()) / pyzbar_ms,
        judge_ratio=sum(one.judge_ms for one in samples) / pyzbar_ms,
    )


def _show_table(rows: Sequence[Row], hand_over_ms: float) -> None:
    print(
        f"{'frames':14} {'n':>5} {'door ms':>8} {'p95':>7} {'pyzbar ms':>10} {'ratio':>7} judging"
    )
    for row in rows:
        print(
            f"{row.frames:14} {row.count:5} {row.door_ms:8.3f} {row.door_p95_ms:7.3f}"
            f" {row.pyzbar_ms:10.2f} {row.ratio:7.3f} {row.judge_ratio:7.3f}"
        )
    print(f"handing a frame to the decoding process and back: {hand_over_ms:.2f} ms (wall, median)")
    print(f"limit: {LIMIT:.2f} over all frames; 'frame to lamp' is the one that has the verdict")


def _show_jsonl(rows: Sequence[Row], hand_over_ms: float) -> None:
    for row in rows:
        print(json.dumps(asdict(row)))
    print(json.dumps({"hand_over_ms": hand_over_ms, "limit": LIMIT}))


if __name__ == "__main__":
    sys.exit(main())
