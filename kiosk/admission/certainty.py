"""Whether something holds over a time that is known as an interval only."""

from collections.abc import Iterable
from enum import Enum


class Certainty(Enum):
    """ALWAYS: over the whole interval; NEVER: over none of it; MAYBE: anything else."""

    ALWAYS = "always"
    NEVER = "never"
    MAYBE = "maybe"


def has_come(instant_ms: int, earliest_ms: int, latest_ms: int | None) -> Certainty:
    """Say whether `instant_ms` lies at or before the time that is bounded so."""
    if earliest_ms >= instant_ms:
        return Certainty.ALWAYS
    if latest_ms is not None and latest_ms < instant_ms:
        return Certainty.NEVER
    return Certainty.MAYBE


def is_over(instant_ms: int, earliest_ms: int, latest_ms: int | None) -> Certainty:
    """Say whether `instant_ms` lies wholly before the time that is bounded so."""
    return has_come(instant_ms + 1, earliest_ms, latest_ms)


def all_or_none(holds: Iterable[bool]) -> Certainty:
    """Combine one answer for each part of the interval."""
    answers = set(holds)
    if answers == {True}:
        return Certainty.ALWAYS
    return Certainty.NEVER if answers == {False} else Certainty.MAYBE
