"""How long commits take: a card that becomes slow is about to fail."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_KEPT = 200
# Of fewer the slowest twentieth says nothing.
LEAST = 20
_SHARE = 0.95


class CommitTimes:
    """Noted on the journal's thread, asked on any."""

    def __init__(self, seconds: Callable[[], float] = time.perf_counter) -> None:
        self._seconds = seconds
        self._noting = threading.Lock()
        self._taken_ms: deque[int] = deque(maxlen=_KEPT)

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Note how long the body takes, where it does not fail."""
        begun_s = self._seconds()
        yield
        with self._noting:
            self._taken_ms.append(round((self._seconds() - begun_s) * 1000))

    def p95_ms(self) -> int | None:
        """Return what 19 of 20 of the last 200 did not exceed; None where there were too few."""
        with self._noting:
            taken_ms = sorted(self._taken_ms)
        if len(taken_ms) < LEAST:
            return None
        return taken_ms[int(_SHARE * (len(taken_ms) - 1))]
