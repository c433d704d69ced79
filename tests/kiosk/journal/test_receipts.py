"""A receipt settles what this journal has, as the hub has it, and only ever tells the time."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.journal.database import open_database, rows
from sync.wire.receipt import Receipt, Rejection
from tests.kiosk.enrolled import Enrolled
from tests.kiosk.hub import STRANGE_NONCE


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Enrolled]:
    kiosk = Enrolled(tmp_path)
    for number in range(6):
        kiosk.record(f"visit {number}".encode())
    yield kiosk
    kiosk.journal.close()


def _without_nonce(receipt: Receipt) -> Receipt:
    return replace(receipt, nonce=STRANGE_NONCE)


def test_the_answer_to_a_batch_settles_it(kiosk: Enrolled) -> None:
    assert kiosk.journal.backlog() == 6
    assert kiosk.deliver(kiosk.send(most=4))
    assert kiosk.journal.backlog() == 2
    assert [entry.header.seq for entry in kiosk.batch().entries] == [5, 6]


def test_what_is_settled_outlives_a_restart(kiosk: Enrolled) -> None:
    kiosk.deliver(kiosk.send())
    kiosk.restart()
    assert kiosk.journal.backlog() == 0


def test_a_receipt_from_a_stick_settles_weeks_later_without_its_nonce(kiosk: Enrolled) -> None:
    receipt = kiosk.send()
    kiosk.restart()
    kiosk.clock.advance(21 * 86_400_000)
    assert kiosk.deliver(receipt)
    assert kiosk.journal.backlog() == 0


def test_an_old_receipt_shown_again_takes_nothing_back(kiosk: Enrolled) -> None:
    old = kiosk.send(most=2)
    kiosk.deliver(old)
    kiosk.deliver(kiosk.send())
    assert kiosk.deliver(old)
    assert kiosk.deliver(_without_nonce(old))
    assert kiosk.journal.backlog() == 0


def test_a_hub_that_was_restored_is_sent_again_what_it_lost(kiosk: Enrolled) -> None:
    kiosk.deliver(kiosk.send(most=2))
    restored = kiosk.send(most=0)
    kiosk.deliver(kiosk.send())
    fresh = replace(restored, nonce=kiosk.batch().nonce)
    kiosk.deliver(fresh)
    assert kiosk.journal.backlog() == 4


def test_after_a_restore_a_receipt_from_before_it_settles_nothing(kiosk: Enrolled) -> None:
    """Else a courier that kept one could have unsent visits deleted."""
    before = kiosk.send()
    kiosk.deliver(before)
    kiosk.clock.advance(60_000)
    batch = kiosk.batch()
    kiosk.deliver(replace(kiosk.hub.receipt(batch, acked_through=0, chain=bytes(32))))
    assert kiosk.journal.backlog() == 6
    kiosk.deliver(before)
    assert kiosk.journal.backlog() == 6
    kiosk.clock.advance(60_000)
    kiosk.deliver(_without_nonce(kiosk.send()))
    assert kiosk.journal.backlog() == 0


def test_a_receipt_for_another_journal_changes_nothing(kiosk: Enrolled) -> None:
    receipt = kiosk.send()
    kiosk.clock.advance(1000)
    floor_ms = kiosk.journal.now(kiosk.clock.moment()).earliest_ms
    later_ms = receipt.hub_time_ms + 10_000_000
    for foreign in (
        replace(receipt, epoch=bytes(16), hub_time_ms=later_ms, nonce=STRANGE_NONCE),
        replace(receipt, device=bytes(16), hub_time_ms=later_ms, nonce=STRANGE_NONCE),
    ):
        assert not kiosk.deliver(foreign)
    assert kiosk.journal.backlog() == 6
    assert kiosk.journal.now(kiosk.clock.moment()).earliest_ms == floor_ms


@pytest.mark.parametrize(
    "changed",
    [
        {"chain": bytes(32)},
        {"conflict": True},
        {"acked_through": 5},
        {"acked_through": 7},
        {"acked_through": 2**40},
    ],
)
def test_what_the_hub_has_otherwise_does_not_settle(
    kiosk: Enrolled, changed: dict[str, object]
) -> None:
    receipt = kiosk.send()
    assert kiosk.deliver(replace(receipt, **changed))  # type: ignore[arg-type]
    assert kiosk.journal.backlog() == 6


def test_what_was_rejected_is_kept_and_remembered(kiosk: Enrolled, tmp_path: Path) -> None:
    receipt = replace(kiosk.send(), rejected=((2, Rejection.CANNOT_OPEN), (3, Rejection.NO_RUN)))
    kiosk.deliver(receipt)
    again = kiosk.hub.receipt(
        kiosk.batch(),
        acked_through=6,
        chain=receipt.chain,
        rejected=((3, Rejection.UNREADABLE),),
    )
    kiosk.deliver(again)
    kiosk.journal.close()
    connection = open_database(tmp_path / "journal.db")
    found = rows(connection, "SELECT seq, reason FROM rejected ORDER BY seq")
    kept = rows(connection, "SELECT seq FROM entry ORDER BY seq")
    connection.close()
    assert found == [(2, Rejection.CANNOT_OPEN), (3, Rejection.UNREADABLE)]
    assert [seq for (seq,) in kept] == [1, 2, 3, 4, 5, 6]


def test_a_receipt_for_an_earlier_epoch_settles_that_one(kiosk: Enrolled) -> None:
    receipt = kiosk.send()
    kiosk.restart(board="another board")
    kiosk.record(b"new epoch")
    kiosk.deliver(receipt)
    assert kiosk.journal.backlog() == 1


def test_hub_signed_time_raises_the_floor_and_nothing_lowers_it(kiosk: Enrolled) -> None:
    receipt = _without_nonce(kiosk.send())
    high_ms = receipt.hub_time_ms + 5_000_000
    kiosk.deliver(replace(receipt, hub_time_ms=high_ms))
    kiosk.deliver(replace(receipt, hub_time_ms=high_ms - 1_000_000))
    kiosk.journal.took_bundle((1, 1), high_ms - 2_000_000)
    assert kiosk.journal.now(kiosk.clock.moment()).earliest_ms == high_ms
    kiosk.restart()
    assert kiosk.journal.now(kiosk.clock.moment()).earliest_ms == high_ms
    kiosk.journal.took_bundle((1, 2), high_ms + 1)
    assert kiosk.journal.now(kiosk.clock.moment()).earliest_ms == high_ms + 1


def test_time_without_a_nonce_is_a_lower_bound_and_no_more(kiosk: Enrolled) -> None:
    receipt = _without_nonce(kiosk.send())
    kiosk.deliver(receipt)
    known = kiosk.journal.now(kiosk.clock.moment())
    assert (known.earliest_ms, known.latest_ms) == (receipt.hub_time_ms, None)
