"""Health readings as a page shows them: what is bad, one by one; what is well, in one line."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from sync.hub.web.faults import FAULTS, Fault
from sync.hub.web.words import Word
from sync.wire.batch import State
from sync.wire.update import version_of

# A check's name ends with the unit of its value.
_UNITS = {
    "ms": "ms",
    "s": "s",
    "c": "°C",
    "percent": "%",
    "bytes": "B",
    "mb": "MB",
    "mv": "mV",
    "dbm": "dBm",
    "ppm": "ppm",
}


# 1 or 0 is for the rules, not for people.
_WITHOUT_VALUE = frozenset({"under_voltage"})
_VERSION = "update_version"


@dataclass(frozen=True, slots=True)
class Bad:
    said: Word
    advice: Word
    value: str


@dataclass(frozen=True, slots=True)
class Health:
    """`rest` says how the other checks are; empty where nothing can be said of them."""

    bad: list[Bad]
    rest: Word


def read_health(health: list[list[str | int | None]]) -> Health:
    """Read what `Device.health` lists. What the kiosk cannot tell is no fault."""
    bad = [
        _bad(str(check), value)
        for check, state, value in sorted(health, key=lambda reading: str(reading[0]))
        if state == State.BAD
    ]
    return Health(bad, _rest({state for _check, state, _value in health}))


def _bad(check: str, value: str | int | None) -> Bad:
    fault = FAULTS.get(check, Fault(check, ""))
    return Bad(fault.said, fault.advice, read_value(check, value))


def read_value(check: str, value: str | int | None) -> str:
    """Return the value with its unit; nothing where it says nothing to people."""
    if value is None or check in _WITHOUT_VALUE:
        return ""
    if check == _VERSION and isinstance(value, int):
        return version_of(value)
    name, _sep, last = check.rpartition("_")
    return f"{value} {_UNITS.get(last, '') if name else ''}".strip()


def _rest(states: Iterable[str | int | None]) -> Word:
    found = set(states)
    if found == {State.OK}:
        return _("All well")
    if found == {State.OK, State.BAD}:
        return _("Everything else is well")
    return _("All that could be checked is well") if found == {State.OK, State.UNKNOWN} else ""
