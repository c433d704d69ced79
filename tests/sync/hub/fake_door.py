"""A door that keeps its journal in a list and speaks to the hub with the real wire code."""

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.test import Client

from sync.hub import clock
from sync.hub.fleet.cards import NewDoor, add_door, make_card
from sync.hub.fleet.models import Device, Direction, Door
from sync.hub.keyring import Keyring
from sync.hub.rules.publishing import publish_default
from sync.wire import entry, visit
from sync.wire.batch import Adoption, Anchor, Batch, Reading, sign_batch
from sync.wire.bundle import Bundle, open_bundle, unseal_bundle
from sync.wire.carried import carry
from sync.wire.enrolment import EnrolmentRequest, seal_request
from sync.wire.entry import Header, Kind, SealedEntry, WallClock, first_chain
from sync.wire.envelope import MEDIA_TYPE, Content, Envelope, unpack
from sync.wire.keys import DeviceId, KeyList, Purpose, device_id
from sync.wire.receipt import Receipt, open_receipt
from sync.wire.run import Run, seal_run_key, sign_run

HUB_URL = "https://hub.example.go.id"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `receipt` and `bundle` have been opened as a door opens them."""

    status: int
    text: str
    receipt: Receipt | None = None
    bundle: Bundle | None = None


@dataclass(frozen=True, slots=True)
class Written:
    sealed: SealedEntry
    previous: bytes
    chain: bytes


class Reply(Protocol):
    """As Django's test client answers."""

    @property
    def status_code(self) -> int: ...

    @property
    def content(self) -> bytes: ...


class Poster(Protocol):
    def post(self, path: str, data: bytes, *, content_type: str) -> Reply: ...


@dataclass(slots=True)
class FakeDoor:
    """`journal[n - 1]` is entry n; `keys` is the hub's list of keys as the door has it.

    `adopted` are the runs of earlier epochs, whose numbers come before those of `runs`.
    """

    keyring: Keyring
    keys: KeyList = field(init=False)
    client: Poster = field(default_factory=Client)
    signing: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    sealing: X25519PrivateKey = field(default_factory=X25519PrivateKey.generate)
    epoch: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    journal: list[Written] = field(default_factory=list)
    runs: list[bytes] = field(default_factory=list)
    adopted: tuple[Adoption, ...] = ()
    boot_id: bytes = b""
    run_key: bytes = b""
    boot_ms: int = 0
    bundle_version: int = 0
    known_ms: int = 0
    health: tuple[Reading, ...] = ()

    def __post_init__(self) -> None:
        self.keys = self.keyring.key_list

    @property
    def device(self) -> DeviceId:
        return device_id(self.signing.public_key().public_bytes_raw())

    @property
    def chain(self) -> bytes:
        return self.journal[-1].chain if self.journal else first_chain(self.device, self.epoch)

    @property
    def row(self) -> Device:
        return Device.objects.get(device_id=self.device)

    def start(self, *, reboot: bool = True) -> None:
        """Begin a run, as a start of the door's process does."""
        if reboot or not self.boot_id:
            self.boot_id, self.boot_ms = secrets.token_bytes(16), 5_000
        self.run_key = secrets.token_bytes(entry.RUN_KEY_BYTES)
        keys, number = self.keys, self.run_no + 1
        to = (keys.newest(Purpose.SEALING), keys.newest(Purpose.RECOVERY))
        sealed = seal_run_key(self.run_key, to, device=self.device, epoch=self.epoch, run_no=number)
        run = Run(self.device, self.epoch, number, self.boot_id, self.boot_ms, 0, sealed)
        self.runs.append(sign_run(run, self.signing))

    def see(self, count: int = 1, **known: object) -> None:
        """Journal visits; `known` overrides what they say."""
        for _ in range(count):
            self.write(a_visit(**known).to_bytes())

    def write(
        self,
        body: bytes,
        kind: int = Kind.VISIT,
        run_key: bytes | None = None,
        clock: int = WallClock.UNSET,
    ) -> None:
        if not self.runs:
            self.start()
        self.boot_ms += 1_000
        seq = len(self.journal) + 1
        header = Header(seq, self.run_no, self.boot_ms, 0, clock, kind, seq)
        sealed = entry.seal(
            header,
            body,
            run_key=run_key or self.run_key,
            previous=self.chain,
            epoch=self.epoch,
        )
        self.append(SealedEntry(header, sealed))

    @property
    def run_no(self) -> int:
        return len(self.adopted) + len(self.runs)

    def begin_epoch(self, carried: int = 0) -> None:
        """Begin a new epoch with the last entries of this one, as they lie."""
        kept = self.journal[-carried:] if carried else []
        signed = [*(adoption.signed for adoption in self.adopted), *self.runs]
        self.adopted = tuple(Adoption(number, run) for number, run in enumerate(signed, start=1))
        self.epoch, self.journal, self.runs = secrets.token_bytes(16), [], []
        for old in kept:
            outer = old.sealed.header._replace(seq=len(self.journal) + 1, kind=int(Kind.CARRIED))
            body = carry(old.sealed, old.previous).to_bytes()
            self.append(SealedEntry(outer, body))
        self.start()

    def append(self, sealed: SealedEntry) -> None:
        self.journal.append(Written(sealed, self.chain, sealed.chain(self.chain, self.epoch)))

    def batch(
        self,
        first: int = 1,
        last: int | None = None,
        *,
        anchors: tuple[Anchor, ...] = (),
        runs: bool = True,
    ) -> Batch:
        written = self.journal[first - 1 : last]
        if not self.runs:
            self.start()
        return Batch(
            device=self.device,
            epoch=self.epoch,
            previous=written[0].previous if written else self.chain,
            runs=tuple(self.runs) if runs else (),
            anchors=anchors,
            entries=tuple(item.sealed for item in written),
            health=self.health,
            nonce=secrets.token_bytes(16),
            boot_id=self.boot_id,
            sent_boot_ms=self.boot_ms,
            sent_wall_ms=0,
            newest_seq=len(self.journal),
            bundle_version=self.bundle_version,
            software="0.1.0",
            known_ms=self.known_ms,
            adopted=self.adopted if runs else (),
        )

    def heartbeat(self, **changes: object) -> Answer:
        batch = self.batch(first=len(self.journal) + 1)
        return self.post(replace(batch, **changes))  # type: ignore[arg-type]

    def send(self, first: int = 1, last: int | None = None, *, runs: bool = True) -> Answer:
        return self.post(self.batch(first, last, runs=runs))

    def post(self, batch: Batch, key: Ed25519PrivateKey | None = None) -> Answer:
        message = sign_batch(batch, key or self.signing)
        return self.carry("/v1/sync", Envelope(Content.BATCH, self.device, message))

    def enrol(self, door: bytes, token: bytes) -> Answer:
        request = EnrolmentRequest(
            token=token,
            door=door,
            signing_public=self.signing.public_key().public_bytes_raw(),
            sealing_public=self.sealing.public_key().public_bytes_raw(),
            hardware="board 1, card 2",
        )
        to = self.keys.newest(Purpose.SEALING)
        message = seal_request(request, self.signing, to)
        return self.carry("/v1/enrol", Envelope(Content.ENROLMENT, self.device, message))

    def carry(self, path: str, envelope: Envelope) -> Answer:
        response = self.client.post(path, envelope.to_bytes(), content_type=MEDIA_TYPE)
        if response.status_code != 200:
            return Answer(response.status_code, response.content.decode())
        return self._read(response.content)

    def _read(self, content: bytes) -> Answer:
        receipt, bundle = None, None
        for envelope in unpack(content):
            if envelope.content is Content.RECEIPT:
                receipt = open_receipt(envelope.message, self.keys)
                self.known_ms = max(self.known_ms, receipt.hub_time_ms)
            if envelope.content is Content.BUNDLE:
                signed = unseal_bundle(envelope.message, self.sealing, device=self.device)
                root = self.keyring.root_public
                bundle, self.keys = open_bundle(signed, device=self.device, root_public=root)
                self.known_ms = max(self.known_ms, bundle.issued_at_ms)
        return Answer(200, "", receipt, bundle)


def a_visit(**known: object) -> visit.Visit:
    plain = visit.Visit(
        outcome=1,
        shown=1,
        reason=0,
        direction=visit.Direction.IN,
        format=1,
        rulebook=1,
        earliest_s=1_700_000_000,
        pass_type=1,
        sub=b"subject1",
        cti=b"ctictic1",
    )
    return plain._replace(**known)  # type: ignore[arg-type]


def a_place(label: str = "Pintu utara") -> Door:
    new = NewDoor(
        label, "Mal Pelayanan Publik", "Dinas PMPTSP", Direction.ENTRY, "office", "Asia/Jakarta"
    )
    return add_door(new)


def a_token(door: Door, keyring: Keyring, at: datetime | None = None) -> bytes:
    return make_card(door, keyring, HUB_URL, at or clock.now()).card.token


def an_enrolled_door(keyring: Keyring, label: str = "Pintu utara") -> FakeDoor:
    """Return a door that is enrolled and has taken its first bundle."""
    publish_default(clock.now())
    place = a_place(label)
    door = FakeDoor(keyring)
    answer = door.enrol(place.public_id, a_token(place, keyring))
    assert answer.bundle is not None
    door.bundle_version = answer.bundle.version
    door.start()
    return door


def take(answer: Answer) -> Receipt:
    """Return the receipt of a request that must have been answered with one."""
    assert answer.receipt is not None, answer
    return answer.receipt
