"""A door with visits to tell and a hub that takes them: both ends of an errand, in memory.

A batch is the list of its visits' numbers, a receipt the last number that the hub has, a bundle
its version: enough to see that every visit arrives, and that nothing is handed over twice.
"""

from dataclasses import dataclass, field

from sync.uplink.errors import DoorAway, HubAway, TooMuch, UplinkError
from sync.uplink.hub import KnownTime
from sync.wire import cbor
from sync.wire.envelope import Content, Envelope, open_envelope
from sync.wire.errors import WireError
from sync.wire.link import Answer, Ask, Request
from sync.wire.update import PART_BYTES, Offer
from tests.sync.wire.parties import DEVICE

NOW_MS = 1_780_000_000_000
HUB_URL = "http://hub.example.go.id"
SECRET = b"RAHASIA"


@dataclass(slots=True)
class FakeDoor:
    """`away_for` are the requests that it does not answer; `refuses` is what it says to others."""

    newest_seq: int = 0
    acked: int = 0
    hub_url: str = HUB_URL
    ca_pin: bytes = b""
    earliest_ms: int = NOW_MS - 1000
    latest_ms: int | None = NOW_MS + 1000
    bundle_version: int = 0
    refuses: dict[Ask, str] = field(default_factory=dict)
    away_for: set[Ask] = field(default_factory=set)
    asked: list[Request] = field(default_factory=list)
    taken: list[Envelope] = field(default_factory=list)

    def ask(self, request: Request) -> Answer:
        if request.ask in self.away_for:
            raise DoorAway("the door does not answer on its socket")
        self.asked.append(request)
        if request.ask in self.refuses:
            return Answer(error=self.refuses[request.ask])
        match request.ask:
            case Ask.HELLO:
                return Answer(
                    hub_url=self.hub_url,
                    ca_pin=self.ca_pin,
                    earliest_ms=self.earliest_ms,
                    latest_ms=self.latest_ms,
                )
            case Ask.FETCH:
                return self._fetch(request)
            case Ask.DELIVER:
                return self._take(request.envelope)
            case Ask.PACK | Ask.UNPACK | Ask.STICK | Ask.RADIO:
                return Answer()

    def _fetch(self, request: Request) -> Answer:
        start = max(request.after_seq, self.acked)
        last = min(self.newest_seq, start + request.most_entries)
        envelope = Envelope(
            Content.BATCH, DEVICE, cbor.encode([SECRET, *range(start + 1, last + 1)])
        )
        return Answer(envelope=envelope.to_bytes(), last_seq=last, more=last < self.newest_seq)

    def _take(self, delivered: bytes) -> Answer:
        try:
            envelope = open_envelope(delivered)
        except WireError as error:
            return Answer(error=str(error))
        self.taken.append(envelope)
        number = int.from_bytes(envelope.message[len(SECRET) :])
        if envelope.content is Content.RECEIPT:
            self.acked = max(self.acked, number)
            # A receipt to the door's own nonce tells the time.
            self.earliest_ms, self.latest_ms = NOW_MS - 1000, NOW_MS + 1000
        else:
            self.bundle_version = number
        return Answer()

    @property
    def batch_sizes_asked(self) -> list[int]:
        return [request.most_entries for request in self.asked if request.ask is Ask.FETCH]


@dataclass(slots=True)
class FakeHub:
    """`most_entries` is the largest batch that it takes; `fault` is what it raises instead.
    `update` is the file that it may offer.
    """

    most_entries: int = 500
    bundle_version: int = 0
    acknowledges: bool = True
    fault: UplinkError | None = None
    stored: list[int] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    known: list[KnownTime] = field(default_factory=list)
    is_closed: bool = False
    offer: Offer | None = None
    update: bytes = b""
    parts_asked: list[int] = field(default_factory=list)

    def fetch_part(self, ticket: str, number: int) -> bytes:
        assert self.offer is not None
        assert ticket == self.offer.ticket
        if self.fault is not None:
            raise self.fault
        self.parts_asked.append(number)
        return self.update[number * PART_BYTES : (number + 1) * PART_BYTES]

    def send(self, envelope: bytes, now: KnownTime) -> list[Envelope]:
        self.known.append(now)
        if self.fault is not None:
            raise self.fault
        seqs = self.numbers(open_envelope(envelope).message)
        if len(seqs) > self.most_entries:
            raise TooMuch("the hub wants smaller batches")
        self.batches.append(len(seqs))
        self.stored += seqs
        return self._down()

    def close(self) -> None:
        self.is_closed = True

    def numbers(self, message: bytes) -> list[int]:
        content = cbor.decode(message)
        assert isinstance(content, list)
        return [item for item in content if isinstance(item, int)]

    def _down(self) -> list[Envelope]:
        acked = max(self.stored, default=0)
        down = [receipt(acked)] if self.acknowledges else []
        return down + ([bundle(self.bundle_version)] if self.bundle_version else [])


def receipt(acked: int) -> Envelope:
    return Envelope(Content.RECEIPT, DEVICE, SECRET + acked.to_bytes(4))


def bundle(version: int) -> Envelope:
    return Envelope(Content.BUNDLE, DEVICE, SECRET + version.to_bytes(4))


def away(wait_s: float | None = None) -> HubAway:
    return HubAway("no answer from the hub (ConnectionError)", wait_s=wait_s)
