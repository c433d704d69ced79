"""Who was at the same door at the same time as somebody, where one of both was refused. Pure.

Whoever was refused was at the door and not inside: these are no contacts of `contacts`, and are
listed apart.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

NEAR_MS = 5 * 60_000
Who = TypeVar("Who", bound=Hashable)


@dataclass(frozen=True, slots=True)
class AtDoor:
    """Somebody showed a code at a door, at a time from `lower_ms` to `upper_ms`."""

    door: int
    lower_ms: int
    upper_ms: int
    was_refused: bool


@dataclass(frozen=True, slots=True)
class Encounter(Generic[Who]):
    """`apart_ms` is the least and the most time that can have lain between both."""

    who: Who
    door: int
    apart_ms: tuple[int, int]
    at_ms: tuple[int, int]

    @property
    def is_certain(self) -> bool:
        return self.apart_ms[1] <= NEAR_MS


def encounters(
    somebody: Sequence[AtDoor], others: Iterable[tuple[Who, AtDoor]]
) -> list[Encounter[Who]]:
    """Return whoever may have been there within NEAR_MS, the certain and the nearest first."""
    by_door: dict[int, list[AtDoor]] = {}
    for own in somebody:
        by_door.setdefault(own.door, []).append(own)
    found = []
    for who, other in others:
        for own in by_door.get(other.door, ()):
            apart_ms = _apart(own, other)
            if (own.was_refused or other.was_refused) and apart_ms[0] <= NEAR_MS:
                at_ms = (other.lower_ms, other.upper_ms)
                found.append(Encounter(who, other.door, apart_ms, at_ms))
    return sorted(found, key=lambda one: (not one.is_certain, one.apart_ms, one.at_ms))


def _apart(one: AtDoor, other: AtDoor) -> tuple[int, int]:
    nearest = max(0, one.lower_ms - other.upper_ms, other.lower_ms - one.upper_ms)
    return nearest, max(one.upper_ms - other.lower_ms, other.upper_ms - one.lower_ms)
