"""The way to the hub and back: the sealed batch and the signed answer, as the courier carries them.

The door is stopped while the bench tries its parts, so this is the last round trip before: what
the courier shows of it, on the clock that counts from the machine's start.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from provisioning.acceptance.result import Figure, Outcome, Result
from provisioning.firstboot.small_file import read_small
from provisioning.language import mark as _

# The hub calls a kiosk late from there on; a door with nothing new sends every two minutes.
LATEST_S = 15 * 60
# What is published once the hub has let the kiosk in.
_REFERENCE = "reference.db"
_MOST_BYTES = 8192

_NOT_YET = _("enrol the kiosk, wait for the green heartbeat, and test again at the door")
_NO_COURIER = _("start it: sudo systemctl start gapura-sync")
_AWAY = _("start the door, wait for the green heartbeat and two minutes more, stop it, test again")


@dataclass(frozen=True, slots=True)
class Traces:
    """Where courier and door leave theirs; `is_expected` is False of a site without internet."""

    state_dir: Path
    courier: Path
    is_expected: bool = True
    boot_s: Callable[[], float] = lambda: time.clock_gettime(time.CLOCK_BOOTTIME)


def try_hub(traces: Traces) -> Result:
    told = _object(traces.courier)
    last_s = told.get("last_success_boot_s")
    if type(last_s) is int and traces.boot_s() - last_s <= LATEST_S:
        return _in_touch(round(traces.boot_s() - last_s), told.get("round_trip_ms"))
    if not traces.is_expected:
        said = "not in touch with the hub; the site has no internet, a stick carries the visits"
        return Result("hub", Outcome.SKIPPED, said)
    if not (traces.state_dir / _REFERENCE).exists():
        return Result("hub", Outcome.SKIPPED, "the kiosk belongs to no hub yet", _NOT_YET)
    if not told:
        return Result("hub", Outcome.BAD, "the courier does not run", _NO_COURIER)
    said = f"no answer of the hub's for {LATEST_S // 60} min; the courier says: {told.get('state')}"
    return Result("hub", Outcome.BAD, said, _AWAY)


def _in_touch(ago_s: int, round_trip_ms: object) -> Result:
    figures = [Figure("answered_ago_s", max(ago_s, 0))]
    said = f"the hub answered {max(ago_s, 0)} s ago"
    if type(round_trip_ms) is int:
        figures.insert(0, Figure("round_trip_ms", round_trip_ms))
        said += f", after {round_trip_ms} ms"
    return Result("hub", Outcome.OK, said, figures=tuple(figures))


def _object(path: Path) -> Mapping[str, object]:
    """Return what the courier shows of itself; nothing where it does not run."""
    try:
        content = json.loads(read_small(path.resolve(), _MOST_BYTES) or b"{}")
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
