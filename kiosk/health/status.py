"""door.json: what the door shows of itself to whoever may read the run directory. No person."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from kiosk.health.finding import Finding


@dataclass(frozen=True, slots=True)
class Status:
    """`counts` has one number a shown outcome, since the process began; `newest_seq` the last
    entry that was committed.
    """

    state: str
    software: str
    signal: str
    caption: str
    label: str
    device: str
    stage: str
    camera: str
    bundle_version: int
    newest_seq: int
    backlog: int
    boot_ms: int
    counts: dict[str, int]


def write_status(path: Path, status: Status, findings: Sequence[Finding]) -> None:
    """Replace the file in one step. It is shown, never believed."""
    health = [
        {"check": f.check, "state": f.state.name.lower(), "said": f.said, "advice": f.advice}
        for f in findings
    ]
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps({**asdict(status), "health": health}, ensure_ascii=False))
    beside.replace(path)
