"""What a check found."""

from dataclasses import dataclass
from typing import Protocol

from sync.wire.batch import Reading, State


@dataclass(frozen=True, slots=True)
class Finding:
    """`value` is in the unit that the check's name ends with; `advice` says what to do where the
    state is not OK.
    """

    check: str
    state: State
    said: str
    advice: str = ""
    value: int | None = None

    @property
    def reading(self) -> Reading:
        return Reading(self.check, self.state, self.value)


class Check(Protocol):
    def find(self) -> Finding:
        """Look now. Does not raise for what it checks."""
        ...
