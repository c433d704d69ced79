"""The courier carries bytes: it is told what to carry, and believed in nothing."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_mock import MockerFixture

from kiosk.courier.conduct import Conduct, Misdeed
from kiosk.courier.desk import Desk
from kiosk.errors import JournalFault
from kiosk.journal.entries import Note
from kiosk.standing import Stage
from sync.wire.batch import Reading, State, open_batch
from sync.wire.enrolment import open_request
from sync.wire.entry import Kind, WallClock
from sync.wire.envelope import Content, Envelope, open_envelope
from sync.wire.keys import DeviceId
from sync.wire.link import Answer, Ask, Request
from tests.kiosk.hub import Hub
from tests.kiosk.joining import Kiosk

HEALTH = (Reading("backlog_entries", State.OK, 1),)


class Visitor:
    """A courier at the desk of a kiosk."""

    def __init__(self, state_dir: Path) -> None:
        self.recorded = 0
        self.kiosk = Kiosk(state_dir)
        self.conduct = Conduct(lambda: self.kiosk.clock.boot_ms)
        self.desk = Desk(
            self.kiosk.journal,
            self.kiosk.standing,
            lambda: HEALTH,
            self.kiosk.clock.moment,
            "gapura test",
            conduct=self.conduct,
        )

    def fetch(self, after_seq: int = 0, most: int = 500) -> Answer:
        return self.desk.answer(Request(Ask.FETCH, after_seq, most))

    def deliver(self, content: Content, message: bytes) -> Answer:
        envelope = Envelope(content, DeviceId(bytes(16)), message)
        return self.desk.answer(Request(Ask.DELIVER, envelope=envelope.to_bytes()))

    def join(self) -> None:
        self.kiosk.standing.show_card(self.kiosk.hub.card())

    def bundle(self, version: int = 1) -> bytes:
        return self.kiosk.hub.bundle(self.kiosk.keys, version=version)

    def record(self) -> None:
        self.recorded += 1
        moment = self.kiosk.clock.moment()
        self.kiosk.journal.record(Note(Kind.EVENT, b"x", moment, WallClock.UNSET))


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    visitor = Visitor(tmp_path)
    yield visitor
    visitor.kiosk.journal.close()


def test_a_kiosk_of_no_hub_has_nothing_to_carry(visitor: Visitor) -> None:
    assert visitor.desk.answer(Request(Ask.HELLO)) == Answer()
    assert visitor.fetch() == Answer()
    assert "no hub" in visitor.deliver(Content.BUNDLE, b"x").error
    assert "no hub" in visitor.deliver(Content.RECEIPT, b"x").error


def test_hello_says_where_the_hub_is(visitor: Visitor) -> None:
    visitor.join()
    answer = visitor.desk.answer(Request(Ask.HELLO))
    assert (answer.hub_url, answer.ca_pin) == ("https://hub.example.go.id", bytes(32))
    assert (answer.earliest_ms, answer.latest_ms) == (0, None)


def test_hello_says_what_is_known_of_the_time(visitor: Visitor) -> None:
    """By it the courier judges the dates of certificates: it has no clock that it could trust."""
    visitor.join()
    visitor.deliver(Content.BUNDLE, visitor.bundle())
    hub, keys = visitor.kiosk.hub, visitor.kiosk.keys
    receipt = hub.take(open_envelope(visitor.fetch().envelope).message, keys.signing_public)
    visitor.deliver(Content.RECEIPT, hub.sign(receipt))
    answer = visitor.desk.answer(Request(Ask.HELLO))
    assert answer.latest_ms is not None
    assert answer.earliest_ms <= receipt.hub_time_ms <= answer.latest_ms
    assert answer.latest_ms - answer.earliest_ms < 1_000


def test_until_the_bundle_has_come_the_request_is_what_goes_up(visitor: Visitor) -> None:
    visitor.join()
    answer = visitor.fetch()
    envelope = open_envelope(answer.envelope)
    assert envelope.content is Content.ENROLMENT
    request = open_request(envelope.message, visitor.kiosk.hub.sealing_key)
    assert envelope.device == request.device
    assert visitor.deliver(Content.BUNDLE, visitor.bundle()) == Answer()
    assert visitor.kiosk.standing.stage is Stage.ENROLLED
    assert open_envelope(visitor.fetch().envelope).content is Content.BATCH


def test_a_batch_carries_health_version_and_software(visitor: Visitor) -> None:
    visitor.join()
    visitor.deliver(Content.BUNDLE, visitor.bundle(version=9))
    for _ in range(3):
        visitor.record()
    answer = visitor.fetch(most=2)
    batch = open_batch(open_envelope(answer.envelope).message, visitor.kiosk.keys.signing_public)
    assert (batch.health, batch.bundle_version, batch.software) == (HEALTH, 9, "gapura test")
    assert (answer.last_seq, answer.more) == (2, True)
    assert visitor.fetch(after_seq=2).more is False


def test_a_batch_without_a_reference_says_version_0(visitor: Visitor) -> None:
    visitor.join()
    visitor.deliver(Content.BUNDLE, visitor.bundle())
    visitor.kiosk.standing.reference = None
    message = open_envelope(visitor.fetch().envelope).message
    assert open_batch(message, visitor.kiosk.keys.signing_public).bundle_version == 0


def test_a_receipt_settles_and_is_remembered(visitor: Visitor) -> None:
    visitor.join()
    visitor.deliver(Content.BUNDLE, visitor.bundle())
    visitor.record()
    assert visitor.desk.last_receipt_boot_ms is None
    hub, keys = visitor.kiosk.hub, visitor.kiosk.keys
    receipt = hub.take(open_envelope(visitor.fetch().envelope).message, keys.signing_public)
    assert visitor.deliver(Content.RECEIPT, hub.sign(receipt)) == Answer()
    assert visitor.kiosk.journal.backlog() == 0
    assert visitor.desk.last_receipt_boot_ms == visitor.kiosk.clock.boot_ms


def test_a_false_receipt_settles_nothing(visitor: Visitor) -> None:
    visitor.join()
    visitor.deliver(Content.BUNDLE, visitor.bundle())
    visitor.record()
    hub, keys = visitor.kiosk.hub, visitor.kiosk.keys
    receipt = hub.take(open_envelope(visitor.fetch().envelope).message, keys.signing_public)
    assert visitor.deliver(Content.RECEIPT, Hub().sign(receipt)).error
    foreign = hub.sign(replace(receipt, epoch=bytes(16)))
    assert "another journal" in visitor.deliver(Content.RECEIPT, foreign).error
    hub.receipt_key = hub.bundle_key
    assert visitor.deliver(Content.RECEIPT, hub.sign(receipt)).error
    assert visitor.kiosk.journal.backlog() == 1
    assert visitor.desk.last_receipt_boot_ms is None
    assert visitor.conduct.lately() == (3, Misdeed.FORGED.value)


def test_an_older_bundle_is_refused_in_words(visitor: Visitor) -> None:
    visitor.join()
    visitor.deliver(Content.BUNDLE, visitor.bundle(version=2))
    assert "older" in visitor.deliver(Content.BUNDLE, visitor.bundle(version=1)).error


@pytest.mark.parametrize("content", [Content.BATCH, Content.ENROLMENT])
def test_a_kiosk_takes_nothing_else(visitor: Visitor, content: Content) -> None:
    visitor.join()
    assert "only" in visitor.deliver(content, b"x").error


@pytest.mark.parametrize("junk", [b"", b"\0", b"\xff" * 100, bytes(10_000)])
def test_junk_is_answered_with_an_error(visitor: Visitor, junk: bytes) -> None:
    visitor.join()
    assert visitor.desk.answer(Request(Ask.DELIVER, envelope=junk)).error
    assert visitor.deliver(Content.BUNDLE, junk).error
    assert visitor.deliver(Content.RECEIPT, junk).error


def test_what_the_hub_confirms_does_not_grow_old(visitor: Visitor) -> None:
    """A receipt that names the bundle that is here says that nothing is newer; no other does."""
    visitor.join()
    visitor.deliver(Content.BUNDLE, visitor.bundle(version=3))
    reference = visitor.kiosk.standing.reference
    assert reference is not None
    issued_ms = reference.confirmed_ms
    for version, confirmed_ms in ((2, issued_ms), (3, issued_ms + 86_400_000)):
        visitor.kiosk.standing.confirm(version, issued_ms + 86_400_000)
        reference = visitor.kiosk.standing.reference
        assert reference is not None
        assert reference.confirmed_ms == confirmed_ms
    assert visitor.kiosk.journal.confirmation() == (3, issued_ms + 86_400_000)


def test_a_bundle_that_is_here_is_not_published_again(visitor: Visitor) -> None:
    visitor.join()
    visitor.deliver(Content.BUNDLE, visitor.bundle(version=3))
    before = visitor.kiosk.standing.reference
    assert not visitor.deliver(Content.BUNDLE, visitor.bundle(version=3)).error
    assert visitor.kiosk.standing.reference is before


def test_a_journal_without_an_answer_is_no_misdeed_of_the_couriers(
    visitor: Visitor, mocker: MockerFixture
) -> None:
    visitor.join()
    fault = JournalFault("the card does not answer", hint="replace it")
    mocker.patch.object(visitor.kiosk.journal, "now", side_effect=fault)
    assert "does not answer" in visitor.desk.answer(Request(Ask.HELLO)).error
    assert visitor.conduct.lately()[0] == 0


def test_what_the_courier_says_of_the_radio_is_handed_on(tmp_path: Path) -> None:
    """And any request of its shows that it lives."""
    told: list[int | None] = []
    kiosk = Kiosk(tmp_path)
    desk = Desk(
        *(kiosk.journal, kiosk.standing, lambda: HEALTH, kiosk.clock.moment, "gapura test"),
        radio=told.append,
    )
    kiosk.clock.advance(1_000)
    for dbm in (-56, None):
        assert desk.answer(Request(Ask.RADIO, radio_dbm=dbm)) == Answer()
    assert told == [-56, None]
    assert desk.last_asked_boot_ms == kiosk.clock.boot_ms
    kiosk.journal.close()
