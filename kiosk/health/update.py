"""Which release runs, and whether a newer one was refused or taken back: the updater's word."""

from collections.abc import Mapping
from pathlib import Path

from kiosk.handover import read_object
from kiosk.health.finding import Finding
from sync.wire.batch import State
from sync.wire.errors import Malformed
from sync.wire.update import rank_of

REPORT = Path("/run/gapura-release/report.json")
_FAILED = "see the kiosk's log, and publish a version after it; this one is not tried again"
_REFUSED = "bring an update that is for this kiosk; `gapura-provision apply-update` says why"


class UpdateCheck:
    """`value` is a version as a number, 1.2.3 as 1002003: the one that runs, or the one that was
    refused or taken back.
    """

    def __init__(self, report: Path = REPORT) -> None:
        self._report = report

    def find(self) -> Finding:
        told = read_object(self._report)
        running = told.get("running")
        if not running:
            return Finding("update_version", State.UNKNOWN, "nothing is updated here")
        if failed := told.get("failed"):
            said = f"version {failed} was taken back, {running} runs"
            return _bad(said, _FAILED, _number(told, "failed"))
        if trouble := told.get("trouble"):
            said = f"an update was refused ({trouble}), {running} runs"
            return _bad(said, _REFUSED, _number(told, "refused"))
        number = _number(told, "running")
        return Finding("update_version", State.OK, f"version {running} runs", value=number)


def _bad(said: str, advice: str, number: int | None) -> Finding:
    return Finding("update_version", State.BAD, said, advice, number)


def _number(told: Mapping[str, object], name: str) -> int | None:
    try:
        return rank_of(str(told.get(name, "")))
    except Malformed:
        return None
