"""A journal that has joined a hub, as most tests need one."""

from dataclasses import dataclass, field
from pathlib import Path

from kiosk.journal.door_keys import DoorKeys, make_keys, store_keys
from kiosk.journal.entries import Note
from kiosk.journal.facts import Membership
from kiosk.journal.journal import Journal
from kiosk.journal.outgoing import Circumstance
from kiosk.journal.sightings import Sighting
from sync.wire.batch import Batch, open_batch
from sync.wire.entry import Kind, WallClock
from sync.wire.receipt import Receipt
from tests.kiosk.fake_clock import FakeClock
from tests.kiosk.hub import DOOR, Hub

BOARD = "board-1/card-1"


def membership(hub: Hub, keys: DoorKeys) -> Membership:
    return Membership(
        device=keys.device,
        door=DOOR,
        hub_url="https://hub.example.go.id",
        ca_pin=bytes(32),
        root_public=hub.root_public,
        key_list=hub.signed_keys(),
        token=b"token-of-16bytes",
    )


@dataclass(slots=True)
class Enrolled:
    """A state directory with its journal, the door's keys, its hub and its clock."""

    state_dir: Path
    deadline_s: float = 10.0
    clock: FakeClock = field(default_factory=FakeClock)
    keys: DoorKeys = field(default_factory=make_keys)
    hub: Hub = field(init=False)
    journal: Journal = field(init=False)

    def __post_init__(self) -> None:
        self.hub = Hub(lambda: self.clock.wall_ms)
        store_keys(self.state_dir / "door.key", self.keys)
        self.open()
        self.journal.join(membership(self.hub, self.keys), self.keys, BOARD, self.clock.moment())
        self.begin_run()

    @property
    def path(self) -> Path:
        return self.state_dir / "journal.db"

    def open(self) -> None:
        self.journal = Journal(self.path, deadline_s=self.deadline_s)

    def begin_run(self, board: str = BOARD) -> None:
        self.journal.begin_run(self.keys, self.hub.keys, board, self.clock.moment())

    def restart(self, board: str = BOARD) -> None:
        """End the process and begin another on the same card."""
        self.journal.close()
        self.open()
        self.begin_run(board)

    def note(self, body: bytes) -> Note:
        return Note(Kind.VISIT, body, self.clock.moment(), WallClock.UNSET)

    def record(
        self, body: bytes, *, cti: bytes | None = None, sighting: Sighting | None = None
    ) -> int:
        return self.journal.record(self.note(body), cti=cti, sighting=sighting)

    def fetch(self, after_seq: int = 0, most: int = 500) -> bytes:
        circumstance = Circumstance(self.clock.moment(), (), 0, "gapura test")
        return self.journal.next_batch(after_seq, most, circumstance).message

    def batch(self, after_seq: int = 0, most: int = 500) -> Batch:
        return open_batch(self.fetch(after_seq, most), self.keys.signing_public)

    def send(self, after_seq: int = 0, most: int = 500) -> Receipt:
        """Bring one batch to the hub and return its answer, not yet delivered."""
        return self.hub.take(self.fetch(after_seq, most), self.keys.signing_public)

    def deliver(self, receipt: Receipt) -> bool:
        return self.journal.apply_receipt(receipt, self.clock.moment())

    def bodies(self) -> list[bytes]:
        """Return everything that the hub has opened, epoch after epoch."""
        return [body for kept in self.hub.kept.values() for body in kept.bodies]
