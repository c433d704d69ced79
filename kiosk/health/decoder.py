"""Whether the process that decodes pictures is well, and what last befell it."""

from collections.abc import Callable

from kiosk.health.finding import Finding
from kiosk.scanning.worker import WorkerHealth
from sync.wire.batch import State

REMEMBERED_MS = 300_000
"""A process that was started again is well at once; that it had to be is told for so long."""

_ADVICE = "nothing, if it stays at this; if it happens again and again, send the log to the makers"


class DecoderCheck:
    def __init__(self, health: Callable[[], WorkerHealth], boot_ms: Callable[[], int]) -> None:
        self._health = health
        self._boot_ms = boot_ms
        self._restarts = 0
        self._restarted_ms: int | None = None

    def find(self) -> Finding:
        health, now_ms = self._health(), self._boot_ms()
        if health.restarts != self._restarts:
            self._restarts, self._restarted_ms = health.restarts, now_ms
        state = self._state(health, now_ms)
        advice = _ADVICE if state is State.BAD else ""
        return Finding("decoder_restarts", state, _said(health), advice, health.restarts)

    def _state(self, health: WorkerHealth, now_ms: int) -> State:
        if not health.ready and health.last_fault is None:
            return State.UNKNOWN
        lately = self._restarted_ms is not None and now_ms - self._restarted_ms < REMEMBERED_MS
        return State.BAD if lately or not health.ready else State.OK


def _said(health: WorkerHealth) -> str:
    now = "the decoding process is ready" if health.ready else "the decoding process is starting"
    if health.last_fault is None:
        return now
    return (
        f"{now}; started again {health.restarts} times, last because it {health.last_fault.value}"
    )
