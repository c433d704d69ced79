"""What `gapura-kiosk aim` shows in a terminal, in a pipe, and to a program."""

import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, TextIO

from hardware.interfaces import Frame
from kiosk.health.aim import FARTHEST_PERCENT, NEAREST_PERCENT, Aim, Distance, Light

LINE_EVERY_S = 1.0

_BAR = 24
_LIGHT_ADVICE = {
    Light.GOOD: "good",
    Light.DIM: "dim: more light helps",
    Light.DARK: "too dark: is the lens covered?",
    Light.WHITE: "too bright: turn away from the sun or a lamp",
}
_DISTANCE_ADVICE = {
    Distance.NO_CODE: "hold up a code",
    Distance.TOO_FAR: f"too far: come nearer ({FARTHEST_PERCENT} to {NEAREST_PERCENT} % is good)",
    Distance.GOOD: "good",
    Distance.TOO_NEAR: "too near: step back",
}
# ECMA-48: CUU moves up, EL erases a line.
_UP, _ERASE = "\x1b[{}A", "\x1b[2K"


@dataclass(frozen=True, slots=True)
class Glimpse:
    """One look, `at_s` after the first. Without a picture `aim` is None and `fault` says why."""

    at_s: float
    aim: Aim | None
    fault: str = ""


def figures(glimpse: Glimpse) -> dict[str, Any]:
    """Return what a program reads: the fields of Aim, or a fault."""
    line: dict[str, Any] = {"at_s": round(glimpse.at_s, 2)}
    if glimpse.aim is None:
        return line | {"fault": glimpse.fault}
    told = dataclasses.asdict(glimpse.aim)
    return line | {name: v.value if isinstance(v, Enum) else v for name, v in told.items()}


def lines(glimpse: Glimpse) -> Iterator[str]:
    aim = glimpse.aim
    if aim is None:
        yield f"no picture: {_plain(glimpse.fault)}"
        return
    nothing = "nothing with contrast in view"
    yield _line("focus", aim.focus_percent, nothing if aim.focus_percent is None else "")
    yield _line("light", aim.light_percent, _LIGHT_ADVICE[aim.light])
    yield _line("code", aim.code_percent, _DISTANCE_ADVICE[aim.distance])
    yield _line("in all", aim.score_percent, "")


class _Paced:
    """Says at most once a second what has been seen."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._due_s = 0.0

    def show(self, glimpse: Glimpse, _frame: Frame | None) -> None:
        if glimpse.at_s >= self._due_s:
            self._due_s = glimpse.at_s + LINE_EVERY_S
            self._stream.write(self._text(glimpse) + "\n")
            self._stream.flush()

    def _text(self, glimpse: Glimpse) -> str:
        raise NotImplementedError


class JsonView(_Paced):
    def _text(self, glimpse: Glimpse) -> str:
        return json.dumps(figures(glimpse), ensure_ascii=False)


class LinesView(_Paced):
    def _text(self, glimpse: Glimpse) -> str:
        aim = glimpse.aim
        if aim is None:
            return next(lines(glimpse))
        return (
            f"focus {_percent(aim.focus_percent)}, light {_percent(aim.light_percent)} "
            f"({_LIGHT_ADVICE[aim.light]}), code {_percent(aim.code_percent)} "
            f"({_DISTANCE_ADVICE[aim.distance]}), in all {_percent(aim.score_percent)}"
        )


class BarsView:
    """Redraws its lines in place."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._drawn = 0

    def show(self, glimpse: Glimpse, _frame: Frame | None) -> None:
        drawn = [_ERASE + line for line in lines(glimpse)]
        # What was longer before is erased too.
        drawn += [_ERASE] * (self._drawn - len(drawn))
        up = _UP.format(self._drawn) if self._drawn else ""
        self._stream.write(up + "".join(line + "\n" for line in drawn))
        self._stream.flush()
        self._drawn = len(drawn)

    def close(self) -> None:
        """The last lines stay where they are."""
        self._stream.flush()


def _line(name: str, percent: int | None, advice: str) -> str:
    full = round(_BAR * min(percent or 0, 100) / 100)
    bar = "█" * full + "░" * (_BAR - full)
    return f"{name:7}{bar} {_percent(percent):>5}  {advice}".rstrip()


def _percent(percent: int | None) -> str:
    return "–" if percent is None else f"{percent} %"


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
