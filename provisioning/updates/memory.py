"""What the updater remembers: one small file, and every change of mind is one rename of it."""

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from provisioning.firstboot.small_file import read_small, write_whole
from sync.wire.errors import Malformed
from sync.wire.update import rank_of

logger = logging.getLogger(__name__)

NAME = "memory.json"
MOST_TRIES = 3
"""After so many trials that did not end in green a version is not tried again."""
MOST_BOOTS = 3
"""So many starts of the machine may one trial take: its power may be cut, or it may hang it."""
_MOST_BYTES = 64 * 1024
_MOST_FAILURES = 200


@dataclass(frozen=True, slots=True)
class Trial:
    """`boots` counts the starts of the machine that it has seen, the one it began in as well;
    `was_green` and `was_in_touch` are how door and courier were before it.
    """

    version: str
    boots: int
    was_green: bool
    was_in_touch: bool


@dataclass(frozen=True, slots=True)
class Memory:
    """Versions; empty is the one that is built in, and for `waiting` none.

    `current` has proved itself, as had `previous` before it. `waiting` is installed and has its
    trial before it. `failures` counts trials that did not end in green, by version.
    """

    current: str = ""
    previous: str = ""
    waiting: str = ""
    trial: Trial | None = None
    failures: Mapping[str, int] = field(default_factory=dict)

    def has_refused(self, version: str) -> bool:
        return self.failures.get(version, 0) >= MOST_TRIES

    def named(self) -> frozenset[str]:
        """Return the versions whose folders are still wanted."""
        tried = self.trial.version if self.trial else ""
        return frozenset({self.current, self.previous, self.waiting, tried}) - {""}


def confirmed(memory: Memory, version: str, before: str) -> Memory:
    """`before` is what ran until the trial."""
    return replace(memory, current=version, previous=before, waiting="", trial=None)


def taken_back(memory: Memory, trial: Trial, *, is_proof: bool) -> Memory:
    """Count a trial that did not end in green; `is_proof` says that the version is to blame.

    Where something else may be, it waits for the next time.
    """
    tries = MOST_TRIES if is_proof else memory.failures.get(trial.version, 0) + 1
    failures = {**memory.failures, trial.version: tries}
    newest = sorted(failures, key=rank_of)[-_MOST_FAILURES:]
    return replace(
        memory,
        trial=None,
        waiting="" if tries >= MOST_TRIES else trial.version,
        failures={version: failures[version] for version in newest},
    )


def read_memory(folder: Path) -> Memory:
    """Return what was remembered last; a file that is damaged counts as none: what is built in is
    sure to run.

    Raises:
        OSError: it cannot be read.
    """
    content = read_small(folder / NAME, _MOST_BYTES)
    if content is None:
        return Memory()
    try:
        return _memory(json.loads(content))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, Malformed):
        logger.error("what was remembered of updates is damaged; the image's own release runs")
        return Memory()


def write_memory(folder: Path, memory: Memory) -> None:
    """Raises OSError: it cannot be written, and what was remembered before still counts."""
    write_whole(folder / NAME, json.dumps(asdict(memory)).encode())


def _memory(content: Mapping[str, object]) -> Memory:
    trial, failures = content["trial"], content["failures"]
    if not isinstance(failures, dict) or not all(type(n) is int for n in failures.values()):
        raise TypeError("failures")
    for version in failures:
        rank_of(version)
    return Memory(
        current=_version(content["current"]),
        previous=_version(content["previous"]),
        waiting=_version(content["waiting"]),
        trial=None if trial is None else _trial(trial),
        failures=failures,
    )


def _trial(content: object) -> Trial:
    if not isinstance(content, dict) or type(content["boots"]) is not int:
        raise TypeError("trial")
    version = _version(content["version"])
    rank_of(version)
    return Trial(
        version, content["boots"], content["was_green"] is True, content["was_in_touch"] is True
    )


def _version(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("version")
    if value:
        rank_of(value)
    return value
