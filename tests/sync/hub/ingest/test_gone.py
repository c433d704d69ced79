"""What a hub has lost, and what a door has no more."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sync.hub.ingest.models import Entry, Epoch, Rejected
from sync.hub.keyring import Keyring
from sync.wire.receipt import MAX_REJECTED, Receipt
from tests.sync.hub.conftest import NOW, PinnedClock
from tests.sync.hub.fake_door import FakeDoor, an_enrolled_door, take


@pytest.fixture
def door(keyring: Keyring) -> FakeDoor:
    """The hub has four of its ten entries; the door knows all of them as settled."""
    found = an_enrolled_door(keyring)
    found.see(10)
    take(found.send(1, 4))
    return found


def send(door: FakeDoor, first: int, last: int | None = None, **changes: int) -> Receipt:
    batch = replace(door.batch(first, last), acked_through=10)
    return take(door.post(replace(batch, **changes)))  # type: ignore[arg-type]


def gaps() -> list[list[int]]:
    found: list[list[int]] = Epoch.objects.get().gaps
    return found


def test_a_door_is_asked_for_all_that_it_knows_as_settled(door: FakeDoor) -> None:
    """Also by an answer to new entries: it would not come to the others by itself."""
    assert send(door, 5, 5).missing == ((6, 10),)
    door.see()
    receipt = send(door, 11)
    assert (receipt.acked_through, receipt.missing) == (5, ((6, 10),))
    assert send(door, 6, 10).acked_through == 11
    assert gaps() == []


def test_what_is_gone_at_the_door_is_not_asked_for(door: FakeDoor) -> None:
    """Nor is it settled before the entry behind it is there: its chain value is not known yet."""
    receipt = send(door, 11, oldest_seq=8)
    assert (receipt.acked_through, receipt.missing) == (4, ((8, 10),))
    receipt = send(door, 9, oldest_seq=8)
    assert (receipt.acked_through, receipt.missing) == (4, ((8, 8),))
    assert gaps() == []


def test_what_neither_has_is_settled_and_recorded(door: FakeDoor) -> None:
    """The mark goes on, and the gap is known for ever."""
    receipt = send(door, 8, oldest_seq=8)
    assert (receipt.acked_through, receipt.chain, receipt.missing) == (10, door.chain, ())
    assert gaps() == [[5, 7]]
    door.see()
    assert send(door, 11, oldest_seq=8).acked_through == 11
    assert gaps() == [[5, 7]]


def test_a_gap_may_still_be_filled(door: FakeDoor) -> None:
    """By a stick that was forgotten in a drawer."""
    send(door, 8, oldest_seq=8)
    assert send(door, 6, 6, oldest_seq=8).acked_through == 10
    assert gaps() == [[5, 5], [7, 7]]
    send(door, 5, 7, oldest_seq=8)
    assert (gaps(), Entry.objects.count()) == ([], 10)


def test_a_door_that_has_nothing_left_is_settled(door: FakeDoor) -> None:
    """Its next entry hangs on to what it says came before."""
    receipt = send(door, 11, oldest_seq=11)
    assert (receipt.acked_through, receipt.chain, receipt.missing) == (10, door.chain, ())
    assert gaps() == [[5, 10]]
    door.see()
    assert send(door, 11, oldest_seq=11).acked_through == 11


def test_a_rejection_in_a_lost_receipt_is_listed_again(door: FakeDoor) -> None:
    """Until the door knows its entry as settled: it deletes what was not listed."""
    door.journal.pop()
    door.write(b"\xff not a visit")
    lost = take(door.send(5))
    assert send(door, 11, acked_through=4).rejected == lost.rejected != ()
    assert send(door, 11, acked_through=10).rejected == ()


def test_no_more_is_acknowledged_than_rejections_can_be_listed(door: FakeDoor) -> None:
    """The others are listed after these are settled."""
    for _ in range(MAX_REJECTED + 20):
        door.write(b"\xff not a visit")
    take(door.send(5, 400))
    receipt = send(door, 401, acked_through=4)
    mark = 10 + MAX_REJECTED
    assert (receipt.acked_through, receipt.chain) == (mark, door.journal[mark - 1].chain)
    assert len(receipt.rejected) == MAX_REJECTED
    rest = take(door.post(replace(door.batch(len(door.journal) + 1), acked_through=mark)))
    assert (rest.acked_through, len(rest.rejected)) == (mark + 20, 20)
    assert Rejected.objects.count() == MAX_REJECTED + 20


def test_a_batch_that_is_shown_again_makes_no_kiosk_look_alive(
    door: FakeDoor, clock: PinnedClock
) -> None:
    """It proves the newest of the hub's times that the kiosk had seen, and says nothing newer."""
    old = replace(door.batch(first=11), software="old")
    clock.pass_by(timedelta(hours=1))
    door.start()
    take(door.heartbeat())
    take(door.heartbeat(software="new"))
    assert door.row.last_contact == NOW + timedelta(hours=1)
    clock.pass_by(timedelta(days=9))
    take(door.post(old))
    assert (door.row.last_contact, door.row.software) == (NOW + timedelta(hours=1), "new")


def test_a_journal_of_before_does_not_become_the_current_one(
    door: FakeDoor, clock: PinnedClock
) -> None:
    """Pages and counts go by the epoch that was heard of last."""
    old = door.batch(first=11)
    clock.pass_by(timedelta(hours=1))
    take(door.heartbeat())
    door.begin_epoch()
    clock.pass_by(timedelta(minutes=1))
    take(door.heartbeat())
    clock.pass_by(timedelta(hours=1))
    take(door.post(old))
    assert Epoch.objects.latest("last_heard").epoch == door.epoch


def test_a_time_of_the_hubs_from_the_future_is_not_believed(door: FakeDoor) -> None:
    """The hub's own clock may have been wrong once."""
    take(door.heartbeat(known_ms=2**41))
    assert door.row.last_contact == NOW
