"""One request at a time, and after each a rest as long as it took: scanning comes first."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# An honest courier has the way to the hub between two requests.
_LEAST_REST_S = 0.01
_MOST_REST_S = 1.0
# More in a minute than a hub could answer.
_FLOOD_PER_MINUTE = 3_000
_MINUTE_S = 60.0


class Turns:
    """`rest(seconds)` waits; `flooded` is told once a minute in which too much was asked."""

    def __init__(
        self,
        rest: Callable[[float], object],
        flooded: Callable[[], object],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rest = rest
        self._flooded = flooded
        self._clock = clock
        self._one = threading.Lock()
        self._free_s = 0.0
        self._minute_s = clock()
        self._asked = 0

    @contextmanager
    def turn(self) -> Iterator[None]:
        with self._one:
            if (wait_s := self._free_s - self._clock()) > 0:
                self._rest(wait_s)
            began_s = self._clock()
            self._count(began_s)
            try:
                yield
            finally:
                ended_s = self._clock()
                rest_s = min(max(ended_s - began_s, _LEAST_REST_S), _MOST_REST_S)
                self._free_s = ended_s + rest_s

    def _count(self, now_s: float) -> None:
        if now_s - self._minute_s >= _MINUTE_S:
            self._minute_s, self._asked = now_s, 0
        self._asked += 1
        if self._asked == _FLOOD_PER_MINUTE:
            self._flooded()
