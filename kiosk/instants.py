"""Instants at the door: what the system counted, and what of the true time is known from it."""

from collections.abc import Sequence
from dataclasses import dataclass

# The oscillator of a Raspberry Pi is within this of true, cold or warm.
DRIFT_PPM = 100


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant as the system counts: CLOCK_BOOTTIME within a boot, and the wall clock."""

    boot_id: bytes
    boot_ms: int
    wall_ms: int


@dataclass(frozen=True, slots=True)
class Interval:
    """The true time lies within these Unix milliseconds; None is no upper bound."""

    earliest_ms: int
    latest_ms: int | None

    @property
    def width_ms(self) -> int | None:
        return None if self.latest_ms is None else self.latest_ms - self.earliest_ms


@dataclass(frozen=True, slots=True)
class Fix:
    """At `boot_ms` of the present boot the time was `true_ms`, give or take `error_ms`.

    Fixes of a higher `rank` win over those that contradict them.
    """

    boot_ms: int
    true_ms: int
    error_ms: int
    rank: int

    def at(self, boot_ms: int) -> Interval:
        distance_ms = boot_ms - self.boot_ms
        slack_ms = self.error_ms + -(-abs(distance_ms) * DRIFT_PPM // 1_000_000)
        centre_ms = self.true_ms + distance_ms
        return Interval(centre_ms - slack_ms, centre_ms + slack_ms)


def present(boot_ms: int, fixes: Sequence[Fix], floor_ms: int) -> Interval:
    """Return what is known of the time now.

    Fixes narrow each other down in the order of their rank; one that contradicts what better ones
    left is passed over. `floor_ms` is a time that has certainly passed.
    """
    known = Interval(floor_ms, None)
    for fix in sorted(fixes, key=lambda fix: (-fix.rank, abs(boot_ms - fix.boot_ms))):
        known = _intersect(known, fix.at(boot_ms)) or known
    return known


def _intersect(one: Interval, other: Interval) -> Interval | None:
    earliest_ms = max(one.earliest_ms, other.earliest_ms)
    latest = [end for end in (one.latest_ms, other.latest_ms) if end is not None]
    latest_ms = min(latest) if latest else None
    if latest_ms is not None and latest_ms < earliest_ms:
        return None
    return Interval(earliest_ms, latest_ms)
