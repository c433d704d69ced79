"""A courier that was broken into: it can delay and be noticed, and nothing more.

The desk, journal and socket are the real ones; what the courier says is drawn by chance from all
that it has ever seen.
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from random import Random

import pytest

from kiosk.courier.server import CourierServer
from kiosk.health.courier import CourierCheck
from sync.uplink.door import DoorSocket
from sync.wire.batch import State
from sync.wire.entry import Kind
from sync.wire.envelope import Content, Envelope, open_envelope
from sync.wire.keys import DeviceId
from sync.wire.link import LENGTH, Answer, Ask, Request, encode_request
from tests.kiosk.courier.test_desk import Visitor
from tests.kiosk.hub import Hub

STEPS = 400
# A visitor notices half a second; the journal gives up after two.
SLOWEST_S = 0.5


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    visitor = Visitor(tmp_path)
    visitor.join()
    visitor.deliver(Content.BUNDLE, visitor.bundle(version=5))
    yield visitor
    visitor.kiosk.journal.close()


class Hostile:
    """Remembers every batch and every receipt, and what it did with them is up to chance."""

    def __init__(self, visitor: Visitor, door: DoorSocket, chance: Random) -> None:
        self.visitor = visitor
        self.door = door
        self.chance = chance
        self.batches: list[bytes] = []
        self.down = [(Content.BUNDLE, visitor.bundle(version=version)) for version in (1, 3, 5)]

    def step(self) -> None:
        self.chance.choice(
            (self.see, self.fetch, self.fetch, self.carry, self.replay, self.forge, self.lie)
        )()

    def see(self) -> None:
        self.visitor.record()

    def fetch(self) -> None:
        after, most = self.chance.randrange(-1, 400), self.chance.choice((0, 1, 7, 500, 2**40))
        answer = self.ask(Request(Ask.FETCH, max(after, 0), most))
        if answer.envelope:
            self.batches.append(open_envelope(answer.envelope).message)

    def carry(self) -> None:
        """Bring a batch of any age to the hub, and its receipt back, or keep it for later."""
        if self.batches:
            message = self.chance.choice(self.batches)
            hub, keys = self.visitor.kiosk.hub, self.visitor.kiosk.keys
            with suppress(AssertionError):  # a gap that this hub of the tests does not take
                signed = hub.sign(hub.take(message, keys.signing_public))
                self.down.append((Content.RECEIPT, signed))
                if self.chance.random() < 0.5:
                    self.deliver(Content.RECEIPT, signed)

    def replay(self) -> None:
        self.deliver(*self.chance.choice(self.down))

    def forge(self) -> None:
        content, message = self.chance.choice(self.down)
        place = self.chance.randrange(len(message))
        bent = message[:place] + bytes([message[place] ^ 1]) + message[place + 1 :]
        assert self.deliver(content, bent).error

    def lie(self) -> None:
        """Sign with the keys of another hub whatever would be convenient."""
        stranger, kiosk = Hub(), self.visitor.kiosk
        if self.batches:
            receipt = kiosk.hub.take(self.batches[0], kiosk.keys.signing_public)
            assert self.deliver(Content.RECEIPT, stranger.sign(receipt)).error
        assert self.deliver(Content.BUNDLE, stranger.bundle(kiosk.keys, version=99)).error

    def deliver(self, content: Content, message: bytes) -> Answer:
        envelope = Envelope(content, DeviceId(bytes(16)), message)
        return self.ask(Request(Ask.DELIVER, envelope=envelope.to_bytes()))

    def ask(self, request: Request) -> Answer:
        return self.door.ask(request)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_is_lost_invented_or_rolled_back(
    seed: int, visitor: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.courier.turns._LEAST_REST_S", 0.0)
    monkeypatch.setattr("kiosk.courier.turns._MOST_REST_S", 0.0)
    chance, kiosk = Random(seed), visitor.kiosk
    server = CourierServer(tmp_path / "c.sock", visitor.desk.answer, visitor.conduct)
    try:
        hostile = Hostile(visitor, DoorSocket(tmp_path / "c.sock"), chance)
        versions = []
        for _ in range(STEPS):
            hostile.step()
            assert kiosk.standing.reference is not None
            versions.append(kiosk.standing.reference.version)
            kept = kiosk.hub.kept.values()
            # Settled is never more than what the hub has.
            assert kiosk.journal.backlog() >= visitor.recorded - sum(len(k.bodies) for k in kept)
        assert set(versions) == {5}
        deliver_honestly(visitor)
    finally:
        server.close()
    assert kiosk.journal.backlog() == 0
    (kept_at_last,) = kiosk.hub.kept.values()
    assert [header.seq for header in kept_at_last.headers] == list(range(1, visitor.recorded + 1))
    assert {header.kind for header in kept_at_last.headers} == {int(Kind.EVENT)}
    assert CourierCheck(visitor.conduct.lately).find().state is State.BAD


def deliver_honestly(visitor: Visitor) -> None:
    hub, keys = visitor.kiosk.hub, visitor.kiosk.keys
    for _ in range(10):
        answer = visitor.fetch()
        receipt = hub.take(open_envelope(answer.envelope).message, keys.signing_public)
        assert not visitor.deliver(Content.RECEIPT, hub.sign(receipt)).error
        if not visitor.kiosk.journal.backlog():
            return


def _flood(path: Path, said: bytes, over: threading.Event) -> None:
    while not over.is_set():
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(2)
            connection.connect(str(path))
            while not over.is_set():
                connection.sendall(said)
                connection.recv(1 << 20)


@pytest.mark.parametrize(
    "said",
    [
        encode_request(Request(Ask.FETCH, most_entries=500)),
        encode_request(Request(Ask.HELLO)),
        LENGTH.pack(0) * 1000,
        b"\xff" * 65_536,
    ],
    ids=["fetch", "hello", "empty frames", "garbage"],
)
def test_a_flood_does_not_keep_a_visitor_waiting(
    said: bytes, visitor: Visitor, tmp_path: Path
) -> None:
    for _ in range(500):
        visitor.record()
    path, over = tmp_path / "c.sock", threading.Event()
    server = CourierServer(path, visitor.desk.answer, visitor.conduct)
    with ExitStack() as stack:
        stack.callback(server.close)
        for _ in range(6):
            thread = threading.Thread(target=_flood, args=(path, said, over))
            thread.start()
            stack.callback(thread.join)
        stack.callback(over.set)
        took_s = []
        for _ in range(40):
            began_s = time.monotonic()
            visitor.record()
            took_s.append(time.monotonic() - began_s)
            time.sleep(0.02)
    # One slow answer is the machine's; a queue of the courier's would be in most of them.
    assert sorted(took_s)[len(took_s) * 9 // 10] < SLOWEST_S


def test_the_honest_courier_gets_through_beside_those_that_hang(
    visitor: Visitor, tmp_path: Path
) -> None:
    path = tmp_path / "c.sock"
    visitor.record()
    server = CourierServer(path, visitor.desk.answer, visitor.conduct)
    with ExitStack() as stack:
        stack.callback(server.close)
        for said in (b"", b"\0", LENGTH.pack(1_000_000) + b"x", b"") * 4:
            hanging = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
            hanging.connect(str(path))
            hanging.sendall(said)
        began_s = time.monotonic()
        assert DoorSocket(path).ask(Request(Ask.FETCH, most_entries=500)).envelope
        assert time.monotonic() - began_s < 3
    assert visitor.conduct.lately()[0] >= 10
