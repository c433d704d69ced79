"""How long one request may take: a grace, and more for every byte that moves."""

import time
from collections.abc import Callable

GRACE_S = 60.0
# Below this a line is no line; 2G at the edge of its reach gives several times as much.
LEAST_BYTES_PER_S = 1024
MOST_S = 30 * 60.0
# Nothing at all for so long is the end of the connection.
SILENCE_S = 60.0


class Deadline:
    """One for all requests of a carrier, begun anew with each.

    `moved` counts what went either way: a slow line gets its time, who drips a byte a second does
    not. `alive` hears of every movement.
    """

    def __init__(
        self,
        *,
        alive: Callable[[], object] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
        grace_s: float = GRACE_S,
    ) -> None:
        self._alive = alive
        self._clock = clock
        self._grace_s = grace_s
        self._began_s = clock()
        self._bytes = 0

    def begin(self) -> None:
        self._began_s = self._clock()
        self._bytes = 0

    def patience_s(self) -> float:
        """Return how long the next movement may take.

        Raises:
            TimeoutError: the request has taken too long.
        """
        allowed_s = min(self._grace_s + self._bytes / LEAST_BYTES_PER_S, MOST_S)
        left_s = self._began_s + allowed_s - self._clock()
        if left_s <= 0:
            raise TimeoutError("the request takes too long")
        return min(left_s, SILENCE_S)

    def moved(self, count: int) -> None:
        self._bytes += count
        if count:
            self._alive()
