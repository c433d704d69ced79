"""What goes onto a stick is sealed to the hub, and what a stick brings is believed for its seal."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kiosk.courier.desk import Desk
from kiosk.standing import Stage
from sync.wire.batch import open_batch
from sync.wire.envelope import Content, Envelope
from sync.wire.link import Answer, Ask, Request, StickState
from sync.wire.parcel import folder_of, open_parcel, pack_parcel
from tests.kiosk.courier.test_desk import Visitor
from tests.kiosk.hub import Hub


class Carrier(Visitor):
    """A courier that has a stick."""

    def pack(self, after_seq: int = 0, most: int = 500) -> Answer:
        return self.desk.answer(Request(Ask.PACK, after_seq, most))

    def opened(self, answer: Answer) -> Envelope:
        return open_parcel(answer.envelope, (self.kiosk.hub.sealing_key,))

    def unpack(
        self, content: Content, message: bytes, to: X25519PrivateKey | None = None
    ) -> Answer:
        envelope = Envelope(content, self.kiosk.keys.device, message)
        parcel = pack_parcel(envelope, (to or self.kiosk.keys.sealing).public_key())
        return self.desk.answer(Request(Ask.UNPACK, envelope=parcel))


@pytest.fixture
def carrier(tmp_path: Path) -> Iterator[Carrier]:
    carrier = Carrier(tmp_path)
    yield carrier
    carrier.kiosk.journal.close()


def test_a_kiosk_of_no_hub_packs_nothing(carrier: Carrier) -> None:
    assert carrier.pack() == Answer()
    assert "no hub" in carrier.desk.answer(Request(Ask.UNPACK, envelope=b"x")).error


def test_enrolment_by_stick(carrier: Carrier) -> None:
    carrier.join()
    answer = carrier.pack()
    assert carrier.opened(answer).content is Content.ENROLMENT
    assert answer.load is not None
    assert (answer.load.folder, answer.load.epoch) == (folder_of(carrier.kiosk.keys.device), b"")
    assert carrier.unpack(Content.BUNDLE, carrier.bundle()) == Answer()
    assert carrier.kiosk.standing.stage is Stage.ENROLLED


def test_a_batch_and_its_receipt_by_stick(carrier: Carrier) -> None:
    carrier.join()
    carrier.unpack(Content.BUNDLE, carrier.bundle())
    for _ in range(3):
        carrier.record()
    answer = carrier.pack(most=2)
    envelope = carrier.opened(answer)
    hub, keys = carrier.kiosk.hub, carrier.kiosk.keys
    batch = open_batch(envelope.message, keys.signing_public)
    assert len(batch.entries) == 2
    assert answer.load is not None
    assert answer.load.epoch == batch.epoch
    assert (answer.load.settled_seq, answer.load.newest_seq) == (0, 3)
    receipt = hub.take(envelope.message, keys.signing_public)
    assert carrier.unpack(Content.RECEIPT, hub.sign(receipt)) == Answer()
    settled = carrier.pack().load
    assert settled is not None
    assert settled.settled_seq == 2


def test_what_is_not_the_hubs_is_refused_and_is_not_the_couriers_fault(carrier: Carrier) -> None:
    """Anybody may have written on a stick."""
    carrier.join()
    carrier.unpack(Content.BUNDLE, carrier.bundle(version=2))
    assert "older" in carrier.unpack(Content.BUNDLE, carrier.bundle(version=1)).error
    assert carrier.unpack(Content.BUNDLE, Hub().bundle(carrier.kiosk.keys)).error
    other = X25519PrivateKey.generate()
    assert "somebody else" in carrier.unpack(Content.RECEIPT, b"x", to=other).error
    for junk in (b"", b"\0", bytes(10_000)):
        assert carrier.desk.answer(Request(Ask.UNPACK, envelope=junk)).error
    assert carrier.conduct.lately()[0] == 0


def test_how_the_stick_fares_is_passed_on_and_changes_nothing(carrier: Carrier) -> None:
    told: list[StickState] = []
    kiosk = carrier.kiosk
    desk = Desk(
        kiosk.journal, kiosk.standing, lambda: (), kiosk.clock.moment, "test", stick=told.append
    )
    for state in StickState:
        assert desk.answer(Request(Ask.STICK, stick=state)) == Answer()
    assert told == list(StickState)
