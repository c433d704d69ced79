"""Cuts the power of a door between the blocks that its disk is given, and counts what was lost.

Below are ext4 and its journal as Linux has them, and a disk that forgets what no flush covers.

python -m tests.power.blocks --states 200 --seed 7
"""

import argparse
import logging
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.power.block_device import DiskFault, missing
from tests.power.block_log import Cut, CutStream, Flag
from tests.power.block_recording import BlockRecorder
from tests.power.oracle import DOES_NOT_START, Finding, judge
from tests.power.recording import Recorder, Recording
from tests.power.scenes import checkpoint, first_start, night, salvage, visits

Scene = Callable[[Path, Recorder], Recording]
# Other than 1, which says that something was lost.
NOTHING_DONE = 3


def _scene(make: Callable[..., Recording], **words: object) -> Scene:
    return lambda home, recorder: make(home, recorder=recorder, **words)


SCENES: dict[str, Scene] = {
    "visits": _scene(visits),
    "checkpoint": _scene(checkpoint),
    "night": _scene(night),
    "first start": _scene(first_start),
    "salvage": _scene(salvage),
}
CONTROL = _scene(partial(visits, program=("-m", "tests.power.weakened", "OFF")))


@dataclass(frozen=True, slots=True)
class Tally:
    """Of one scene: what its disk was given, and what became of the states that were opened."""

    name: str
    lights: int
    writes: int
    flushes: int
    states: int
    lost: int
    wrong: int
    said: tuple[tuple[str, int], ...]

    def __str__(self) -> str:
        return (
            f"{self.name}: {self.lights} lights, {self.writes} writes, {self.flushes} flushes; "
            f"{self.states} states, {self.lost} lost something, {self.wrong} were wrong otherwise"
        )


def tally(name: str, scene: Scene, place: Path, states: int, seed: int) -> Tally:
    """Record a scene and judge so many distinct states of its disk, or all that can be found."""
    recorder = BlockRecorder(place / "images")
    home = place / "home"
    home.mkdir()
    recording = scene(home, recorder.record)
    writes = recorder.disk.writes
    stream = CutStream(recorder.disk, [light.entries for light in recorder.lights], seed)
    opened = lost = wrong = 0
    said: Counter[str] = Counter()
    while opened < states and (cut := stream.draw()) is not None:
        opened += 1
        if finding := _judge(recording, recorder, cut):
            lost += finding.lost
            wrong += not finding.lost
            where = "" if finding.said.startswith(DOES_NOT_START) else f" ({cut.how.value})"
            said[finding.said + where] += 1
    flushes = sum(Flag.FLUSH in write.flags for write in writes)
    lights, data = len(recorder.lights), sum(bool(write.data) for write in writes)
    return Tally(name, lights, data, flushes, opened, lost, wrong, tuple(said.most_common()))


def _judge(recording: Recording, recorder: BlockRecorder, cut: Cut) -> Finding | None:
    try:
        state = recorder.open(cut)
    except DiskFault as fault:
        return Finding(True, str(fault))
    return judge(recording, state)


def _run(states: int, seed: int) -> int:
    """Return 0 where no door lost anything, and the control did."""
    share = -(-states // len(SCENES))
    memory = Path("/dev/shm")
    failed = False
    with tempfile.TemporaryDirectory(
        prefix="gapura-blocks-", dir=memory if memory.is_dir() else None
    ) as place:
        for name, scene in SCENES.items():
            counted = tally(name, scene, Path(place) / name.replace(" ", "-"), share, seed)
            failed |= bool(counted.lost or counted.wrong)
            _say(str(counted))
            for said, count in counted.said[:5]:
                _say(f"  {count} times: {said}")
        counted = tally("control OFF", CONTROL, Path(place) / "control", share, seed)
        _say(str(counted))
    if not counted.lost:
        _say("The harness did not notice that the control lost entries: it proves nothing.")
    return int(failed or not counted.lost)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--states", type=int, default=500, help="of all scenes together")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    if lacks := missing():
        _say(f"No power was cut: this needs {', '.join(lacks)}.")
        return NOTHING_DONE
    # Mounts and the daemon are to be taken down however this ends.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    logging.disable(logging.CRITICAL)  # what is wrong is counted, and told in the end
    return _run(arguments.states, arguments.seed)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
