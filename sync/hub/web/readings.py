"""Health readings as a page shows them: what is bad first."""

from dataclasses import dataclass

from sync.hub.web.words import css_class
from sync.wire.batch import State

_ORDER = (State.BAD, State.UNKNOWN, State.OK)
# A check's name ends with the unit of its value.
_UNITS = {
    "ms": "ms",
    "s": "s",
    "c": "°C",
    "percent": "%",
    "bytes": "B",
    "mb": "MB",
    "dbm": "dBm",
    "ppm": "ppm",
}


@dataclass(frozen=True, slots=True)
class Shown:
    name: str
    value: str
    state_class: str


def shown(health: list[list[str | int | None]]) -> list[Shown]:
    """Return the readings as `Device.health` lists them, ordered by how much they matter."""
    ordered = sorted(health, key=lambda reading: (_rank(reading[1]), str(reading[0])))
    return [_shown(str(check), state, value) for check, state, value in ordered]


def _shown(check: str, state: str | int | None, value: str | int | None) -> Shown:
    name, _, last = check.rpartition("_")
    unit = _UNITS.get(last) if name else None
    words = (name if unit else check).replace("_", " ")
    number = "" if value is None else f"{value} {unit or ''}".strip()
    code = state if isinstance(state, int) else -1
    return Shown(words, number, css_class(State, code))


def _rank(state: str | int | None) -> int:
    return next((place for place, member in enumerate(_ORDER) if member == state), len(_ORDER))
