from dataclasses import replace

import pytest

from sync.hub.ingest.models import Entry, Happening, Rejected, Visit
from sync.hub.keyring import Keyring
from sync.wire.batch import Anchor, AnchorSource
from sync.wire.carried import read_carried
from sync.wire.entry import Kind, SealedEntry
from sync.wire.receipt import Rejection
from sync.wire.visit import Event
from tests.sync.hub.conftest import NOW
from tests.sync.hub.fake_door import FakeDoor, an_enrolled_door, take

_HOUR_AGO_MS = int(NOW.timestamp() * 1000) - 3_600_000


@pytest.fixture
def door(keyring: Keyring) -> FakeDoor:
    return an_enrolled_door(keyring)


def seen() -> list[bytes]:
    return [visit.sub or b"" for visit in Visit.objects.order_by("pk")]


def see(door: FakeDoor, *names: bytes) -> None:
    for name in names:
        door.see(sub=name.ljust(8))


def test_a_carried_entry_is_an_entry_of_its_new_epoch(door: FakeDoor) -> None:
    """With the visit that it says, sealed by a run of the epoch before."""
    see(door, b"a", b"b")
    old = door.journal[0]
    door.begin_epoch(carried=2)
    see(door, b"c")
    receipt = take(door.send())
    assert (receipt.acked_through, receipt.chain, receipt.rejected) == (3, door.chain, ())
    assert seen() == [b"a".ljust(8), b"b".ljust(8), b"c".ljust(8)]
    assert list(Entry.objects.order_by("seq").values_list("original", flat=True))[::2] == [
        old.chain,
        None,
    ]


def test_what_the_old_epoch_had_sent_is_no_second_visit(door: FakeDoor) -> None:
    """The very entry is stored already: the carried one is settled, and that is all."""
    see(door, b"a", b"b", b"c")
    take(door.send(1, 2))
    door.begin_epoch(carried=3)
    assert take(door.send()).acked_through == 3
    assert [name.strip() for name in seen()] == [b"a", b"b", b"c"]
    assert Entry.objects.count() == 5


def test_an_old_batch_that_comes_after_it_was_carried_is_no_second_visit(door: FakeDoor) -> None:
    """It may have lain on a stick."""
    see(door, b"a", b"b")
    door.write(Event("camera_frame_age_s", 31).to_bytes(), Kind.EVENT)
    late = door.batch()
    door.begin_epoch(carried=3)
    take(door.send())
    receipt = take(door.post(late))
    assert (receipt.acked_through, receipt.conflict) == (3, False)
    assert (Visit.objects.count(), Happening.objects.count(), Entry.objects.count()) == (2, 1, 6)


def test_an_old_entry_that_is_read_late_is_no_second_visit(door: FakeDoor) -> None:
    """Its run came after it had been carried."""
    see(door, b"a")
    take(door.send(runs=False))
    late = replace(door.batch(first=2), entries=())
    door.begin_epoch(carried=1)
    take(door.send())
    take(door.post(late))
    assert (Visit.objects.count(), Entry.objects.count(), Rejected.objects.count()) == (1, 2, 0)


def test_an_entry_that_is_carried_twice_is_one_visit(door: FakeDoor) -> None:
    """A second conflict, or a second salvage, before the first was settled; in one batch too."""
    see(door, b"a", b"b")
    door.begin_epoch(carried=2)
    first = door.batch()
    door.begin_epoch(carried=2)
    take(door.send())
    take(door.post(first))
    door.begin_epoch(carried=2)
    again = door.journal[0].sealed
    door.append(SealedEntry(again.header._replace(seq=3), again.sealed))
    assert take(door.send()).acked_through == 3
    assert [name.strip() for name in seen()] == [b"a", b"b"]


def test_the_same_words_of_another_entry_are_a_visit_of_their_own(door: FakeDoor) -> None:
    """An entry is told by its chain value, not by its number or its content."""
    see(door, b"a")
    take(door.send())
    door.begin_epoch()
    see(door, b"a")
    door.begin_epoch(carried=1)
    take(door.send())
    assert Visit.objects.count() == 2


def test_a_carried_entry_is_dated_by_the_boot_of_its_own_run(door: FakeDoor) -> None:
    """The outer header repeats the time of that boot."""
    see(door, b"a")
    anchor = Anchor(door.boot_id, door.boot_ms, _HOUR_AGO_MS, 50, AnchorSource.NTP)
    door.begin_epoch(carried=1)
    see(door, b"b")
    take(door.post(door.batch(anchors=(anchor,))))
    carried, later = Visit.objects.order_by("pk")
    assert (carried.time_ms, carried.error_ms) == (_HOUR_AGO_MS, 50)
    assert (later.time_ms, later.lower_ms) == (None, carried.lower_ms)


def test_a_carried_entry_that_does_not_open_is_rejected_alone(door: FakeDoor) -> None:
    """Altered, or not what it says, or under a run that is none of an earlier epoch."""
    see(door, b"a", b"b", b"c")
    door.begin_epoch(carried=3)
    kept, door.journal = list(door.journal), []
    altered = read_carried(kept[0].sealed.sealed)
    bodies = [replace(altered, sealed=bytes(90)).to_bytes(), b"\xff", kept[2].sealed.sealed]
    runs = [1, 1, 2]
    for old, body, run_no in zip(kept, bodies, runs, strict=True):
        door.append(SealedEntry(old.sealed.header._replace(run_no=run_no), body))
    see(door, b"d")
    assert take(door.send()).rejected == (
        (1, Rejection.CANNOT_OPEN),
        (2, Rejection.UNREADABLE),
        (3, Rejection.NO_RUN),
    )
    assert [name.strip() for name in seen()] == [b"d"]
