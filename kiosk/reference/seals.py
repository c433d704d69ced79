"""Whether runs can be sealed to a hub's keys: what cannot be sealed must not be kept."""

from sync.wire.errors import UnknownKey
from sync.wire.keys import KeyList, Purpose
from sync.wire.sealing import seal


def require_seals(keys: KeyList) -> None:
    """Anybody can make a card of his own, with keys to which nothing can be sealed.

    Raises:
        UnknownKey: a key is missing, or nothing can be sealed to it.
    """
    for purpose in (Purpose.SEALING, Purpose.RECOVERY):
        try:
            seal(b"", keys.newest(purpose).sealing(), info=b"")
        except ValueError as error:
            raise UnknownKey(f"the hub's {purpose.name.lower()} key is none") from error
