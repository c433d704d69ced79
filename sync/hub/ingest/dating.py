"""When an entry was made: from anchors of its boot, else from its neighbours. Pure.

All times are Unix milliseconds, held within what a calendar can show.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

LATEST_MS = 253_402_214_400_000  # the last midnight that every time zone can show, in year 9999
DRIFT_PPM = 100
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Tie:
    """At `boot_ms` of the boot in question it was `true_ms`, give or take `error_ms`.

    Of two that contradict each other the one of the higher `rank` is believed.
    """

    boot_ms: int
    true_ms: int
    error_ms: int
    rank: int = 0

    def weight_at(self, boot_ms: int) -> int:
        """Return the error there in millionths of a millisecond: exact, so that two compare the
        same at every distance.
        """
        return self.error_ms * _MILLION + abs(boot_ms - self.boot_ms) * DRIFT_PPM

    def error_at(self, boot_ms: int) -> int:
        return -(-self.weight_at(boot_ms) // _MILLION)

    def meets(self, other: "Tie") -> bool:
        """Say whether some time at this tie's `boot_ms` lies within the errors of both."""
        told_ms = other.true_ms + self.boot_ms - other.boot_ms
        weight = self.weight_at(self.boot_ms) + other.weight_at(self.boot_ms)
        return abs(self.true_ms - told_ms) * _MILLION <= weight


def _better(best: Tie, tie: Tie) -> Tie:
    """Return the better one of two for all times on the farther side of `tie`."""
    return tie if tie.weight_at(tie.boot_ms) <= best.weight_at(tie.boot_ms) else best


class Ties:
    """The ties of one boot; finds the one that tells a time best, nearness and error weighed."""

    def __init__(self, ties: Iterable[Tie]) -> None:
        ordered = sorted(ties, key=lambda tie: tie.boot_ms)
        self._boot_ms = [tie.boot_ms for tie in ordered]
        self._before = list(accumulate(ordered, _better))
        self._after = list(accumulate(reversed(ordered), _better))[::-1]

    def best(self, boot_ms: int) -> Tie | None:
        place = bisect_right(self._boot_ms, boot_ms)
        if place == len(self._boot_ms):
            return self._before[-1] if self._before else None
        after = self._after[place]
        if place == 0:
            return after
        before = self._before[place - 1]
        return before if before.weight_at(boot_ms) <= after.weight_at(boot_ms) else after


NO_TIES = Ties(())


def weigh(ties: Iterable[Tie]) -> Ties:
    """Return the ties of one boot without those that contradict a higher rank."""
    return Ties(_fitting(ties))


def reach(before: Iterable[Tie], now: Iterable[Tie]) -> int | None:
    """Return the time of the boot behind which visits may be told otherwise `now` than `before`,
    None where all are told as they were.

    Errors grow alike in all directions: what is told better at one tie is so beyond it.
    """
    old, new = _fitting(before), _fitting(now)
    gained = [tie for tie in new if tie not in old]
    if not set(old) <= set(new):
        return -1
    limits = [
        max(
            (
                tie.boot_ms
                for tie in old
                if tie.boot_ms <= fresh.boot_ms
                and tie.weight_at(tie.boot_ms) < fresh.weight_at(tie.boot_ms)
            ),
            default=-1,
        )
        for fresh in gained
    ]
    return min(limits, default=None)


def _fitting(ties: Iterable[Tie]) -> list[Tie]:
    """Hold each against what every higher rank tells best at its time."""
    by_rank: dict[int, list[Tie]] = {}
    for tie in ties:
        by_rank.setdefault(tie.rank, []).append(tie)
    higher: list[Ties] = []
    kept: list[Tie] = []
    for rank in sorted(by_rank, reverse=True):
        fitting = [tie for tie in by_rank[rank] if _fits(tie, higher)]
        kept += fitting
        higher.append(Ties(fitting))
    return kept


def _fits(tie: Tie, higher: Iterable[Ties]) -> bool:
    told = (ties.best(tie.boot_ms) for ties in higher)
    return all(best is None or tie.meets(best) for best in told)


# Tuples, for there are five hundred of each in a batch: a frozen dataclass takes three times as
# long to make.


class Sighting(NamedTuple):
    """What is known of one entry's time: `earliest_s` and `latest_s` as the door knew them."""

    boot_ms: int
    earliest_s: int
    latest_s: int | None
    received_ms: int
    ties: Ties = NO_TIES


class Bounds(NamedTuple):
    lower_ms: int
    upper_ms: int


_ALWAYS = Bounds(0, LATEST_MS)


class Dated(NamedTuple):
    """`time_ms` give or take `error_ms` by an anchor, None without one; in any case `bounds`."""

    bounds: Bounds
    time_ms: int | None = None
    error_ms: int | None = None


def date_in_order(sightings: Sequence[Sighting], within: Bounds = _ALWAYS) -> list[Dated]:
    """Date entries that are given in the order in which they were made; `within` is what those
    before and behind them say.
    """
    alone = [date_alone(sighting) for sighting in sightings]
    outer = (Bounds(within.lower_ms, LATEST_MS), Bounds(0, within.upper_ms))
    narrowed = narrow([outer[0], *(dated.bounds for dated in alone), outer[1]])[1:-1]
    return [
        Dated(bounds, dated.time_ms, dated.error_ms)
        for dated, bounds in zip(alone, narrowed, strict=True)
    ]


def date_alone(sighting: Sighting) -> Dated:
    boot_ms = sighting.boot_ms
    tie = sighting.ties.best(boot_ms)
    if tie is None:
        return Dated(_door_bounds(sighting))
    time_ms = tie.true_ms + boot_ms - tie.boot_ms
    error_ms = tie.error_at(boot_ms)
    lower_ms, upper_ms = time_ms - error_ms, time_ms + error_ms
    if lower_ms < 0 or upper_ms > LATEST_MS:
        lower_ms, upper_ms = within_calendar(lower_ms), within_calendar(upper_ms)
        error_ms = within_calendar(error_ms)
    upper_ms = min(upper_ms, sighting.received_ms)
    # An anchor that puts the entry after its own arrival is some time server's mistake.
    if lower_ms > upper_ms or not 0 <= time_ms <= LATEST_MS:
        return Dated(_door_bounds(sighting))
    return Dated(Bounds(lower_ms, upper_ms), time_ms, error_ms)


def narrow(bounds: Sequence[Bounds]) -> list[Bounds]:
    """Narrow the bounds of entries in their order: none is before the one ahead of it, nor after
    the one behind it.

    Where bounds contradict each other, each keeps its own rather than an empty interval.
    """
    lowers = list(accumulate([bound.lower_ms for bound in bounds], max))
    uppers = list(accumulate([bound.upper_ms for bound in reversed(bounds)], min))[::-1]
    return [
        Bounds(lower_ms, upper_ms) if lower_ms <= upper_ms else own
        for own, lower_ms, upper_ms in zip(bounds, lowers, uppers, strict=True)
    ]


def within_calendar(time_ms: int) -> int:
    return max(0, min(time_ms, LATEST_MS))


def _door_bounds(sighting: Sighting) -> Bounds:
    received_ms, latest_s = sighting.received_ms, sighting.latest_s
    earliest_ms = within_calendar(sighting.earliest_s * 1000)
    # The door believed some time server's mistake: nothing is seen after it was told.
    if earliest_ms > received_ms:
        return Bounds(0, received_ms)
    latest_ms = received_ms if latest_s is None else within_calendar((latest_s + 1) * 1000)
    return Bounds(earliest_ms, max(earliest_ms, min(latest_ms, received_ms)))
