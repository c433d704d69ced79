"""What a rule finds, and what a rule is. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.utils.functional import Promise

from sync.hub.fleet.health.facts import Facts
from sync.hub.fleet.health.models import Severity
from sync.wire.batch import State

Word = str | Promise
_FLAPPING = timedelta(minutes=5)


class Unit(Enum):
    """What a judgement's value counts."""

    NOTHING = ""
    SECONDS = "s"
    PERCENT = "%"
    CELSIUS = "°C"
    MILLIVOLT = "mV"
    MILLISECONDS = "ms"
    TIMES = "×"
    DBM = "dBm"
    INSTANT = "Unix s"


@dataclass(frozen=True, slots=True)
class Judgement:
    """`severity` is None unless the state is bad; `since` says that it has been so for longer than
    it was judged.
    """

    state: State
    severity: Severity | None = None
    value: int | None = None
    since: datetime | None = None


WELL = Judgement(State.OK)
UNKNOWN = Judgement(State.UNKNOWN)


def warning(value: int | None = None, since: datetime | None = None) -> Judgement:
    return Judgement(State.BAD, Severity.WARNING, value, since)


def critical(value: int | None = None, since: datetime | None = None) -> Judgement:
    return Judgement(State.BAD, Severity.CRITICAL, value, since)


def at_least(
    value: int, warning_from: int, critical_from: int, since: datetime | None = None
) -> Judgement:
    """Judge a value that is the worse the higher it is."""
    if value >= critical_from:
        return critical(value, since)
    return warning(value, since) if value >= warning_from else Judgement(State.OK, value=value)


def as_told(
    check: str, bad: Callable[[int | None], Judgement] = critical
) -> Callable[[Facts], Judgement]:
    """Judge as the kiosk does that makes this check; `bad` makes a judgement of what it told."""

    def judge(facts: Facts) -> Judgement:
        told = facts.reading(check)
        if told is None:
            return UNKNOWN
        return bad(told.value) if told.state is State.BAD else WELL

    return judge


def critical_alone(_value: int | None) -> Judgement:
    """Where the value counts something else than what is wrong."""
    return critical()


@dataclass(frozen=True, slots=True)
class Rule:
    """`said` is what is wrong, `todo` what to do about it.

    It is raised once bad `bad_for` so long, and cleared once well `well_for` so long. While a site
    is closed only what `is_for_closed` is judged: power and storage.
    """

    name: str
    said: Word
    todo: Word
    judge: Callable[[Facts], Judgement]
    unit: Unit = Unit.NOTHING
    bad_for: timedelta = timedelta(0)
    well_for: timedelta = _FLAPPING
    is_for_closed: bool = False
