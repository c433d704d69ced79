"""How long to wait: full jitter, so that a fleet that lost its hub does not return as one."""

import random
from collections.abc import Callable

LEAST_S = 5.0
MOST_S = 15 * 60.0


class Pace:
    """Counts failures in a row. `draw(low, high)` gives a random number between the two."""

    def __init__(self, draw: Callable[[float, float], float] = random.uniform) -> None:
        self._draw = draw
        self._failures = 0

    def succeeded(self) -> None:
        self._failures = 0

    def failed(self, asked_s: float | None) -> float:
        """Return the seconds to wait; never less than the hub asked for."""
        ceiling_s = min(MOST_S, LEAST_S * 2.0 ** min(self._failures, 10))
        self._failures += 1
        return max(self._draw(0.0, ceiling_s), asked_s or 0.0, 0.5)
