"""What the courier says of a stick, as a signal, for as long as it goes on saying so."""

import threading
from collections.abc import Callable

from kiosk.signalling.cue import Signal
from sync.wire.link import StickState

# The courier says it anew every 5 s; one that is silent for so long has gone, and the stick may.
SILENT_MS = 20_000
# Long enough to be seen by who has put the stick in; then the door says again what it waits for.
SHOWN_MS = 30_000
_SIGNALS = {
    StickState.BUSY: Signal.STICK_BUSY,
    StickState.DONE: Signal.STICK_DONE,
    StickState.FULL: Signal.STICK_FULL,
    StickState.READ_ONLY: Signal.STICK_READ_ONLY,
    StickState.FAULTY: Signal.STICK_FAULT,
}


class StickNotice:
    """Told from the courier's threads, asked by the door's. Believed in nothing but what to show.

    A stick that lies in for weeks is busy now and then: how that ended is shown each time.
    """

    def __init__(self, boot_ms: Callable[[], int]) -> None:
        self._boot_ms = boot_ms
        self._telling = threading.Lock()
        self._state = StickState.ABSENT
        self._since_ms = self._told_ms = 0

    def tell(self, state: StickState) -> None:
        with self._telling:
            now_ms = self._boot_ms()
            if state is not self._state:
                self._state, self._since_ms = state, now_ms
            self._told_ms = now_ms

    def signal(self) -> Signal | None:
        """Return what is to be shown of the stick now, None where there is nothing."""
        with self._telling:
            now_ms = self._boot_ms()
            if now_ms - self._told_ms > SILENT_MS:
                self._state = StickState.ABSENT
            is_old = now_ms - self._since_ms > SHOWN_MS
            if self._state is not StickState.BUSY and is_old:
                return None
            return _SIGNALS.get(self._state)
