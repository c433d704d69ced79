"""What the import of several parcels came to; one bad file does not stop the rest."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sync.hub.device_endpoint import Later, Refused
from sync.hub.ingest.parcels import Arrival, Reply, take_parcel
from sync.hub.keyring import Keyring
from sync.wire.errors import Malformed, WireError
from sync.wire.keys import DeviceId
from sync.wire.parcel import MAX_UP_BYTES

Read = Callable[[], bytes]


@dataclass(slots=True)
class Kiosk:
    """What was on the way from one kiosk; `taken`, `repeated` and `rejected` count entries."""

    device: DeviceId
    files: int = 0
    taken: int = 0
    repeated: int = 0
    rejected: int = 0
    conflicts: int = 0

    def add(self, arrival: Arrival) -> None:
        self.files += 1
        self.taken += arrival.taken
        self.repeated += arrival.repeated
        self.rejected += arrival.rejected
        self.conflicts += arrival.is_conflict


@dataclass(frozen=True, slots=True)
class Bad:
    """A file that could not be taken, and why."""

    name: str
    why: str


@dataclass(slots=True)
class Tally:
    kiosks: dict[DeviceId, Kiosk] = field(default_factory=dict)
    bad: list[Bad] = field(default_factory=list)

    def take_all(
        self, parcels: Iterable[tuple[str, Read]], keyring: Keyring, clock: Callable[[], datetime]
    ) -> Iterator[list[Reply]]:
        """Take parcel after parcel, and yield the newest answers whenever a kiosk's are through."""
        waiting: dict[tuple[str, str], Reply] = {}
        for name, read in parcels:
            arrival = self._take(name, read, keyring, clock)
            if arrival is None:
                continue
            if waiting and {reply.folder for reply in arrival.replies}.isdisjoint(
                folder for folder, _ in waiting
            ):
                yield list(waiting.values())
                waiting.clear()
            waiting |= {(reply.folder, reply.name): reply for reply in arrival.replies}
        yield list(waiting.values())

    def _take(
        self, name: str, read: Read, keyring: Keyring, clock: Callable[[], datetime]
    ) -> Arrival | None:
        try:
            data = read()
            if len(data) > MAX_UP_BYTES:
                raise Malformed("parcel: longer than any")
            arrival = take_parcel(data, keyring, clock)
        except (WireError, Refused, Later) as fault:
            self.bad.append(Bad(name, str(fault)))
            return None
        except OSError as error:
            self.bad.append(Bad(name, f"cannot be read: {error.strerror}"))
            return None
        self.kiosks.setdefault(arrival.device, Kiosk(arrival.device)).add(arrival)
        return arrival
