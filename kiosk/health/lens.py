"""One check for each thing that can be wrong with what the camera sees."""

from collections.abc import Callable

from kiosk.health.finding import Finding
from kiosk.health.sight import Sight
from kiosk.health.view import ADVICE, FAULTS, SAID, View
from sync.wire.batch import State

STALE_MS = 5_000


class LensCheck:
    def __init__(self, fault: View, sight: Sight, boot_ms: Callable[[], int]) -> None:
        self._fault = fault
        self._sight = sight
        self._boot_ms = boot_ms

    def find(self) -> Finding:
        name = f"lens_{self._fault.value}"
        looked_ms = self._sight.looked_boot_ms
        if looked_ms is None or self._boot_ms() - looked_ms > STALE_MS or self._sight.view is None:
            return Finding(name, State.UNKNOWN, "there is no picture to judge")
        if self._sight.view is self._fault:
            return Finding(name, State.BAD, SAID[self._fault], ADVICE[self._fault])
        return Finding(name, State.OK, SAID[self._sight.view])


def lens_checks(sight: Sight, boot_ms: Callable[[], int]) -> tuple[LensCheck, ...]:
    return tuple(LensCheck(fault, sight, boot_ms) for fault in FAULTS)
