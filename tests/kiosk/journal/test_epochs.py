"""After a conflict a new epoch carries over what is not settled: nothing is lost."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copyfile

import pytest

from kiosk.journal.database import open_database, rows
from sync.wire.entry import Kind
from sync.wire.receipt import Receipt
from tests.kiosk.enrolled import BOARD, Enrolled, membership
from tests.kiosk.hub import STRANGE_NONCE

ANEW_MS = 600_000


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Enrolled]:
    kiosk = Enrolled(tmp_path)
    yield kiosk
    kiosk.journal.close()


def _record(kiosk: Enrolled, *names: str) -> None:
    for name in names:
        kiosk.record(name.encode())


def _conflict(kiosk: Enrolled) -> Receipt:
    batch = kiosk.batch()
    return kiosk.hub.receipt(batch, acked_through=0, chain=bytes(32), conflict=True)


def _drain(kiosk: Enrolled) -> None:
    while kiosk.journal.backlog():
        kiosk.deliver(kiosk.send())


def test_what_was_not_settled_arrives_under_the_new_epoch(kiosk: Enrolled) -> None:
    _record(kiosk, "a", "b")
    kiosk.deliver(kiosk.send())
    _record(kiosk, "c")
    kiosk.restart()
    _record(kiosk, "d")
    before = kiosk.batch().epoch
    kiosk.deliver(_conflict(kiosk))
    _record(kiosk, "e")
    batch = kiosk.batch()
    assert batch.epoch != before
    assert [entry.header.kind for entry in batch.entries] == [
        *(Kind.CARRIED, Kind.CARRIED, Kind.VISIT)
    ]
    assert [adoption.run_no for adoption in batch.adopted] == [1, 2]
    _drain(kiosk)
    assert kiosk.bodies() == [b"a", b"b", b"c", b"d", b"e"]


def test_times_are_those_of_the_first_recording(kiosk: Enrolled) -> None:
    _record(kiosk, "a")
    (first,) = kiosk.batch().entries
    kiosk.clock.advance(5_000_000)
    kiosk.deliver(_conflict(kiosk))
    (carried,) = kiosk.batch().entries
    assert (carried.header.boot_ms, carried.header.wall_ms, carried.header.nonce) == (
        *(first.header.boot_ms, first.header.wall_ms, first.header.nonce),
    )


def test_a_second_conflict_carries_the_same_entries_on(kiosk: Enrolled) -> None:
    _record(kiosk, "a", "b")
    kiosk.deliver(_conflict(kiosk))
    _record(kiosk, "c")
    kiosk.clock.advance(ANEW_MS)
    kiosk.deliver(_conflict(kiosk))
    _record(kiosk, "d")
    assert len(kiosk.batch().entries) == 4
    _drain(kiosk)
    assert kiosk.bodies() == [b"a", b"b", b"c", b"d"]


def test_a_new_epoch_outlives_a_restart(kiosk: Enrolled) -> None:
    _record(kiosk, "a")
    kiosk.deliver(_conflict(kiosk))
    epoch = kiosk.batch().epoch
    kiosk.restart()
    _record(kiosk, "b")
    assert kiosk.batch().epoch == epoch
    _drain(kiosk)
    assert kiosk.bodies() == [b"a", b"b"]


def test_a_card_restored_from_a_copy_parts_from_what_the_hub_has(
    kiosk: Enrolled, tmp_path: Path
) -> None:
    _record(kiosk, "a", "b")
    kiosk.journal.close()
    copyfile(kiosk.path, tmp_path / "copy")
    kiosk.open()
    kiosk.begin_run()
    _record(kiosk, "lost with the card")
    _drain(kiosk)
    known = kiosk.hub.receipt(kiosk.batch(), acked_through=3, chain=bytes(range(32)))
    kiosk.journal.close()
    copyfile(tmp_path / "copy", kiosk.path)
    kiosk.open()
    kiosk.begin_run()
    _record(kiosk, "c")
    kiosk.deliver(replace(known, nonce=kiosk.batch().nonce))
    _drain(kiosk)
    bodies = [body for kept in kiosk.hub.kept.values() for body in kept.bodies]
    assert bodies[-3:] == [b"a", b"b", b"c"]


@pytest.mark.parametrize("acked_through", [2, 7, 2**40])
def test_a_hub_that_acknowledges_other_entries_is_a_conflict(
    kiosk: Enrolled, acked_through: int
) -> None:
    _record(kiosk, "a", "b", "c")
    batch = kiosk.batch()
    kiosk.deliver(kiosk.hub.receipt(batch, acked_through=acked_through, chain=bytes(32)))
    assert kiosk.batch().epoch != batch.epoch
    assert kiosk.journal.backlog() == 3


def test_an_old_conflict_shown_again_begins_nothing(kiosk: Enrolled) -> None:
    """A courier that keeps one must not be able to wear the card out."""
    _record(kiosk, "a")
    old = _conflict(kiosk)
    kiosk.deliver(old)
    epoch = kiosk.batch().epoch
    kiosk.clock.advance(ANEW_MS)
    for again in (old, replace(old, epoch=epoch), replace(old, epoch=epoch, nonce=STRANGE_NONCE)):
        kiosk.deliver(again)
        assert kiosk.batch().epoch == epoch


def test_several_batches_answered_alike_begin_one_epoch(kiosk: Enrolled) -> None:
    _record(kiosk, "a")
    first, second = _conflict(kiosk), _conflict(kiosk)
    kiosk.deliver(first)
    epoch = kiosk.batch().epoch
    kiosk.clock.advance(ANEW_MS)
    kiosk.deliver(second)
    assert kiosk.batch().epoch == epoch


def test_a_hub_that_always_answers_so_does_not_wear_the_card_out(kiosk: Enrolled) -> None:
    _record(kiosk, "a")
    kiosk.deliver(_conflict(kiosk))
    epoch = kiosk.batch().epoch
    kiosk.clock.advance(ANEW_MS - 1)
    kiosk.deliver(_conflict(kiosk))
    assert kiosk.batch().epoch == epoch
    kiosk.clock.advance(1)
    kiosk.deliver(_conflict(kiosk))
    assert kiosk.batch().epoch != epoch


def test_without_a_run_a_conflict_begins_nothing(tmp_path: Path) -> None:
    """A kiosk that has joined another hub has nothing yet that could be in conflict."""
    kiosk = Enrolled(tmp_path)
    _record(kiosk, "a")
    kiosk.journal.join(membership(kiosk.hub, kiosk.keys), kiosk.keys, BOARD, kiosk.clock.moment())
    epoch = kiosk.batch().epoch
    kiosk.deliver(_conflict(kiosk))
    assert kiosk.batch().epoch == epoch
    kiosk.journal.close()


def test_before_a_run_has_begun_nothing_new_can_begin(kiosk: Enrolled) -> None:
    _record(kiosk, "a")
    receipt = _conflict(kiosk)
    epoch = kiosk.batch().epoch
    kiosk.journal.close()
    kiosk.open()
    kiosk.begin_run()
    kiosk.deliver(receipt)
    assert kiosk.batch().epoch == epoch


def test_many_entries_move_whole(kiosk: Enrolled, tmp_path: Path) -> None:
    for number in range(1203):
        kiosk.record(str(number).encode())
    kiosk.deliver(_conflict(kiosk))
    _drain(kiosk)
    assert kiosk.bodies() == [str(number).encode() for number in range(1203)]
    kiosk.journal.close()
    connection = open_database(tmp_path / "journal.db")
    assert rows(connection, "SELECT DISTINCT epoch_no FROM entry") == [(2,)]
    assert rows(connection, "SELECT epoch_no, adopted FROM run") == [(1, 0), (2, 1), (2, 0)]
    connection.close()
