"""Spans of time (Unix milliseconds, begin before end), and what several have in common. Pure.

A tuple of spans is sorted, and no two of it touch.
"""

from collections.abc import Iterable, Sequence

Span = tuple[int, int]
Spans = tuple[Span, ...]


def united(spans: Iterable[Span]) -> Spans:
    """Return what lies in any of them; what has no length is nothing."""
    found: list[Span] = []
    for begin, end in sorted(spans):
        if end <= begin:
            continue
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return tuple(found)


def common(one: Sequence[Span], other: Sequence[Span]) -> Spans:
    """Return what lies in both."""
    found: list[Span] = []
    here = there = 0
    while here < len(one) and there < len(other):
        begin = max(one[here][0], other[there][0])
        end = min(one[here][1], other[there][1])
        if begin < end:
            found.append((begin, end))
        if one[here][1] < other[there][1]:
            here += 1
        else:
            there += 1
    return tuple(found)


def length_ms(spans: Iterable[Span]) -> int:
    return sum(end - begin for begin, end in spans)
