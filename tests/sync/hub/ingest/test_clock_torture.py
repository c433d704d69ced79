"""Whatever its clocks did, a visit's true time lies within what the hub says of it.

A real journal and the real hub, in a world whose true time the test knows: boots with clocks at
1970, in 2001, a year ahead or right, drifting and jumping; a time server that is honest and one
that says 2099; receipts that come, come late, are lost or are shown again; sticks that take weeks.
"""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kiosk.instants import DRIFT_PPM, Interval, Moment
from kiosk.journal.door_keys import DoorKeys
from kiosk.journal.entries import Note
from kiosk.journal.facts import Membership
from kiosk.journal.journal import Journal
from kiosk.journal.outgoing import Circumstance
from sync.hub.ingest.models import Visit
from sync.hub.keyring import Keyring
from sync.wire.batch import Anchor, AnchorSource
from sync.wire.entry import Kind, WallClock
from sync.wire.envelope import Content, Envelope
from sync.wire.receipt import Receipt
from tests.sync.hub.conftest import NOW, PinnedClock
from tests.sync.hub.fake_door import FakeDoor, a_visit, an_enrolled_door

BEGIN_MS = int(NOW.timestamp() * 1000)
YEAR_MS = 365 * 86_400_000
LIE_MS = int(datetime(2099, 1, 1, tzinfo=UTC).timestamp()) * 1000
WORLDS = int(os.environ.get("CLOCK_WORLDS", "40"))
ROUNDING_MS = 4
"""Clock readings are cut to whole milliseconds, the door's own bounds to whole seconds."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A visit as it truly was."""

    true_ms: int
    boot_id: bytes
    boot_ms: int


@dataclass(slots=True)
class World:
    """One kiosk and its hub. `true_ms` is the time; the kiosk has only its own clocks."""

    journal: Journal
    door: FakeDoor
    clock: PinnedClock
    true_ms: int = BEGIN_MS
    began_ms: int = BEGIN_MS
    drift_ppm: int = 0
    wall_error_ms: int = 0
    boot_id: bytes = b"boot-of-the-test"
    lied_to: bool = False
    seen: list[Seen] = field(default_factory=list)
    honest: list[Anchor] = field(default_factory=list)
    on_stick: list[Envelope] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)

    def boot_ms(self) -> int:
        passed_ms = self.true_ms - self.began_ms
        return 5_000 + passed_ms + passed_ms * self.drift_ppm // 1_000_000

    def moment(self) -> Moment:
        return Moment(self.boot_id, self.boot_ms(), self.true_ms + self.wall_error_ms)

    def advance(self, ms: int) -> None:
        self.true_ms += ms
        self.clock.instant = datetime.fromtimestamp(self.true_ms / 1000, UTC)

    def now(self) -> Interval:
        return self.journal.now(self.moment())

    def see(self) -> None:
        now = self.now()
        if not self.lied_to:
            assert now.earliest_ms <= self.true_ms
            assert now.latest_ms is None or self.true_ms <= now.latest_ms
        latest_s = None if now.latest_ms is None else now.latest_ms // 1000
        body = a_visit(earliest_s=now.earliest_ms // 1000, latest_s=latest_s).to_bytes()
        self.journal.record(Note(Kind.VISIT, body, self.moment(), WallClock.UNSET))
        self.seen.append(Seen(self.true_ms, self.boot_id, self.boot_ms()))

    def begin_run(self) -> None:
        keys = DoorKeys(self.door.signing, self.door.sealing)
        self.journal.begin_run(keys, self.door.keys, "board", self.moment())

    def reboot(self, wall: int, drift_ppm: int) -> None:
        self.boot_id = secrets.token_bytes(16)
        self.began_ms, self.drift_ppm, self.lied_to = self.true_ms, drift_ppm, False
        self.set_wall(wall)
        path = self.journal_path
        self.journal.close()
        self.journal = Journal(path, deadline_s=30)
        self.begin_run()

    @property
    def journal_path(self) -> Path:
        return self.door_path / "journal.db"

    door_path: Path = Path()

    def set_wall(self, wall: int) -> None:
        """Set the wall clock to 1970, to 2001, right, or by so many ms ahead."""
        self.wall_error_ms = {1970: -self.true_ms, 2001: 1_000_000_000_000 - self.true_ms}.get(
            wall, wall
        )

    def hear_time_server(self, off_ms: int) -> None:
        """Honest: it is wrong by less than it says."""
        anchor = Anchor(
            *(self.boot_id, self.boot_ms(), self.true_ms + off_ms, abs(off_ms) + 1_000),
            AnchorSource.NTP,
        )
        self.journal.add_anchor(anchor, self.moment())

    def hear_liar(self) -> None:
        anchor = Anchor(self.boot_id, self.boot_ms(), LIE_MS, 1_000, AnchorSource.NTP)
        self.journal.add_anchor(anchor, self.moment())
        self.lied_to = True

    def batch(self) -> Envelope:
        circumstance = Circumstance(self.moment(), (), 0, "gapura test")
        outgoing = self.journal.next_batch(0, 500, circumstance)
        return Envelope(Content.BATCH, self.door.device, outgoing.message)

    def sync(self, up_ms: int, down_ms: int) -> None:
        receipt = self.sync_without_answer(up_ms)
        self.advance(down_ms)
        self.journal.apply_receipt(receipt, self.moment())

    def sync_without_answer(self, up_ms: int) -> Receipt:
        envelope = self.batch()
        self.advance(up_ms)
        return self.arrive(envelope)

    def arrive(self, envelope: Envelope) -> Receipt:
        receipt = self.door.carry("/v1/sync", envelope).receipt
        assert receipt is not None
        assert not receipt.conflict
        self.receipts.append(receipt)
        return receipt

    def fill_stick(self) -> None:
        self.on_stick.append(self.batch())

    def carry_stick(self) -> None:
        """Bring all of it to the hub, the last first, and the receipts to the kiosk."""
        for envelope in reversed(self.on_stick):
            self.journal.apply_receipt(self.arrive(envelope), self.moment())
        self.on_stick.clear()

    def replay(self, place: int) -> None:
        if self.receipts:
            old = self.receipts[place % len(self.receipts)]
            self.journal.apply_receipt(old, self.moment())


spans = st.sampled_from([0, 900, 30_000, 3_600_000, 86_400_000, 21 * 86_400_000])
walls = st.sampled_from([1970, 2001, 0, YEAR_MS, -7_200_000])
drifts = st.integers(-DRIFT_PPM + 1, DRIFT_PPM - 1)
steps = st.one_of(
    st.tuples(st.just("see")),
    st.tuples(st.just("see")),
    st.tuples(st.just("advance"), spans),
    st.tuples(st.just("reboot"), walls, drifts),
    st.tuples(st.just("set_wall"), walls),
    st.tuples(st.just("hear_time_server"), st.integers(-3_000, 3_000)),
    st.tuples(st.just("hear_liar")),
    st.tuples(st.just("sync"), st.integers(0, 5_000), st.integers(0, 60_000)),
    st.tuples(st.just("sync_without_answer"), st.integers(0, 5_000)),
    st.tuples(st.just("fill_stick")),
    st.tuples(st.just("carry_stick")),
    st.tuples(st.just("replay"), st.integers(0, 50)),
)


@contextmanager
def a_world(keyring: Keyring, clock: PinnedClock) -> Iterator[World]:
    clock.instant = NOW
    before = transaction.savepoint()
    door = an_enrolled_door(keyring, secrets.token_hex(4))
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder) / "journal.db", deadline_s=30)
        world = World(journal, door, clock, door_path=Path(folder))
        keys = DoorKeys(door.signing, door.sealing)
        membership = Membership(
            *(door.device, b"door", "https://hub.example", b""),
            *(keyring.root_public, b"", b""),
        )
        world.journal.join(membership, keys, "board", world.moment())
        world.begin_run()
        try:
            yield world
        finally:
            world.journal.close()
            transaction.savepoint_rollback(before)


@settings(
    max_examples=WORLDS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize="CLOCK_WORLDS" not in os.environ,
    database=None,
    phases=(Phase.generate,),
)
@given(script=st.lists(steps, min_size=5, max_size=40))
def test_every_visit_lies_within_its_interval(
    keyring: Keyring, clock: PinnedClock, script: list[tuple[object, ...]]
) -> None:
    with a_world(keyring, clock) as world:
        for name, *words in script:
            getattr(world, str(name))(*words)
            world.advance(1)
            assert _known_ms(world) <= world.true_ms, "a floor that has not passed locks out"
        world.carry_stick()
        world.sync(10, 10)
        world.sync(10, 10)
        _judge(world)


def _known_ms(world: World) -> int:
    """Return the floor, which nothing ever lowers."""
    return world.journal._ledger.floor_ms


def _judge(world: World) -> None:
    rows = list(Visit.objects.filter(entry__epoch__device=world.door.row).order_by("entry__seq"))
    assert len(rows) == len(world.seen)
    anchors = _honest_anchors(world)
    for row, seen in zip(rows, world.seen, strict=True):
        assert row.lower_ms <= seen.true_ms <= row.upper_ms
        near = min(
            (anchor for anchor in anchors if anchor.boot_id == seen.boot_id),
            key=lambda anchor: abs(anchor.boot_ms - seen.boot_ms),
            default=None,
        )
        if near is not None:
            distance_ms = abs(near.boot_ms - seen.boot_ms)
            allowed_ms = 2 * (near.error_ms + distance_ms * DRIFT_PPM / 1_000_000) + ROUNDING_MS
            assert row.upper_ms - row.lower_ms <= allowed_ms
    for before, after in pairwise(rows):
        assert before.lower_ms <= after.lower_ms
        assert before.upper_ms <= after.upper_ms


def _honest_anchors(world: World) -> list[Anchor]:
    """Return what the hub was told of the time that is not the lie."""
    return [
        Anchor(row.boot_id, row.boot_ms, row.true_ms, row.error_ms, AnchorSource(row.source))
        for row in world.door.row.anchors.all()
        if row.true_ms != LIE_MS
    ]
