"""How long the card takes to keep a visit."""

from collections.abc import Callable

from kiosk.health.finding import Finding
from sync.wire.batch import State

SLOW_MS = 1_000
"""Half of what the journal waits for before the door is out of order (`DEADLINE_S`)."""
_ADVICE = "replace the card; take the old one to the hub, which reads what is left on it"


class CommitCheck:
    """`p95_ms` gives what 19 of 20 commits did not exceed, None where there were too few."""

    def __init__(self, p95_ms: Callable[[], int | None]) -> None:
        self._p95_ms = p95_ms

    def find(self) -> Finding:
        taken_ms = self._p95_ms()
        if taken_ms is None:
            return Finding("commit_ms", State.UNKNOWN, "too little was written to tell")
        said = f"the card keeps 19 of 20 visits within {taken_ms} ms"
        if taken_ms >= SLOW_MS:
            return Finding("commit_ms", State.BAD, said, _ADVICE, taken_ms)
        return Finding("commit_ms", State.OK, said, value=taken_ms)
