"""How long to wait: full jitter, so that a fleet that lost its hub does not return as one."""

import random
from collections.abc import Callable

LEAST_S = 5.0
MOST_S = 15 * 60.0
# After a network has come: its address and its names may take a moment longer.
NEWS_S = 2.0
REFUSED_S = 3600.0


class Pace:
    """Counts failures in a row. `draw(low, high)` gives a random number between the two."""

    def __init__(self, draw: Callable[[float, float], float] = random.uniform) -> None:
        self._draw = draw
        self._failures = 0

    def succeeded(self) -> None:
        self._failures = 0

    def failed(self, asked_s: float | None) -> float:
        """Return the seconds to wait.

        Where the hub asked for a pause, all of it and a random part of as much again, up to 15 min:
        it may have asked three hundred kiosks for the same.
        """
        ceiling_s = min(MOST_S, LEAST_S * 2.0 ** min(self._failures, 10))
        self._failures += 1
        if asked_s is not None:
            return asked_s + self._draw(0.0, min(MOST_S, max(ceiling_s, asked_s)))
        return max(self._draw(0.0, ceiling_s), 0.5)

    def refused(self) -> float:
        """Return the seconds until a hub that did not want this kiosk is asked again."""
        return REFUSED_S + self._draw(0.0, REFUSED_S)

    def found_network(self) -> float:
        """Begin anew: what failed before failed without this network."""
        self._failures = 0
        return self._draw(0.0, NEWS_S)
