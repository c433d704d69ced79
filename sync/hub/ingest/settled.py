"""Which entries of an epoch are settled: all up to one, and islands beyond it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

Range = tuple[int, int]
"""First and last seq, both within."""


@dataclass(frozen=True, slots=True)
class Settled:
    """`islands` are in order, and neither touch each other nor `acked_through`."""

    acked_through: int
    islands: tuple[Range, ...] = ()

    def with_range(self, first: int, last: int) -> "Settled":
        ranges = sorted([(1, self.acked_through), *self.islands, (first, last)])
        begin, *islands = _joined(ranges)
        if begin[0] > 1 or begin[1] < 1:
            return Settled(0, (begin, *islands))
        return Settled(begin[1], tuple(islands))

    def missing(self, through: int = 0) -> tuple[Range, ...]:
        """Return the ranges that lie before an island, or before and at `through`."""
        gaps: list[Range] = []
        after = self.acked_through
        for first, last in self.islands:
            gaps.append((after + 1, first - 1))
            after = last
        if through > after:
            gaps.append((after + 1, through))
        return tuple(gaps)


def _joined(ranges: Iterable[Range]) -> list[Range]:
    joined: list[Range] = []
    for first, last in ranges:
        if last < first:
            continue
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined
