import random
import secrets
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.hub.fleet.models import Device, DeviceStatus
from sync.hub.ingest.models import Conflict, Entry, Epoch, Happening, Rejected, Run, Visit
from sync.hub.keyring import Keyring
from sync.wire.batch import Anchor, AnchorSource
from sync.wire.entry import Kind, SealedEntry
from sync.wire.receipt import Rejection
from sync.wire.visit import Assisted, Event
from tests.sync.hub.conftest import NOW
from tests.sync.hub.fake_door import FakeDoor, a_visit, an_enrolled_door, take


@pytest.fixture
def door(keyring: Keyring) -> FakeDoor:
    return an_enrolled_door(keyring)


def test_what_was_opened_is_stored_and_acknowledged(door: FakeDoor) -> None:
    """The receipt names the last entry, the chain value there, the batch's nonce and the time."""
    door.see(3, outcome=3, reason=42)
    batch = door.batch()
    receipt = take(door.post(batch))
    assert (receipt.acked_through, receipt.chain) == (3, door.chain)
    assert (receipt.nonce, receipt.hub_time_ms) == (batch.nonce, int(NOW.timestamp() * 1000))
    assert not receipt.conflict
    assert not receipt.missing
    assert not receipt.rejected
    visit = Visit.objects.select_related("entry").latest("pk")
    assert (visit.outcome, visit.reason, visit.sub, visit.entry.seq) == (3, 42, b"subject1", 3)


def test_a_repeated_batch_is_counted_and_not_stored(door: FakeDoor) -> None:
    """The receipt may be lost: the same entries come again, and are stored once."""
    door.see(4)
    first, again = take(door.send()), take(door.send())
    assert again.acked_through == first.acked_through == 4
    assert Entry.objects.count() == Visit.objects.count() == 4
    assert Epoch.objects.get().repeats == 4


def test_batches_in_any_order_with_overlaps_end_as_one_journal(door: FakeDoor) -> None:
    """However batches are cut, repeated and reordered, every entry is stored once."""
    door.see(60)
    dice = random.Random(7)
    spans = [(first, min(60, first + dice.randrange(20))) for first in range(1, 61, 3)] * 2
    dice.shuffle(spans)
    for first, last in spans:
        take(door.send(first, last))
    receipt = take(door.heartbeat())
    assert (receipt.acked_through, receipt.chain, receipt.missing) == (60, door.chain, ())
    assert sorted(Entry.objects.values_list("seq", flat=True)) == list(range(1, 61))


def test_a_gap_is_asked_for_and_then_closed(door: FakeDoor) -> None:
    """Entries after a gap are kept; acknowledged is only what nothing is missing before."""
    door.see(9)
    take(door.send(1, 2))
    receipt = take(door.send(6, 9))
    assert (receipt.acked_through, receipt.chain) == (2, door.journal[1].chain)
    assert receipt.missing == ((3, 5),)
    assert take(door.send(3, 5)).acked_through == 9


def test_a_hub_that_lost_entries_asks_for_them(door: FakeDoor) -> None:
    """A heartbeat that knows of more entries than are stored is answered with what is missing."""
    door.see(5)
    take(door.send(1, 2))
    assert take(door.heartbeat()).missing == ((3, 5),)


def test_another_story_is_a_conflict_and_kept_whole(door: FakeDoor) -> None:
    """A copied card goes on under the same epoch: what is stored stays, what came is set aside."""
    door.see(3)
    copy = replace(door, journal=list(door.journal), runs=list(door.runs))
    door.see(2)
    take(door.send())
    copy.see(3, reason=21)
    for _ in range(2):
        receipt = take(copy.send(4))
        assert receipt.conflict
        assert (receipt.acked_through, receipt.chain) == (5, door.chain)
    assert Entry.objects.count() == 5
    assert Conflict.objects.get().first_seq == 4


def test_entries_that_do_not_hang_on_to_the_stored_chain_are_a_conflict(door: FakeDoor) -> None:
    """The chain value before the first entry must be the one stored there."""
    door.see(2)
    take(door.send())
    stranger = replace(door, journal=list(door.journal), runs=list(door.runs))
    stranger.journal[-1] = replace(stranger.journal[-1], chain=bytes(32))
    stranger.see()
    assert take(stranger.send(3)).conflict
    assert Entry.objects.count() == 2


def test_an_island_that_does_not_fit_its_gap_is_a_conflict(door: FakeDoor) -> None:
    """What closes a gap must lead to the chain value that the entry behind it was opened with."""
    door.see(3)
    other = replace(door, journal=list(door.journal[:1]), runs=list(door.runs))
    take(door.send(1, 1))
    take(door.send(3, 3))
    other.see()
    assert take(other.send(2, 2)).conflict
    assert take(door.send(2, 2)).acked_through == 3


def test_the_first_entry_hangs_on_to_the_epoch(door: FakeDoor) -> None:
    """A journal begins with the chain value that device and epoch give."""
    door.see()
    assert take(door.post(replace(door.batch(), previous=bytes(32)))).conflict


def test_one_number_for_two_runs_is_a_conflict(door: FakeDoor) -> None:
    """Two copies of a card count their runs on from the same number."""
    door.see()
    take(door.send())
    door.runs.clear()
    door.start()
    assert take(door.heartbeat()).conflict
    assert Run.objects.count() == 1


def test_a_poisoned_entry_is_rejected_alone(door: FakeDoor) -> None:
    """One entry that does not open is kept raw; those around it are stored."""
    door.see(2)
    door.write(a_visit().to_bytes(), run_key=secrets.token_bytes(32))
    door.write(b"\xff not a visit")
    door.see(2)
    receipt = take(door.send())
    assert receipt.rejected == ((3, Rejection.CANNOT_OPEN), (4, Rejection.UNREADABLE))
    assert receipt.acked_through == 6
    assert Entry.objects.count() == 4
    assert Rejected.objects.get(seq=3).sealed == door.journal[2].sealed.sealed


def test_a_rejected_entry_sent_again_is_rejected_once(door: FakeDoor) -> None:
    """The receipt repeats the reason; the row stays one."""
    door.write(b"\xff not a visit")
    assert take(door.send()).rejected == take(door.send()).rejected
    assert Rejected.objects.count() == 1
    assert Epoch.objects.get().repeats == 0


def test_entries_without_their_run_are_read_when_it_comes(door: FakeDoor) -> None:
    """A run that is late, or was lost with its batch, redeems what had come before it."""
    door.see(3)
    receipt = take(door.send(runs=False))
    assert {reason for _, reason in receipt.rejected} == {Rejection.NO_RUN}
    take(door.heartbeat())
    assert Rejected.objects.count() == 0
    assert Visit.objects.count() == 3
    assert take(door.send()).rejected == ()
    assert Entry.objects.count() == 3


def test_a_rejected_entry_that_comes_with_its_run_is_stored(door: FakeDoor) -> None:
    """Run and entries in one batch, after the entries alone."""
    door.see(2)
    take(door.send(runs=False))
    assert take(door.send()).rejected == ()
    assert (Entry.objects.count(), Rejected.objects.count()) == (2, 0)


def test_a_known_run_need_not_come_again(door: FakeDoor) -> None:
    """Later entries open with the run of an earlier batch."""
    door.see()
    take(door.send())
    door.see()
    assert take(door.send(2, runs=False)).rejected == ()


def test_a_run_that_is_not_the_doors_is_left_out(door: FakeDoor) -> None:
    """Its entries are rejected; the rest of the batch is not."""
    door.see()
    door.runs[0] = b"\x00"
    door.start()
    door.see()
    receipt = take(door.send())
    assert receipt.rejected == ((1, Rejection.NO_RUN),)
    assert Visit.objects.count() == 1


def test_an_event_is_stored_as_what_happened(door: FakeDoor) -> None:
    """Entries are not all visits."""
    door.write(Event("camera_frame_age_s", 31).to_bytes(), Kind.EVENT)
    take(door.send())
    assert Happening.objects.get().value == 31
    assert Visit.objects.count() == 0


def test_an_officers_press_is_a_visit_of_its_own(door: FakeDoor) -> None:
    """With its running number, in the door's direction, and with nobody's name."""
    door.see(outcome=3, shown=3)
    door.write(Assisted(7).to_bytes(), Kind.ASSISTED)
    door.write(Assisted(8, of_seq=1).to_bytes(), Kind.ASSISTED)
    take(door.send())
    _, alone, asked = Visit.objects.order_by("pk")
    assert (alone.assisted, alone.of_seq, asked.assisted, asked.of_seq) == (7, None, 8, 1)
    assert (alone.outcome, alone.direction, alone.sub, alone.cti) == (1, 1, None, None)


def test_an_officers_press_is_dated_as_visits_are(door: FakeDoor) -> None:
    """It says no time itself: the boot's anchor does, else those around it."""
    door.see(earliest_s=1_790_000_000)
    door.write(Assisted(1).to_bytes(), Kind.ASSISTED)
    take(door.send())
    press = Visit.objects.latest("pk")
    assert (press.time_ms, press.lower_ms) == (None, 1_790_000_000_000)
    true_ms = int(NOW.timestamp() * 1000) - 60_000
    anchor = Anchor(door.boot_id, door.boot_ms, true_ms, 50, AnchorSource.NTP)
    take(door.post(door.batch(first=3, anchors=(anchor,))))
    press.refresh_from_db()
    assert (press.time_ms, press.error_ms) == (true_ms, 50)


def test_a_press_that_cannot_be_read_is_rejected(door: FakeDoor) -> None:
    """As every entry is."""
    door.write(Event("camera_frame_age_s", 31).to_bytes(), Kind.ASSISTED)
    assert take(door.send()).rejected == ((1, Rejection.UNREADABLE),)


def test_a_new_epoch_is_a_journal_of_its_own(door: FakeDoor) -> None:
    """After a salvage the same seqs come under another epoch."""
    door.see(2)
    take(door.send())
    door.epoch = secrets.token_bytes(16)
    door.journal.clear()
    door.runs.clear()
    door.start()
    door.see(2)
    assert take(door.send()).acked_through == 2
    assert Entry.objects.count() == 4


def test_entries_out_of_order_are_malformed(door: FakeDoor) -> None:
    """No chain value can be told for an entry that does not follow the one before it."""
    door.see(3)
    batch = door.batch()
    assert door.post(replace(batch, entries=batch.entries[::2])).status == 400
    zero = batch.entries[0].header._replace(seq=0)
    assert door.post(replace(batch, entries=(SealedEntry(zero, b"x"),))).status == 400


def test_a_forged_batch_is_refused(door: FakeDoor) -> None:
    """Whoever does not hold the door's key says nothing in its name."""
    door.see()
    assert door.post(door.batch(), key=Ed25519PrivateKey.generate()).status == 401
    assert Entry.objects.count() == 0


def test_an_unknown_device_is_refused(keyring: Keyring) -> None:
    """Only what was enrolled here is listened to."""
    assert FakeDoor(keyring).heartbeat().status == 401


def test_a_revoked_device_is_told_so(door: FakeDoor) -> None:
    """410 tells the courier to stop."""
    Device.objects.update(status=DeviceStatus.REVOKED)
    door.see()
    assert door.send().status == 410
    assert Entry.objects.count() == 0


def test_a_pending_device_is_asked_to_wait(door: FakeDoor) -> None:
    """Its visits stay on the door until it is approved."""
    Device.objects.update(status=DeviceStatus.PENDING)
    assert door.heartbeat().status == 503


def test_extreme_numbers_are_stored(door: FakeDoor) -> None:
    """A door may send any number of 63 bits; none of them is an error of the hub's."""
    most = 2**63 - 1
    door.see(earliest_s=most, latest_s=most, rulebook=most)
    receipt = take(door.post(replace(door.batch(), newest_seq=most, bundle_version=most)))
    assert receipt.acked_through == 1


def test_a_heartbeat_tells_how_the_kiosk_is(door: FakeDoor) -> None:
    """Last contact and health are kept; an older word of the same boot does not replace them."""
    door.boot_ms = 9_000
    take(door.heartbeat(software="2.0"))
    take(door.heartbeat(software="1.0", sent_boot_ms=8_000))
    row = door.row
    assert (row.software, row.last_contact) == ("2.0", NOW)


def test_an_entry_of_an_unknown_kind_is_rejected_alone(door: FakeDoor) -> None:
    """A newer door may know more kinds than this hub; a clock that is unknown is just stored."""
    door.see()
    door.write(a_visit().to_bytes(), kind=9)
    door.write(a_visit().to_bytes(), clock=7)
    receipt = take(door.send())
    assert (receipt.acked_through, receipt.rejected) == (3, ((2, Rejection.UNREADABLE),))
    assert list(Entry.objects.order_by("seq").values_list("seq", "clock")) == [(1, 0), (3, 7)]
    assert Rejected.objects.get().kind == 9


def test_an_unknown_kind_that_came_before_its_run_stays_rejected(door: FakeDoor) -> None:
    """Others of the same run are read when the run comes."""
    door.see()
    door.write(a_visit().to_bytes(), kind=9)
    take(door.send(runs=False))
    assert take(door.heartbeat()).acked_through == 2
    assert (Entry.objects.get().seq, Rejected.objects.get().seq) == (1, 2)
