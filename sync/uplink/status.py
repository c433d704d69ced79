"""sync.json: how the courier fares, for people. It is shown, never believed."""

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Status:
    """`since_s` and `last_success_s` are Unix time by this machine's clock, which may be wrong.

    `since_boot_s` and `last_success_boot_s` are seconds of CLOCK_BOOTTIME, by which a difference is
    right. `advice` is what to do, empty where there is nothing. `round_trip_ms` is how long the
    hub's last answer took, from the first byte up to the last one down.
    """

    state: str
    said: str
    advice: str
    since_s: int
    since_boot_s: int
    last_success_s: int | None
    last_success_boot_s: int | None
    round_trip_ms: int | None = None


def boot_s() -> int:
    return int(time.clock_gettime(time.CLOCK_BOOTTIME))


def write(path: Path, status: Status) -> None:
    """Replace the file in one step. Raises OSError."""
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(asdict(status)))
    beside.replace(path)


def read(path: Path) -> Status | None:
    """Return what the file says; None where it is missing or of another form."""
    try:
        content = json.loads(path.read_text())
        status = Status(**content)
        for number in (status.since_boot_s, status.last_success_boot_s or 0):
            int(number)
    except (OSError, ValueError, TypeError):
        return None
    return status


def in_words(status: Status, now_boot_s: int) -> list[str]:
    lines = [f"{status.state}: {status.said}, for {_span(now_boot_s - status.since_boot_s)}"]
    if status.last_success_boot_s is None:
        lines.append("not once in touch with the hub since the courier began")
    else:
        last = _span(now_boot_s - status.last_success_boot_s)
        lines.append(f"last in touch with the hub {last} ago")
    return [*lines, f"-> {status.advice}"] if status.advice else lines


def _span(seconds: int) -> str:
    for size, unit in ((86_400, "days"), (3600, "hours"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{max(seconds, 0)} s"
