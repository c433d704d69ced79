"""A batch is signed, small enough for its hub, and begins where the courier says it may."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.errors import NotEnrolled
from kiosk.journal.outgoing import Circumstance
from sync.wire.batch import MAX_BYTES, MAX_ENTRIES, Reading, State, open_batch
from sync.wire.errors import BadSignature
from tests.kiosk.enrolled import Enrolled
from tests.kiosk.hub import STRANGE_NONCE, Hub


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Enrolled]:
    kiosk = Enrolled(tmp_path)
    yield kiosk
    kiosk.journal.close()


def test_without_entries_a_batch_still_carries_health_and_a_nonce(kiosk: Enrolled) -> None:
    reading = Reading("backlog_entries", State.OK, 0)
    circumstance = Circumstance(kiosk.clock.moment(), (reading,), 4, "gapura 1")
    outgoing = kiosk.journal.next_batch(0, 10, circumstance)
    batch = open_batch(outgoing.message, kiosk.keys.signing_public)
    assert (batch.entries, batch.runs, batch.health) == ((), (), (reading,))
    assert (batch.bundle_version, batch.software, batch.newest_seq) == (4, "gapura 1", 0)
    assert (batch.boot_id, batch.sent_boot_ms) == (kiosk.clock.boot_id, kiosk.clock.boot_ms)
    assert (outgoing.last_seq, outgoing.more) == (0, False)
    assert batch.nonce not in {STRANGE_NONCE, kiosk.batch().nonce}


def test_only_this_door_signs_so(kiosk: Enrolled) -> None:
    with pytest.raises(BadSignature):
        open_batch(kiosk.fetch(), Hub().root_public)


def test_batches_follow_one_another_before_any_answer(kiosk: Enrolled) -> None:
    for number in range(5):
        kiosk.record(str(number).encode())
    circumstance = Circumstance(kiosk.clock.moment(), (), 0, "gapura")
    outgoing = kiosk.journal.next_batch(0, 2, circumstance)
    assert (outgoing.last_seq, outgoing.more) == (2, True)
    kiosk.send(most=2)
    kiosk.send(after_seq=2, most=2)
    last = kiosk.journal.next_batch(4, 2, circumstance)
    assert (last.last_seq, last.more) == (5, False)
    kiosk.send(after_seq=4, most=2)
    assert kiosk.bodies() == [b"0", b"1", b"2", b"3", b"4"]


@pytest.mark.parametrize("most", [0, -1])
def test_asked_for_none_it_gives_none(kiosk: Enrolled, most: int) -> None:
    kiosk.record(b"x")
    assert kiosk.batch(most=most).entries == ()


def test_a_mark_of_another_epoch_skips_nothing(kiosk: Enrolled) -> None:
    """The courier counts on while the journal has gone over to the next epoch."""
    kiosk.record(b"x")
    assert [entry.header.seq for entry in kiosk.batch(after_seq=500).entries] == [1]


def test_a_batch_has_no_more_than_the_hub_takes_and_the_rest_follows(kiosk: Enrolled) -> None:
    """Every entry in a run of its own: a kiosk that falls over after each visit."""
    for number in range(MAX_ENTRIES):
        kiosk.begin_run()
        kiosk.record(b"x" * 95 + str(number).encode())
    message = kiosk.fetch(most=10_000)
    first = open_batch(message, kiosk.keys.signing_public).entries
    assert len(message) <= MAX_BYTES
    assert MAX_ENTRIES * 9 // 10 < len(first) < MAX_ENTRIES
    rest = kiosk.batch(after_seq=len(first)).entries
    assert [entry.header.seq for entry in first + rest] == list(range(1, MAX_ENTRIES + 1))


def test_large_entries_make_small_batches(kiosk: Enrolled) -> None:
    for _ in range(140):
        kiosk.record(bytes(1900))
    message = kiosk.fetch()
    assert MAX_BYTES * 9 // 10 < len(message) <= MAX_BYTES
    assert kiosk.journal.next_batch(
        0, 500, Circumstance(kiosk.clock.moment(), (), 0, "gapura test")
    ).more


def test_an_answer_that_comes_after_many_others_settles_all_the_same(kiosk: Enrolled) -> None:
    kiosk.record(b"x")
    receipt = kiosk.send()
    for _ in range(100):
        kiosk.fetch()
    kiosk.deliver(receipt)
    assert kiosk.journal.backlog() == 0
    assert kiosk.journal.now(kiosk.clock.moment()).latest_ms is None


def test_a_receipt_before_joining_is_refused(tmp_path: Path) -> None:
    kiosk = Enrolled(tmp_path)
    receipt = kiosk.send()
    kiosk.journal.close()
    kiosk.open()
    with pytest.raises(NotEnrolled):
        kiosk.deliver(receipt)
    kiosk.journal.close()


def test_what_the_hub_has_beyond_a_gap_is_not_sent_again(kiosk: Enrolled) -> None:
    """As after a stick of which one batch was lost."""
    for number in range(9):
        kiosk.record(str(number).encode())
    batch = kiosk.batch()
    nothing = kiosk.hub.receipt(batch, acked_through=0, chain=bytes(32))
    kiosk.deliver(replace(nothing, missing=((1, 2), (5, 6))))
    sent = [kiosk.batch(after_seq=after) for after in (0, 2, 6)]
    assert [[entry.header.seq for entry in one.entries] for one in sent] == [
        *([1, 2], [5, 6], [7, 8, 9]),
    ]
    kiosk.deliver(kiosk.hub.receipt(kiosk.batch(), acked_through=0, chain=bytes(32)))
    assert len(kiosk.batch().entries) == 9


def test_a_gap_that_was_never_written_is_passed_over(kiosk: Enrolled) -> None:
    kiosk.record(b"one")
    nothing = kiosk.hub.receipt(kiosk.batch(), acked_through=0, chain=bytes(32))
    kiosk.deliver(replace(nothing, missing=((2**40, 2**41),)))
    assert kiosk.batch(after_seq=1).entries == ()
    kiosk.deliver(kiosk.hub.receipt(kiosk.batch(), acked_through=0, chain=bytes(32)))
    assert len(kiosk.batch().entries) == 1
