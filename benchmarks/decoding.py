"""How much is read, at what CPU cost: the ladder beside pyzbar alone and zxing-cpp alone.

    python -m benchmarks.decoding [--rungs NAME,…] [--clips N] [--memory FRAMES] [--jsonl]

Every photograph is given to each contender in turn, so that a noisy machine is noisy to all of
them; what counts are the ratios. CPU is the process's own, one thread. What a clip is, and how its
time is counted, is in clips.py.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

import cv2
import numpy as np
from pyzbar import pyzbar

from benchmarks.clips import ClipRow, clip_rows, watch_all
from benchmarks.idle import idle_ratio
from benchmarks.memory import Growth, growth
from benchmarks.photographs import DATA, NOTHING_THERE, are_here, pictures
from hardware.interfaces import GreyImage
from kiosk.scanning.ladder import Ladder
from kiosk.scanning.rungs import DEFAULT_RUNGS, build_rungs

CONTENDERS = ("ladder", "pyzbar", "zxing-cpp")

Read = Callable[[GreyImage], set[bytes]]


@dataclass(frozen=True, slots=True)
class Sample:
    contender: str
    folder: str
    read: bool
    false: bool
    cpu_ms: float


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; the ratios are to pyzbar's mean over the same pictures."""

    folder: str
    contender: str
    pictures: int
    read_percent: float
    false_reads: int
    mean_ms: float
    p95_ms: float
    mean_ratio: float
    p95_ratio: float


@dataclass(frozen=True, slots=True)
class Idle:
    """CPU of a door before which nobody stands, to one pyzbar pass a frame."""

    idle_ratio: float


Shown = Row | Idle | ClipRow | Growth


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    if not are_here():
        sys.stderr.write(f"no photographs in {DATA}: set GAPURA_DATA\n")
        return 1
    cv2.setNumThreads(1)
    for line in _all_lines(arguments):
        print(json.dumps(asdict(line)) if arguments.jsonl else _text(line), flush=True)
    return 0


def _all_lines(arguments: argparse.Namespace) -> Iterator[Shown]:
    yield from _rows(list(_measure(arguments.rungs.split(","))))
    yield Idle(idle_ratio())
    if arguments.clips:
        yield from clip_rows(list(watch_all(range(arguments.clips))))
    if arguments.memory:
        yield growth(arguments.memory)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rungs", default=",".join(DEFAULT_RUNGS))
    parser.add_argument("--clips", type=int, default=2, metavar="N", help="clips a condition")
    parser.add_argument("--memory", type=int, default=0, metavar="FRAMES")
    parser.add_argument("--jsonl", action="store_true")
    return parser


def _measure(rungs: Sequence[str]) -> Iterator[Sample]:
    contenders = list(zip(CONTENDERS, _contenders(rungs), strict=True))
    for number, one in enumerate(pictures()):
        turn = number % len(contenders)
        for name, read in contenders[turn:] + contenders[:turn]:
            started_s = time.process_time()
            payloads = read(one.grey)
            cpu_ms = (time.process_time() - started_s) * 1000
            is_read = not one.accepted.isdisjoint(payloads)
            yield Sample(name, one.folder, is_read, not one.accepted >= payloads, cpu_ms)


def _contenders(rungs: Sequence[str]) -> tuple[Read, Read, Read]:
    ladder, zxing = Ladder(build_rungs(rungs)), Ladder(build_rungs(["zxing"]))
    return (
        lambda grey: {code.payload for code in ladder.climb(grey).codes},
        lambda grey: {code.data for code in pyzbar.decode(grey, [pyzbar.ZBarSymbol.QRCODE])},
        lambda grey: {code.payload for code in zxing.climb(grey).codes},
    )


def _rows(samples: Sequence[Sample]) -> Iterator[Row]:
    folders = sorted({sample.folder for sample in samples} - {NOTHING_THERE})
    for title, chosen in [
        *((folder, {folder}) for folder in folders),
        ("all with a code", set(folders)),
        (NOTHING_THERE, {NOTHING_THERE}),
    ]:
        group = [sample for sample in samples if sample.folder in chosen]
        pyzbar_ms = _cpu_ms(group, "pyzbar").mean()
        for contender in CONTENDERS:
            yield _row(title, contender, group, float(pyzbar_ms))


def _row(title: str, contender: str, group: Sequence[Sample], pyzbar_ms: float) -> Row:
    own = [sample for sample in group if sample.contender == contender]
    cpu_ms = _cpu_ms(group, contender)
    mean_ms, p95_ms = float(cpu_ms.mean()), float(np.quantile(cpu_ms, 0.95))
    return Row(
        folder=title,
        contender=contender,
        pictures=len(own),
        read_percent=100 * sum(sample.read for sample in own) / len(own),
        false_reads=sum(sample.false for sample in own),
        mean_ms=mean_ms,
        p95_ms=p95_ms,
        mean_ratio=mean_ms / pyzbar_ms,
        p95_ratio=p95_ms / pyzbar_ms,
    )


def _cpu_ms(
    group: Iterable[Sample], contender: str
) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return np.array([sample.cpu_ms for sample in group if sample.contender == contender])


def _text(line: Shown) -> str:
    match line:
        case Row():
            return (
                f"{line.folder:18} {line.contender:10} {line.pictures:4} pictures"
                f" {line.read_percent:6.1f} % read {line.false_reads:2} false"
                f" {line.mean_ms:7.2f} ms, p95 {line.p95_ms:7.2f}; to pyzbar's mean"
                f" {line.mean_ratio:6.3f}, p95 {line.p95_ratio:6.3f}"
            )
        case ClipRow():
            return (
                f"{line.difficulty:18} {line.contender:10} {line.clips:4} clips"
                f" {line.read:3} read of {line.readable:3} readable, {line.median_ms:6.0f} ms"
            )
        case Idle():
            return f"idle door, CPU a frame to pyzbar's: {line.idle_ratio:.3f}"
        case Growth():
            grown_kb = (line.end_bytes - line.settled_bytes) // 1000
            return f"memory after {line.frames} frames: {grown_kb:+} KB"


if __name__ == "__main__":
    sys.exit(main())
