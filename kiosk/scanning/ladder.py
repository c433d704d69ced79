"""The decoder ladder: cheap first, costlier when that finds nothing."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from hardware.interfaces import GreyImage
from kiosk.scanning.code import MAX_CODES, Code
from kiosk.scanning.rungs import Rung

DEFAULT_BUDGET_MS = 12.0
"""CPU time a frame for all rungs but the first: a fifth of a core at 15 frames a second."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one picture gave. `decode_ms` is what it cost the decoders."""

    codes: tuple[Code, ...]
    decode_ms: float


NOTHING = Reading((), 0.0)


class Decoder(Protocol):
    def look(self, grey: GreyImage) -> Reading:
        """Read one frame of many within the CPU budget; what is missed may be read in the next."""
        ...

    def climb(self, grey: GreyImage) -> Reading:
        """Read a still picture: every rung, until one has read something."""
        ...

    def close(self) -> None: ...


@dataclass(slots=True)
class _Turn:
    """A costlier rung awaiting its turn, and what it lately cost."""

    rung: Rung
    cost_ms: float = field(default=0.0)


class Ladder:
    """A Decoder in this process. It serves one thread at a time.

    The budget is a mean: a rung that costs more than one frame's share waits until the frames
    before it have left enough, so that even the costliest has its turn.
    """

    def __init__(
        self,
        rungs: Sequence[Rung],
        *,
        budget_ms: float = DEFAULT_BUDGET_MS,
        cpu_s: Callable[[], float] = time.thread_time,
    ) -> None:
        self._rungs = tuple(rungs)
        self._first = _Turn(self._rungs[0])
        self._waiting = [_Turn(rung) for rung in self._rungs[1:]]
        self._budget_ms = budget_ms
        self._credit_ms = 0.0
        self._cpu_s = cpu_s

    def look(self, grey: GreyImage) -> Reading:
        if not grey.size:
            return NOTHING
        started_s = self._cpu_s()
        codes = self._run(self._first, grey) or self._rotate(grey)
        return Reading(codes, (self._cpu_s() - started_s) * 1000)

    def climb(self, grey: GreyImage) -> Reading:
        if not grey.size:
            return NOTHING
        started_s = self._cpu_s()
        found = (rung.read(grey) for rung in self._rungs)
        codes = distinct(next(filter(None, found), ()))
        return Reading(codes, (self._cpu_s() - started_s) * 1000)

    def close(self) -> None:
        """Nothing is held that needs giving back."""

    def _rotate(self, grey: GreyImage) -> tuple[Code, ...]:
        self._save_up()
        for _ in range(len(self._waiting)):
            if self._credit_ms <= 0 or self._waiting[0].cost_ms > self._credit_ms:
                break
            turn = self._waiting.pop(0)
            codes = self._run(turn, grey)
            self._credit_ms -= turn.cost_ms
            if codes:
                # The next frame of the same phone is likeliest read in the same way.
                self._waiting.insert(0, turn)
                return codes
            self._waiting.append(turn)
        return ()

    def _save_up(self) -> None:
        """Never saves more than the next rung needs: a quiet minute must not buy a long stall."""
        if self._waiting:
            most_ms = max(self._budget_ms, self._waiting[0].cost_ms)
            self._credit_ms = min(self._credit_ms + self._budget_ms, most_ms)

    def _run(self, turn: _Turn, grey: GreyImage) -> tuple[Code, ...]:
        started_s = self._cpu_s()
        codes = turn.rung.read(grey)
        turn.cost_ms = (self._cpu_s() - started_s) * 1000
        return distinct(codes)


def distinct(codes: Iterable[Code]) -> tuple[Code, ...]:
    """Drop what was reported twice at the same place, and all beyond MAX_CODES."""
    seen = {(code.payload, code.corners): code for code in codes}
    return tuple(seen.values())[:MAX_CODES]
