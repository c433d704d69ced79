"""The photographs that are measured on, from $GAPURA_DATA/qr (default: shared/data beside us)."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hardware.interfaces import GreyImage
from kiosk.scanning.footage import picture

_BESIDE = Path(__file__).parents[2] / "shared" / "data"
DATA = Path(os.environ.get("GAPURA_DATA", _BESIDE)) / "qr"
NOTHING_THERE = "negative"


@dataclass(frozen=True, slots=True)
class Picture:
    folder: str
    grey: GreyImage
    accepted: frozenset[bytes]


def are_here() -> bool:
    return (DATA / "truth.jsonl").is_file()


def pictures() -> Iterator[Picture]:
    for line in (DATA / "truth.jsonl").read_text().splitlines():
        truth = json.loads(line)
        accepted = frozenset(map(bytes.fromhex, truth["accepted_hex"]))
        folder = truth["file"].partition("/")[0]
        yield Picture(folder, picture(DATA / truth["file"]), accepted)
