"""Sets of 8-byte identifiers that are asked at every scan, held as they came."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

ITEM_BYTES = 8


@dataclass(frozen=True, slots=True)
class CompactSet:
    """`joined` holds the items end to end, sorted: 100,000 take 800 KB, not 9 MB."""

    joined: bytes

    def __post_init__(self) -> None:
        if len(self.joined) % ITEM_BYTES or not _is_sorted(self.joined):
            raise ValueError("identifiers that are cut off or out of order")

    def __contains__(self, item: bytes) -> bool:
        items = _Items(self.joined)
        place = bisect_left(items, item)
        return place < len(items) and items[place] == item

    def __len__(self) -> int:
        return len(self.joined) // ITEM_BYTES


class _Items(Sequence[bytes]):
    __slots__ = ("_joined",)

    def __init__(self, joined: bytes) -> None:
        self._joined = joined

    def __len__(self) -> int:
        return len(self._joined) // ITEM_BYTES

    def __getitem__(self, place: int) -> bytes:  # type: ignore[override]
        return self._joined[place * ITEM_BYTES : (place + 1) * ITEM_BYTES]


def _is_sorted(joined: bytes) -> bool:
    numbers = memoryview(joined).cast("B")
    before = b""
    for start in range(0, len(numbers), ITEM_BYTES):
        item = bytes(numbers[start : start + ITEM_BYTES])
        if item < before:
            return False
        before = item
    return True
