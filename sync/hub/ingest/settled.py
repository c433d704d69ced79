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

    def with_ranges(self, ranges: Iterable[Range]) -> "Settled":
        settled = self
        for first, last in ranges:
            settled = settled.with_range(first, last)
        return settled

    def all_ranges(self) -> tuple[Range, ...]:
        begin = ((1, self.acked_through),) if self.acked_through else ()
        return (*begin, *self.islands)

    def has(self, seq: int) -> bool:
        return any(first <= seq <= last for first, last in self.all_ranges())

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


def without(ranges: Iterable[Range], hole: Range) -> tuple[Range, ...]:
    """Return what is left of the ranges."""
    begin, end = hole
    left: list[Range] = []
    for first, last in ranges:
        left += [(first, min(last, begin - 1)), (max(first, end + 1, begin), last)]
    return tuple((first, last) for first, last in left if first <= last)


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
