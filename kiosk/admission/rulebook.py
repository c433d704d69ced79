"""The rules of a circular letter, as data."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from kiosk.admission.colour import ColourRule
from kiosk.admission.schedule import Schedule
from kiosk.admission.verdict import Outcome
from kiosk.passes.claims import PassType
from kiosk.passes.format import Format

ALL_FORMATS = frozenset(member.name for member in Format if member is not Format.NONE)
ANYTIME = Schedule()


class Way(Enum):
    """Which way people go through this door; at one for both, it cannot be told."""

    ENTRY = "entry"
    EXIT = "exit"
    BOTH = "both"


class Kept(Enum):
    """What an entry of the journal may hold of whoever came: the person's pseudonym, the pass."""

    SUB = "sub"
    CTI = "cti"


@dataclass(frozen=True, slots=True)
class Rule:
    """The first rule that applies to a pass decides on it.

    Empty `units`, `ways` or `colours` are all of them. A pass for which a rule would apply at
    another time is told so, unless a later rule applies to it now.
    """

    name: str
    types: frozenset[PassType]
    formats: frozenset[str]
    outcome: Outcome
    units: frozenset[int] = frozenset()
    ways: frozenset[Way] = frozenset()
    colours: frozenset[str] = frozenset()
    schedule: Schedule = ANYTIME


@dataclass(frozen=True, slots=True)
class Rulebook:
    """`letter` cites the circular letter; `site_kinds` is empty where it is for every kind.

    In a trial phase a DENY is shown as REFER. `uncertain_clock` and `stale` are what is said where
    the time, or the hub's word within `stale_after_days`, is lacking; `capacity` and pass-back
    count only where this kiosk can know who is inside. What a type does not appear in `keeps` for
    is kept whole.
    """

    version: int
    letter: str
    effective_from: datetime
    site_kinds: frozenset[str]
    trial: bool
    rules: tuple[Rule, ...]
    colours: tuple[ColourRule, ...] = ()
    holidays: frozenset[date] = frozenset()
    capacity: int | None = None
    pass_back: bool = True
    uncertain_clock: Outcome = Outcome.REFER
    stale_after_days: int | None = None
    stale: Outcome = Outcome.REFER
    keeps: dict[PassType, frozenset[Kept]] = field(default_factory=dict)

    def kept_of(self, pass_type: PassType) -> frozenset[Kept]:
        return self.keeps.get(pass_type, frozenset(Kept))
