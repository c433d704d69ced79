"""Cuts the power of recorded doors, as often as is asked for, and counts what was lost.

python -m tests.power.campaign --states 2000 --seed 7
"""

import argparse
import json
import logging
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.power.disk import StateStream
from tests.power.oracle import DOES_NOT_START, judge
from tests.power.recording import Recording
from tests.power.scenes import (
    checkpoint,
    deletion,
    failed_sync,
    first_start,
    night,
    salvage,
    visits,
)

RECORDINGS: dict[str, Callable[[Path], Recording]] = {
    "visits": visits,
    "checkpoint": checkpoint,
    "night": night,
    "first start": first_start,
    "failed sync": failed_sync,
    "salvage": salvage,
    "deletion": deletion,
}


def weakened(synchronous: str, count: int = 8) -> Callable[[Path], Recording]:
    """Return the recording of a door that does not wait for its card: it must lose entries."""
    program = ("-m", "tests.power.weakened", synchronous)
    return lambda home: visits(home, count=count, program=program)


CONTROLS = {"control OFF": weakened("OFF"), "control NORMAL": weakened("NORMAL")}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many states of a recording were opened; in how many something was lost, or wrong."""

    name: str
    lights: int
    states: int
    lost: int
    wrong: int
    said: tuple[tuple[str, int], ...]

    def __str__(self) -> str:
        return (
            f"{self.name}: {self.states} states of a recording with {self.lights} lights; "
            f"{self.lost} lost something, {self.wrong} were wrong otherwise"
        )


def tally(recording: Recording, states: int, seed: int) -> Tally:
    """Judge so many distinct states, or all that can be found where there are fewer."""
    stream = StateStream(recording.disk, seed)
    opened = lost = wrong = 0
    said: Counter[str] = Counter()
    while opened < states and (state := stream.draw()) is not None:
        opened += 1
        finding = judge(recording, state)
        if finding is None:
            continue
        lost += finding.lost
        wrong += not finding.lost
        if finding.said.startswith(DOES_NOT_START):
            said[finding.said] += 1
        else:
            said[f"{finding.said} (line {state.line}, {state.how.value})"] += 1
    lights = len(recording.disk.light_lines)
    return Tally(recording.name, lights, opened, lost, wrong, tuple(said.most_common()))


def _run(states: int, seed: int) -> tuple[list[Tally], list[Tally]]:
    share = -(-states // len(RECORDINGS))
    with tempfile.TemporaryDirectory(prefix="gapura-power-") as place:
        made: dict[bool, list[Tally]] = {False: [], True: []}
        for name, make in {**RECORDINGS, **CONTROLS}.items():
            counted = tally(make(Path(place) / name), share, seed)
            made[name in CONTROLS].append(counted)
            _say(f"{counted}" if name not in CONTROLS else f"{name}, {counted}")
    return made[False], made[True]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--states", type=int, default=2000, help="of all recordings together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="and the result as JSON in the end")
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)  # what is wrong is counted, and told in the end
    real, controls = _run(arguments.states, arguments.seed)
    for counted in real:
        for said, count in counted.said[:5]:
            _say(f"  {counted.name}: {count} times: {said}")
    for counted in controls:
        # No power cut leaves such files where the journal waits, but a failing card may.
        for said, count in counted.said:
            if said.startswith(DOES_NOT_START):
                _say(f"  damaged, and {count} times {said}")
    if arguments.json:
        _say(
            json.dumps(
                {"real": [asdict(t) for t in real], "control": [asdict(t) for t in controls]}
            )
        )
    blind = [counted for counted in controls if not counted.lost]
    if blind:
        _say("The harness did not notice that a control lost entries: it proves nothing.")
    return bool(blind or any(counted.lost or counted.wrong for counted in real))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
