"""A door whose hub published a hundred thousand revocations and a roster of as many."""

import gc
import tracemalloc
from collections.abc import Callable
from random import Random

from kiosk.journal.door_keys import make_keys
from kiosk.passes.roster import HASH_BYTES, SALT_BYTES, SUB_BYTES, slow_hash
from kiosk.reference.compact import ITEM_BYTES
from kiosk.reference.reference import Reference, read_reference
from sync.wire.bundle import RosterTable
from tests.kiosk.hub import Hub

SIZE = 100_000
MOST_BYTES = 6 * 1000 * 1000
KNOWN = "198706052011012003"
_SALT = bytes(SALT_BYTES)
# kiosk/passes/roster.py: about 50 ms on a Raspberry Pi 4.
_COST = 16_384


def publish(hub: Hub, size: int) -> Callable[[], Reference]:
    """Return what reads the bundle that the hub signed, as the door does when it starts."""
    keys, chance = make_keys(), Random(size)
    revoked = b"".join(sorted(chance.randbytes(ITEM_BYTES) for _ in range(size)))
    signed = hub.signed_bundle(keys, revoked=revoked, roster=_roster(size, chance))
    return lambda: read_reference(signed, device=keys.device, root_public=hub.root_public)


def held_bytes(read: Callable[[], Reference]) -> int:
    """Return how much memory a reference takes for as long as it is in force."""
    read()
    gc.collect()
    tracemalloc.start()
    try:
        reference = read()
        gc.collect()
        held, _peak = tracemalloc.get_traced_memory()
        del reference
    finally:
        tracemalloc.stop()
    return held


def _roster(size: int, chance: Random) -> RosterTable:
    known = slow_hash(KNOWN, salt=_SALT, cost=_COST) + bytes(SUB_BYTES)
    others = (chance.randbytes(HASH_BYTES + SUB_BYTES) for _ in range(size - 1))
    rows = b"".join(sorted([known, *others]))
    return RosterTable(_SALT, _COST, (("digits", len(KNOWN)),), rows)
