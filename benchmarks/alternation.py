"""Two ways to do one thing, timed in turn, so that a noisy machine is noisy to both."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

Work = Callable[[], object]
_NS_A_US = 1000


@dataclass(frozen=True, slots=True)
class Comparison:
    """CPU a call; the ratio is the median over the rounds, not that of the two medians.

    `quiet_ratio` is that of the two quickest hundredths: programs beside it empty the caches, which
    costs the way with more code in it more.
    """

    own_us: float
    bare_us: float
    ratio: float
    quiet_ratio: float


def compare(own: Work, bare: Work, *, rounds: int, calls: int = 5) -> Comparison:
    """Give each its turn, `calls` in a row: to read the CPU clock costs as much as a look-up."""
    pairs = [(_cpu_us(own, calls), _cpu_us(bare, calls)) for _ in range(rounds + 1)]
    # The first round fills caches.
    del pairs[0]
    return Comparison(
        own_us=median(own_us for own_us, _ in pairs),
        bare_us=median(bare_us for _, bare_us in pairs),
        ratio=median(own_us / bare_us for own_us, bare_us in pairs),
        quiet_ratio=_quick([own_us for own_us, _ in pairs])
        / _quick([bare_us for _, bare_us in pairs]),
    )


def _quick(times_us: list[float]) -> float:
    return sorted(times_us)[len(times_us) // 100]


def _cpu_us(work: Work, calls: int) -> float:
    started_ns = time.process_time_ns()
    for _ in range(calls):
        work()
    return (time.process_time_ns() - started_ns) / calls / _NS_A_US
