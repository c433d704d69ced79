"""Are the simulated phones believable: what each decoder reads of drawn frames and photographs.

    python -m benchmarks.simulation [--seeds N]

The rates of a condition that was photographed shall lie within 10 points of each other.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np

from benchmarks import photographs
from hardware.interfaces import GreyImage
from hardware.simulated.phone import render
from hardware.simulated.photographed import PHOTOGRAPHED
from hardware.simulated.presets import DIFFICULTIES, draw
from kiosk.scanning.code import Code
from kiosk.scanning.ladder import Ladder
from kiosk.scanning.rungs import DEFAULT_RUNGS, build_rungs

DECODERS: Mapping[str, Sequence[str]] = {
    "zbar": ["zbar"],
    "zxing-cpp": ["zxing"],
    "ladder": DEFAULT_RUNGS,
}
WIDTH_PX, HEIGHT_PX = 1280, 720
HELD_STILL_MS = 1_000

# As long as a visitor's pass: version 8 at level M.
VISITOR_PASS = "GPS1:" + "6BF-HD0 9K%A$T*WEZC+./:7" * 9
# The photographs show addresses of 11 to 76 characters; those by brightness and rotation show
# three codes side by side, the easiest of which have 12 and 28.
_PRINTED_CHARACTERS = {
    "nominal": (11, 76),
    "blurred": (11, 76),
    "brightness": (12, 28),
    "rotations": (12, 28),
}

Sight = tuple[GreyImage, frozenset[bytes]]
Rates = dict[str, float]


@dataclass(frozen=True, slots=True)
class Believed:
    """Per cent read of one condition, by decoder."""

    condition: str
    drawn: Rates
    photographed: Rates

    @property
    def apart(self) -> float:
        return max(abs(self.drawn[name] - self.photographed[name]) for name in DECODERS)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=200)
    seeds = parser.parse_args(argv).seeds
    if not photographs.are_here():
        sys.stderr.write(f"no photographs in {photographs.DATA}: set GAPURA_DATA\n")
        return 1
    cv2.setNumThreads(1)
    print("per cent read of drawn frames / of photographs")
    print(f"{'condition':18}" + "".join(f"{name:>16}" for name in DECODERS))
    for condition in PHOTOGRAPHED:
        believed = compare(condition, range(seeds))
        cells = (f"{believed.drawn[n]:8.1f} /{believed.photographed[n]:6.1f}" for n in DECODERS)
        print(f"{believed.condition:18}{''.join(cells)}  {believed.apart:4.1f} apart", flush=True)
    for name in [name for name in DIFFICULTIES if name not in PHOTOGRAPHED]:
        drawn = rates(partial(sights, name, range(seeds // 2)))
        print(f"{name:18}" + "".join(f"{drawn[n]:8.1f}        " for n in DECODERS), flush=True)
    return 0


def compare(condition: str, seeds: Iterable[int]) -> Believed:
    return Believed(
        condition,
        drawn=rates(partial(sights, condition, seeds)),
        photographed=rates(partial(_shots, condition)),
    )


def rates(given: Callable[[], Iterable[Sight]]) -> Rates:
    ladders = {name: Ladder(build_rungs(rungs)) for name, rungs in DECODERS.items()}
    read = dict.fromkeys(DECODERS, 0)
    count = 0
    for grey, accepted in given():
        count += 1
        for name, ladder in ladders.items():
            read[name] += _is_read(ladder.climb(grey).codes, accepted)
    return {name: 100 * read[name] / count for name in DECODERS}


def sights(difficulty: str, seeds: Iterable[int]) -> Iterator[Sight]:
    for seed in seeds:
        payload = payload_for(difficulty, seed)
        drawn = draw(difficulty, seed)
        grey = render(payload, drawn, seed, HELD_STILL_MS, WIDTH_PX, HEIGHT_PX)
        yield grey, frozenset({payload.encode()})


def payload_for(difficulty: str, seed: int) -> str:
    """Give what is shown: a visitor's pass, or an address as long as the photographs' are."""
    if difficulty not in _PRINTED_CHARACTERS:
        return VISITOR_PASS
    least, most = _PRINTED_CHARACTERS[difficulty]
    chance = np.random.default_rng([seed, 9])
    length = int(chance.integers(least, most + 1))
    letters = chance.choice(list("abcdefghijklmnopqrstuvwxyz0123456789/."), most)
    return ("https://" + "".join(letters))[:length]


def _shots(folder: str) -> Iterator[Sight]:
    for shot in photographs.pictures():
        if shot.folder == f"bf-{folder}":
            yield shot.grey, shot.accepted


def _is_read(codes: Iterable[Code], accepted: frozenset[bytes]) -> bool:
    return any(code.payload in accepted for code in codes)


if __name__ == "__main__":
    sys.exit(main())
