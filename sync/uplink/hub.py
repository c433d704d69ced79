"""The seam to the hub: whatever carries an envelope up and brings others down."""

from dataclasses import dataclass
from typing import Protocol

from sync.wire.envelope import Envelope
from sync.wire.update import Offer


@dataclass(frozen=True, slots=True)
class KnownTime:
    """What the door knows of the time, in Unix milliseconds; None is no upper bound."""

    earliest_ms: int = 0
    latest_ms: int | None = None


UNKNOWN_TIME = KnownTime()


class Hub(Protocol):
    def send(self, envelope: bytes, now: KnownTime) -> list[Envelope]:
        """Carry one envelope up and return what comes down.

        `now` is for a carrier that has something with a date to judge; others pass it over.

        Raises:
            HubAway: no hub answered, or something else did in its place.
            HubRefuses: it does not know this kiosk, or no longer wants it.
            TooMuch: the batch is larger than it takes.
        """
        ...

    @property
    def offer(self) -> Offer | None:
        """What the last answer offered to update the kiosk by."""
        ...

    def fetch_part(self, ticket: str, number: int) -> bytes:
        """Return one part of an update's file, at most `PART_BYTES`.

        Raises:
            HubAway: it did not come; the same part may be asked for again.
        """
        ...

    def close(self) -> None: ...
