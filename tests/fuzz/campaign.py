"""Many bent codes, one after the other; the same seed bends the same way.

    python -m tests.fuzz.campaign [--codes N] [--seed N] [--processes N] [--replay FOLDER]

`--replay` reads the corpus that `tests.fuzz.guided` left behind instead of bending anything.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from kiosk.passes.reading import Presented, Refusal
from tests.fuzz.bending import bend
from tests.fuzz.judging import judge, weigh
from tests.fuzz.targets import Target, issued_passes, targets

# To trace memory slows reading down: one in so many is weighed.
WEIGH_EVERY = 200
VALID = "valid"
_SLICE = 10_000
TARGETS = targets()
ALLOWED = issued_passes(TARGETS)
CONTENTS = [target.content for target in TARGETS]


@dataclass(slots=True)
class Tally:
    """How many codes came to which end; a valid one counts under the name of its format."""

    codes: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    most_bytes: int = 0

    def add(self, other: "Tally") -> None:
        self.codes += other.codes
        self.ends += other.ends
        self.most_bytes = max(self.most_bytes, other.most_bytes)

    def count(self, presented: Presented) -> None:
        self.codes += 1
        if isinstance(presented, Refusal):
            self.ends[presented.reason.name] += 1
        else:
            self.ends[f"{VALID} {presented.format.name}"] += 1


def run(seed: int, first: int, codes: int) -> Tally:
    """Bend and judge the codes from number `first` on.

    Raises:
        Broken: one of them did what none may.
    """
    tally = Tally()
    for number in range(first, first + codes):
        chance = Random(f"{seed}/{number}")
        target = TARGETS[number % len(TARGETS)]
        payload = target.code(bend(target.content, chance, CONTENTS))
        tally.count(judge(payload, None if target.is_signed else ALLOWED))
        if number % WEIGH_EVERY == 0:
            tally.most_bytes = max(tally.most_bytes, weigh(payload))
    return tally


def replay(folder: Path) -> Tally:
    """Judge and weigh what a guided run found worth keeping."""
    tally = Tally()
    for path in sorted(folder.iterdir()):
        data = path.read_bytes()
        target = choose(data)
        payload = target.code(data[1:])
        tally.count(judge(payload, None if target.is_signed else ALLOWED))
        tally.most_bytes = max(tally.most_bytes, weigh(payload))
    return tally


def choose(data: bytes) -> Target:
    """Return the target that the first byte of a file of the corpus names."""
    return TARGETS[data[0] % len(TARGETS)] if data else TARGETS[0]


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    if arguments.replay is not None:
        _show(replay(arguments.replay))
        return 0
    tally = Tally()
    for part in _parts(arguments):
        tally.add(part)
        sys.stderr.write(f"\r{tally.codes} of {arguments.codes} codes")
    sys.stderr.write("\n")
    _show(tally)
    return 0


def _parts(arguments: argparse.Namespace) -> Iterator[Tally]:
    firsts = range(0, arguments.codes, _SLICE)
    sizes = [min(_SLICE, arguments.codes - first) for first in firsts]
    with ProcessPoolExecutor(arguments.processes) as pool:
        yield from pool.map(run, [arguments.seed] * len(sizes), firsts, sizes)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--codes", type=int, default=20_000, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2, metavar="N")
    parser.add_argument("--replay", type=Path, metavar="FOLDER")
    return parser


def _show(tally: Tally) -> None:
    for end, count in tally.ends.most_common():
        sys.stdout.write(f"{end:24} {count:8}\n")
    sys.stdout.write(f"{tally.codes} codes, at most {tally.most_bytes} bytes for one\n")


if __name__ == "__main__":
    sys.exit(main())
