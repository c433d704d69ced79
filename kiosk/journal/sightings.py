"""What is remembered of a pass between its presentations."""

from dataclasses import dataclass

from sync.wire.visit import Direction


@dataclass(frozen=True, slots=True)
class Sighting:
    """`slot` is the highest 30 s slot of a rotating pass that was accepted, 0 for others."""

    direction: Direction
    slot: int = 0
