"""`gapura-kiosk scan FILE…`: what the door would read in pictures and videos, and how fast."""

import argparse
import base64
import json
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2

from hardware.interfaces import GreyImage
from kiosk.scanning.code import Code, scaled
from kiosk.scanning.errors import ScanningFault
from kiosk.scanning.footage import VIDEO_SUFFIXES, Unreadable, files, frames, picture
from kiosk.scanning.ladder import Ladder
from kiosk.scanning.rungs import DEFAULT_RUNGS, build_rungs
from kiosk.scanning.transforms import fitted

SHOWN_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Found:
    """One code of one file; `frame` counts from 0 in a video and is None in a picture."""

    code: Code
    frame: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What one file gave; `ms` is the time after reading the file."""

    file: Path
    ms: float = 0.0
    found: tuple[Found, ...] = ()
    error: str | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="picture, video, or folder of pictures (its subfolders are left out)",
    )
    parser.add_argument("--jsonl", action="store_true", help="one JSON object a file")
    parser.add_argument(
        "--max-megapixels",
        type=_megapixels,
        metavar="N",
        help="scale larger pictures down first; 0.92 is what a kiosk's camera gives",
    )
    parser.add_argument(
        "--rungs",
        default=",".join(DEFAULT_RUNGS),
        metavar="NAME,…",
        help="decoders to try, in this order (default: %(default)s)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Give 0 when every file could be opened, whether or not it held a code; 1 otherwise."""
    cv2.setNumThreads(1)
    try:
        ladder = Ladder(build_rungs(arguments.rungs.split(",")))
    except ScanningFault as fault:
        sys.stderr.write(f"{fault}; {fault.hint}\n")
        return 1
    show = _show_json if arguments.jsonl else _show_text
    failed = False
    for result in _scan_all(arguments.files, ladder, arguments.max_megapixels):
        failed = failed or result.error is not None
        show(result)
    return int(failed)


def _megapixels(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0.000_001 <= number <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of megapixels, such as 0.92")
    return number


def _scan_all(
    named: Iterable[Path], ladder: Ladder, max_megapixels: float | None
) -> Iterator[Result]:
    # 0.92 stands for 1280x720, which has 0.9216: half of the last digit is let through.
    max_px = None if max_megapixels is None else round((max_megapixels + 0.005) * 1_000_000)
    for path in files(named):
        try:
            if path.suffix.lower() in VIDEO_SUFFIXES:
                yield _scan_video(path, ladder, max_px)
            else:
                yield _scan_picture(path, ladder, max_px)
        except Unreadable as error:
            yield Result(path, error=str(error))


def _scan_picture(path: Path, ladder: Ladder, max_px: int | None) -> Result:
    grey = picture(path)
    started_s = time.perf_counter()
    seen = grey if max_px is None else fitted(grey, max_px)
    codes = _in_own_pixels(ladder.climb(seen).codes, grey, seen)
    ms = (time.perf_counter() - started_s) * 1000
    return Result(path, ms, tuple(Found(code) for code in codes))


def _scan_video(path: Path, ladder: Ladder, max_px: int | None) -> Result:
    """Read frames as the door does, within its budget; a payload counts where it is first read."""
    found: dict[bytes, Found] = {}
    ms = 0.0
    for number, grey in enumerate(frames(path)):
        started_s = time.perf_counter()
        seen = grey if max_px is None else fitted(grey, max_px)
        for code in _in_own_pixels(ladder.look(seen).codes, grey, seen):
            found.setdefault(code.payload, Found(code, number))
        ms += (time.perf_counter() - started_s) * 1000
    return Result(path, ms, tuple(found.values()))


def _in_own_pixels(codes: Iterable[Code], own: GreyImage, seen: GreyImage) -> Iterator[Code]:
    down, across = own.shape[0] / seen.shape[0], own.shape[1] / seen.shape[1]
    for code in codes:
        yield replace(code, corners=scaled(code.corners, across, down))


def _show_json(result: Result) -> None:
    line: dict[str, Any] = {"file": str(result.file), "ms": round(result.ms, 3)}
    line["codes"] = [_as_json(found) for found in result.found]
    if result.error is not None:
        line["error"] = result.error
        _complain(result)
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")


def _as_json(found: Found) -> dict[str, Any]:
    entry = _payload(found.code.payload)
    entry["corners"] = [[round(x, 2), round(y, 2)] for x, y in found.code.corners]
    entry["rung"] = found.code.rung
    if found.frame is not None:
        entry["frame"] = found.frame
    return entry


def _payload(payload: bytes) -> dict[str, Any]:
    try:
        return {"payload": payload.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(payload).decode()}


def _show_text(result: Result) -> None:
    if result.error is not None:
        _complain(result)
        return
    if not result.found:
        sys.stdout.write(f"{result.file}\t{result.ms:.1f} ms\tnothing read\n")
    for found in result.found:
        where = "" if found.frame is None else f"\tframe {found.frame}"
        code = found.code
        x, y = code.corners[0]
        sys.stdout.write(
            f"{result.file}\t{result.ms:.1f} ms\t{code.rung}\tat {x:.0f},{y:.0f}{where}"
            f"\t{printable(code.payload)}\n"
        )


def _complain(result: Result) -> None:
    sys.stderr.write(f"{result.file}: {result.error}\n")


def printable(payload: bytes) -> str:
    """Shorten, and escape what could move a terminal's cursor or pass for another line."""
    text = payload.decode(errors="backslashreplace")
    shown = text[:SHOWN_CHARACTERS] + ("…" if len(text) > SHOWN_CHARACTERS else "")
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in shown)
