"""What came of trying one part."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

Announce = Callable[[str], object]
"""Tells the technician what to watch, listen to or press, before it happens."""

Ask = Callable[[str], bool]
"""Asks whoever signs off whether it was so."""


class Outcome(Enum):
    """SKIPPED: the configuration says that the part is not fitted."""

    OK = "ok"
    BAD = "bad"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Figure:
    """Something measured; the name ends with the unit where there is one."""

    name: str
    value: float | int | bool | str


@dataclass(frozen=True, slots=True)
class Result:
    """`advice` says what to do where the outcome is BAD, or what to look at where only a person
    can tell.
    """

    part: str
    outcome: Outcome
    said: str
    advice: str = ""
    figures: tuple[Figure, ...] = ()
