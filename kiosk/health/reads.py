"""How many codes were read lately: a door that people pass and that reads nothing stands badly."""

from collections import deque
from collections.abc import Callable

from kiosk.health.finding import Finding
from sync.wire.batch import State

_HOUR_MS = 3_600_000
_MINUTE_MS = 60_000


class ReadsCheck:
    """`total` counts since the process began. No number is bad: it depends on the door."""

    def __init__(self, total: Callable[[], int], boot_ms: Callable[[], int]) -> None:
        self._total = total
        self._boot_ms = boot_ms
        self._marks: deque[tuple[int, int]] = deque([(boot_ms(), 0)])

    def find(self) -> Finding:
        now_ms, total = self._boot_ms(), self._total()
        if now_ms - self._marks[-1][0] >= _MINUTE_MS:
            self._marks.append((now_ms, total))
        while len(self._marks) > 1 and now_ms - self._marks[1][0] >= _HOUR_MS:
            self._marks.popleft()
        since_ms, before = self._marks[0]
        minutes = min(-(-(now_ms - since_ms) // _MINUTE_MS), 60)
        read = total - before
        said = f"{read} codes read in the last {minutes} min"
        return Finding("reads_per_hour", State.OK, said, value=read)
