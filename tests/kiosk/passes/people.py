"""A roster as the hub makes it, with a hash that is quick enough for tests."""

from collections.abc import Mapping, Sequence

from kiosk.passes.roster import slow_hash
from sync.wire.bundle import RosterTable

SALT = b"salt of 16 bytes"
COST = 2
DIGITS = (("digits", 18), ("digits", 6))


def roster_of(
    people: Mapping[str, bytes], shapes: Sequence[tuple[str, int]] = DIGITS
) -> RosterTable:
    """`people` gives each number its sub (8 bytes)."""
    rows = sorted(slow_hash(number, salt=SALT, cost=COST) + sub for number, sub in people.items())
    return RosterTable(SALT, COST, tuple(shapes), b"".join(rows))
