"""How the trials tell time and let it pass."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stopwatch:
    """`now_s` counts seconds from anywhere and never goes back; `wait` takes seconds."""

    now_s: Callable[[], float] = time.monotonic
    wait: Callable[[float], object] = time.sleep
