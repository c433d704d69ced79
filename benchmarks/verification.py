"""What it costs to judge a code, beside the bare checks of the signatures in it.

    python -m benchmarks.verification [--rounds N] [--jsonl]

Both are called in turn in one run, and the ratio is the median over all rounds. The bare checks
have the issuer's key loaded and their bytes at hand; the door has the text of a code. Then the same
with 100,000 revocations and a roster of 100,000: what the look-ups add in time, and hold in memory.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial

from benchmarks.alternation import Comparison, compare
from benchmarks.published import KNOWN, MOST_BYTES, SIZE, held_bytes, publish
from benchmarks.specimens import specimens
from kiosk.passes.reading import Refusal
from kiosk.passes.recognition import read_pass
from kiosk.reference.reference import Reference
from tests.kiosk.hub import Hub

_LOOK_UP_GOAL = 1.05
# The slow hash takes three hundred times as long as a signature check; its own time varies by a
# tenth, and the median of fewer rounds would show that.
_ROSTER_SHARE = 20


@dataclass(frozen=True, slots=True)
class Row:
    """CPU microseconds a code. `goal` is the highest ratio that is aimed at; `quiet_ratio` is that
    of the rounds that nothing disturbed.
    """

    what: str
    own_us: float
    bare_us: float
    ratio: float
    quiet_ratio: float
    goal: float
    met: bool


@dataclass(frozen=True, slots=True)
class Memory:
    """What a reference holds beyond an empty one's."""

    what: str
    held_bytes: int
    goal_bytes: int
    met: bool


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    for line in _lines(arguments.rounds):
        print(json.dumps(asdict(line)) if arguments.jsonl else _text(line), flush=True)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=1000, metavar="N")
    parser.add_argument("--jsonl", action="store_true")
    return parser


def _lines(rounds: int) -> Iterator[Row | Memory]:
    for one in specimens():
        if isinstance(read_pass(one.payload, one.trust), Refusal):
            raise SystemExit(f"{one.name}: the specimen is no valid pass")
        found = compare(partial(read_pass, one.payload, one.trust), one.bare, rounds=rounds)
        yield _row(one.name, found, one.goal)
    hub = Hub()
    read_full, read_empty = publish(hub, SIZE), publish(hub, 1)
    yield from _look_ups(hub, read_full(), read_empty(), rounds)
    held = held_bytes(read_full) - held_bytes(read_empty)
    yield Memory(f"{SIZE} revoked, {SIZE} on the roster", held, MOST_BYTES, held <= MOST_BYTES)


def _look_ups(hub: Hub, full: Reference, empty: Reference, rounds: int) -> Iterator[Row]:
    """Judge a pass and ask whether it is revoked, beside judging it; find a number among many,
    beside finding it where it is the only one.
    """
    payload = hub.issue().encode()
    found = compare(
        lambda: full.is_revoked(read_pass(payload, full.trust)),
        lambda: read_pass(payload, full.trust),
        rounds=rounds,
    )
    yield _row(f"GPS1 among {SIZE} revoked", found, _LOOK_UP_GOAL)
    found = compare(
        partial(read_pass, KNOWN.encode(), full.trust),
        partial(read_pass, KNOWN.encode(), empty.trust),
        rounds=max(1, rounds // _ROSTER_SHARE),
        calls=1,
    )
    yield _row(f"roster of {SIZE}", found, _LOOK_UP_GOAL)


def _row(what: str, found: Comparison, goal: float) -> Row:
    met = found.ratio <= goal
    return Row(what, found.own_us, found.bare_us, found.ratio, found.quiet_ratio, goal, met)


def _text(line: Row | Memory) -> str:
    verdict = "met" if line.met else "MISSED"
    if isinstance(line, Memory):
        held_mb, goal_mb = line.held_bytes / 1e6, line.goal_bytes / 1e6
        return f"{line.what}: {held_mb:.2f} MB held, goal {goal_mb:.0f} MB: {verdict}"
    return (
        f"{line.what:24} {line.own_us:9.1f} us, bare {line.bare_us:9.1f} us,"
        f" ratio {line.ratio:5.3f} (quiet {line.quiet_ratio:5.3f}),"
        f" goal {line.goal:4.2f}: {verdict}"
    )


if __name__ == "__main__":
    sys.exit(main())
