"""How long the card takes to make a small write durable, and how much room is left on it."""

import os
import shutil
import statistics
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from provisioning.acceptance.result import Figure, Outcome, Result
from provisioning.acceptance.stopwatch import Stopwatch
from provisioning.language import mark as _

WRITES = 50
# A page of SQLite's, which is what a commit writes at least.
_WRITE_BYTES = 4096
# Of the half second in which a visitor is answered, decoding needs the larger part.
_MOST_MEDIAN_MS = 100.0
# Below this the door itself reports the card as full.
LEAST_FREE_PER_CENT = 5
_REPLACE = _("use a better card (A2 or 'high endurance'), and test again")
_OWNER = _("run as the user gapura-kiosk, after it has started once; or set [kiosk] state_dir")


def try_storage(
    state_dir: Path,
    deadline_s: float,
    stopwatch: Stopwatch,
    *,
    fsync: Callable[[int], None] = os.fsync,
) -> Result:
    """Write where the journal is. What is written is deleted again, also where a write fails."""
    # The directory is not made here: the door could not write to one that belongs to root.
    if not state_dir.is_dir():
        return Result("storage", Outcome.BAD, f"there is no directory {state_dir}", _OWNER)
    try:
        taken_ms = _write(state_dir, stopwatch, fsync)
        free_percent, free_mb = _free(state_dir)
    except PermissionError as error:
        return Result("storage", Outcome.BAD, f"{state_dir}: {error.strerror}", _OWNER)
    except OSError as error:
        return Result("storage", Outcome.BAD, f"{state_dir}: {error.strerror}", _REPLACE)
    return _judge(taken_ms, free_percent, free_mb, deadline_s * 1000)


def _judge(
    taken_ms: Sequence[float], free_percent: int, free_mb: int, deadline_ms: float
) -> Result:
    median_ms, longest_ms = statistics.median(taken_ms), max(taken_ms)
    figures = (
        Figure("write_median_ms", round(median_ms, 1)),
        Figure("write_max_ms", round(longest_ms, 1)),
        Figure("free_percent", free_percent),
        Figure("free_mb", free_mb),
    )
    said = (
        f"{len(taken_ms)} writes of 4 KiB took {median_ms:.1f} ms in the median and "
        f"{longest_ms:.1f} ms at most; {free_percent} % ({free_mb} MB) is free"
    )
    advice = ""
    if median_ms > _MOST_MEDIAN_MS or longest_ms >= deadline_ms:
        advice = _REPLACE
    elif free_percent < LEAST_FREE_PER_CENT:
        advice = _("use a larger card, or delete what is not the kiosk's")
    return Result("storage", Outcome.BAD if advice else Outcome.OK, said, advice, figures)


def _write(state_dir: Path, stopwatch: Stopwatch, fsync: Callable[[int], None]) -> list[float]:
    taken_ms = []
    with tempfile.NamedTemporaryFile(dir=state_dir, prefix=".acceptance-", buffering=0) as file:
        for _number in range(WRITES):
            began_s = stopwatch.now_s()
            file.write(os.urandom(_WRITE_BYTES))
            fsync(file.fileno())
            taken_ms.append((stopwatch.now_s() - began_s) * 1000)
    return taken_ms


def _free(state_dir: Path) -> tuple[int, int]:
    usage = shutil.disk_usage(state_dir)
    return usage.free * 100 // usage.total, usage.free // 1_000_000
