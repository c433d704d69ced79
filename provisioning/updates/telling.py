"""What the updater shows: to the door, which tells the hub, to the courier, and to people."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from provisioning.firstboot.small_file import read_small, write_whole
from provisioning.updates.memory import Memory

NAME = "report.json"
_MOST_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True)
class Report:
    """`running` is the version in force, or on trial. `unwanted` are versions that need not be
    brought (again). `failed` is the newest version that was taken back and has no better one after
    it; `trouble` why an update was refused since the machine began, and `refused` which.
    """

    running: str
    trying: str = ""
    waiting: str = ""
    failed: str = ""
    unwanted: tuple[str, ...] = ()
    trouble: str = ""
    refused: str = ""


def write_report(run_dir: Path, report: Report) -> None:
    """Raises OSError."""
    write_whole(run_dir / NAME, json.dumps(asdict(report)).encode(), mode=0o644)


def running_version(run_dir: Path) -> str:
    """Return which version runs; empty where nobody says."""
    try:
        content = json.loads(read_small(run_dir / NAME, _MOST_BYTES) or b"{}")
        return str(content.get("running", ""))
    except (OSError, ValueError, AttributeError, RecursionError):
        return ""


def unwanted(memory: Memory) -> tuple[str, ...]:
    refused = {version for version in memory.failures if memory.has_refused(version)}
    return tuple(sorted(refused | ({memory.waiting} - {""})))
