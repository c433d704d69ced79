"""The photographs that are measured against, and what counts as read (their README)."""

import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from hardware.interfaces import GreyImage
from kiosk.scanning.footage import picture

_REPOSITORY = Path(__file__).parents[3]
DATA = Path(os.environ.get("GAPURA_DATA", _REPOSITORY.parent / "shared" / "data")) / "qr"

needs_photographs = pytest.mark.skipif(
    not (DATA / "truth.jsonl").is_file(),
    reason=f"no photographs in {DATA}: set GAPURA_DATA to the folder that holds qr/",
)


@dataclass(frozen=True, slots=True)
class Photograph:
    file: str
    accepted: frozenset[bytes]

    @property
    def has_code(self) -> bool:
        return not self.file.startswith("negative/")

    def grey(self) -> GreyImage:
        return picture(DATA / self.file)


@cache
def photographs() -> tuple[Photograph, ...]:
    lines = (DATA / "truth.jsonl").read_text().splitlines()
    return tuple(
        Photograph(entry["file"], frozenset(map(bytes.fromhex, entry["accepted_hex"])))
        for entry in map(json.loads, lines)
    )
