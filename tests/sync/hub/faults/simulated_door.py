"""A kiosk behind a real courier: a journal in a list, signed and settled as a door does it."""

from dataclasses import dataclass, field

from sync.uplink.errors import DoorAway
from sync.wire.batch import sign_batch
from sync.wire.bundle import open_bundle, unseal_bundle
from sync.wire.enrolment import EnrolmentRequest, seal_request
from sync.wire.envelope import Content, Envelope, open_envelope
from sync.wire.errors import WireError
from sync.wire.keys import Purpose
from sync.wire.link import Answer, Ask, Request
from sync.wire.receipt import Receipt, open_receipt
from tests.sync.hub.fake_door import FakeDoor


@dataclass(slots=True)
class SimulatedDoor:
    """Answers a courier as `kiosk.courier.desk` does. `most` is its largest batch, in entries.

    `card` is the (door, token) of an enrolment card; `refused` counts what it did not take.
    """

    door: FakeDoor
    hub_url: str
    ca_pin: bytes
    card: tuple[bytes, bytes]
    most: int = 25
    acked_through: int = 0
    settled_at_ms: int = 0
    nonces: set[bytes] = field(default_factory=set)
    refused: int = 0

    def ask(self, request: Request) -> Answer:
        match request.ask:
            case Ask.HELLO:
                return self._hello()
            case Ask.FETCH:
                return self._fetch(request)
            case Ask.DELIVER:
                return self._take(request.envelope)
            case _:
                return Answer(error="a simulated kiosk takes no stick")

    @property
    def backlog(self) -> int:
        return len(self.door.journal) - self.acked_through

    def _hello(self) -> Answer:
        latest_ms = self.settled_at_ms + 60_000 if self.settled_at_ms else None
        return Answer(
            hub_url=self.hub_url,
            ca_pin=self.ca_pin,
            earliest_ms=self.settled_at_ms,
            latest_ms=latest_ms,
        )

    def _fetch(self, request: Request) -> Answer:
        if not self.door.bundle_version:
            return Answer(envelope=self._enrolment())
        newest = len(self.door.journal)
        start = max(request.after_seq, self.acked_through)
        last = min(newest, start + min(request.most_entries, self.most))
        batch = self.door.batch(start + 1, last)
        self.nonces.add(batch.nonce)
        message = sign_batch(batch, self.door.signing)
        envelope = Envelope(Content.BATCH, self.door.device, message)
        return Answer(envelope=envelope.to_bytes(), last_seq=last, more=last < newest)

    def _enrolment(self) -> bytes:
        place, token = self.card
        request = EnrolmentRequest(
            token=token,
            door=place,
            signing_public=self.door.signing.public_key().public_bytes_raw(),
            sealing_public=self.door.sealing.public_key().public_bytes_raw(),
            hardware="simulated",
        )
        message = seal_request(request, self.door.signing, self.door.keys.newest(Purpose.SEALING))
        return Envelope(Content.ENROLMENT, self.door.device, message).to_bytes()

    def _take(self, delivered: bytes) -> Answer:
        try:
            envelope = open_envelope(delivered)
            if envelope.content is Content.BUNDLE:
                return self._take_bundle(envelope.message)
            return self._settle(open_receipt(envelope.message, self.door.keys))
        except WireError as error:
            self.refused += 1
            return Answer(error=str(error))

    def _take_bundle(self, message: bytes) -> Answer:
        device, root = self.door.device, self.door.keyring.root_public
        signed = unseal_bundle(message, self.door.sealing, device=device)
        bundle, keys = open_bundle(signed, device=device, root_public=root)
        if bundle.version >= self.door.bundle_version:
            self.door.bundle_version, self.door.keys = bundle.version, keys
        return Answer()

    def _settle(self, receipt: Receipt) -> Answer:
        """Settle what the hub has the same entries of, and never by somebody else's receipt."""
        if (receipt.device, receipt.epoch) != (self.door.device, self.door.epoch):
            self.refused += 1
            return Answer(error="the receipt is for another journal")
        if receipt.nonce not in self.nonces:
            self.refused += 1
            return Answer(error="the receipt answers nothing")
        self.nonces.discard(receipt.nonce)
        acked = receipt.acked_through
        if acked and self.door.journal[acked - 1].chain != receipt.chain:
            raise DoorAway("the hub acknowledges other entries: the test has failed")
        self.settled_at_ms = max(self.settled_at_ms, receipt.hub_time_ms)
        self.acked_through = max(self.acked_through, acked)
        return Answer()
