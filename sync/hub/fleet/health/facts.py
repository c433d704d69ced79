"""What is known of one kiosk, as the rules judge it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sync.wire.batch import State

_BELIEVED_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Told:
    """A reading as the kiosk sent it last; the check's name ends with the unit of `value`."""

    state: State
    value: int | None = None


@dataclass(frozen=True, slots=True)
class Traffic:
    """What happened at a kiosk's door within the last 24 hours.

    `assisted` are officers' presses; they are no reads.
    """

    reads: int = 0
    refused: int = 0
    assisted: int = 0
    last_read: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """`open_since` is when the site opened, None while it is closed.

    `last_contact` is proven, see `Device`. `powered` is for how long the kiosk had run when it
    spoke last. `boots` counts those of the last 24 hours. `usual_pause` is the longest time between
    two reads on this weekday in the weeks before, None where too few are known.
    `is_software_old` says that most kiosks run another version, `is_board_new` that it is on a
    board that nobody has approved.
    """

    now: datetime
    enrolled_at: datetime
    open_since: datetime | None
    has_internet: bool = True
    last_contact: datetime | None = None
    told: Mapping[str, Told] = field(default_factory=dict)
    powered: timedelta = timedelta(0)
    behind_since: datetime | None = None
    boots: int = 0
    is_software_old: bool = False
    is_board_new: bool = False
    issued_version: int = 0
    issued_at: datetime | None = None
    taken_version: int = 0
    traffic: Traffic = Traffic()
    usual_pause: timedelta | None = None

    @property
    def is_heard(self) -> bool:
        """Whether what it told is how it is: without internet nothing newer is to be had."""
        if self.last_contact is None:
            return False
        return not self.has_internet or self.now - self.last_contact <= _BELIEVED_FOR

    def reading(self, name: str) -> Told | None:
        """Return what the check found, None where that is unknown."""
        told = self.told.get(name) if self.is_heard else None
        return None if told is None or told.state is State.UNKNOWN else told
