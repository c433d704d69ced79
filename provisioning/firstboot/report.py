"""What the setup helper did last, for the door's light and for kiosk-status.txt; no secret."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from provisioning.firstboot.small_file import read_small, write_whole
from provisioning.firstboot.trouble import SetupFault

NAME = "report.json"
_MOST_BYTES = 8192
_MOST_DETAILS = 20


@dataclass(frozen=True, slots=True)
class Report:
    """`outcome` is "done" or "failed"; `source` where the card or the settings came from; `step`
    and `trouble` are as in `trouble`, empty where nothing failed.
    """

    outcome: str
    source: str = ""
    step: str = ""
    trouble: str = ""
    details: Sequence[str] = ()


def failed(source: str, fault: SetupFault) -> Report:
    details = tuple(line[:200] for line in fault.details[:_MOST_DETAILS])
    return Report("failed", source, fault.step.value, fault.trouble.value, details)


def write_report(run_dir: Path, report: Report) -> None:
    write_whole(run_dir / NAME, json.dumps(asdict(report)).encode(), mode=0o644)


def read_report(run_dir: Path) -> Report | None:
    """Return what was written last; None where nothing was."""
    try:
        content = json.loads(read_small(run_dir / NAME, _MOST_BYTES) or b"")
        return Report(**{**content, "details": tuple(content["details"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
