"""What the journal's events have said last: a change is told once, also over restarts."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from sync.wire import cbor
from sync.wire.errors import WireError
from sync.wire.fields import Fields

logger = logging.getLogger(__name__)

_MOST_LEVELS = 256


@dataclass(frozen=True, slots=True)
class Tidings:
    """`running` is the boot of a process that has not ended, empty after one that has.

    `levels` are, by event name, where things stood when the last event of that name was written;
    0 before any.
    """

    running: bytes = b""
    levels: Mapping[str, int] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        return cbor.encode([self.running, [[*level] for level in sorted(self.levels.items())]])


def read_tidings(value: bytes | None) -> Tidings:
    """Return nothing told where nothing is kept, or what is kept is damaged: it is told again."""
    if value is None:
        return Tidings()
    try:
        fields = Fields.parse(value, of="told").only((0, 1))
        levels = [Fields(item, of="told level") for item in fields.items(1, _MOST_LEVELS)]
        return Tidings(fields.octets(0), {item.text(0): item.integer(1) for item in levels})
    except WireError as error:
        logger.warning("what was told is not known any more: %s", error)
        return Tidings()
