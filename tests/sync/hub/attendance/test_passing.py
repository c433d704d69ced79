import threading
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from sync.hub.attendance.ledger import numbering
from sync.hub.attendance.models import AttendanceDay, Ledger, OfficeHours
from sync.hub.attendance.passing import catch_up
from sync.hub.ingest.models import Changed, Visit
from sync.hub.keyring import Keyring
from sync.wire.batch import Anchor, AnchorSource
from sync.wire.visit import Direction
from tests.sync.hub.attendance.presence import REFER, AnEpoch, a_door, a_person, an_office, at
from tests.sync.hub.conftest import NOW
from tests.sync.hub.fake_door import an_enrolled_door, take

_IN, _OUT = Direction.IN, Direction.OUT
_MONDAY = date(2026, 11, 2)


def the_day(day: date = _MONDAY) -> AttendanceDay:
    return AttendanceDay.objects.get(day=day)


def test_what_arrives_late_is_reckoned_with() -> None:
    """A day grows as visits come; what has not changed is not told again."""
    siti, epoch = a_person(an_office()), AnEpoch(a_door())
    epoch.see(siti, _IN, at("8:00"), 500)
    assert catch_up().days == 1
    day = the_day()
    assert (day.first_lower_ms, day.first_upper_ms) == (at("8:00") - 500, at("8:00") + 500)
    assert day.flags == ["missing_exit"]
    epoch.see(siti, _OUT, at("16:00"))
    epoch.see(siti, _IN, at("7:30", 3))
    assert catch_up().days == 2
    assert the_day().last_lower_ms == at("16:00")
    assert the_day().flags == []
    assert the_day().most_ms == 8 * 3_600_000 + 500
    before = the_day().change
    assert catch_up().days == 0
    assert the_day().change == before
    assert not Changed.objects.exists()


def test_a_visit_that_is_dated_anew_leaves_the_day_on_which_it_was() -> None:
    """That day's row stays, to tell whoever has read it."""
    siti, epoch = a_person(an_office()), AnEpoch(a_door())
    visit = epoch.see(siti, _IN, at("8:00"))
    catch_up()
    epoch.date_anew(visit, at("8:00", 5))
    assert catch_up().days == 2
    assert not the_day().is_seen
    assert the_day().first_lower_ms is None
    moved = the_day(date(2026, 11, 5))
    assert moved.is_seen
    assert moved.change != the_day().change
    assert Ledger.objects.get().newest == max(moved.change, the_day().change)


def test_whom_the_officer_let_in_was_there() -> None:
    """The press may come with a later batch; whoever was sent away was not let in."""
    siti, epoch = a_person(an_office()), AnEpoch(a_door())
    asked = epoch.see(siti, _IN, at("8:00"), shown=REFER)
    catch_up()
    assert not AttendanceDay.objects.exists()
    epoch.see(None, _IN, at("8:01"), of_seq=asked.entry.seq)
    catch_up()
    assert the_day().first_lower_ms == at("8:00")
    epoch.see(siti, _OUT, at("16:00"), shown=REFER)
    catch_up()
    assert the_day().last_lower_ms == at("16:00")


def test_somebody_who_comes_onto_the_list_later_has_a_past() -> None:
    office, epoch = an_office(), AnEpoch(a_door())
    siti = a_person(office)
    sub = siti.subject
    epoch.see(siti, _IN, at("8:00"))
    siti.delete()
    catch_up()
    assert not AttendanceDay.objects.exists()
    siti.pk, siti.subject = None, sub
    siti.save()
    assert catch_up().days == 1


def test_an_office_that_counts_otherwise_is_reckoned_again() -> None:
    """In its own zone, not in that of the site where somebody was seen."""
    office = an_office("Dinas Perhubungan", "Asia/Jayapura")
    siti, epoch = a_person(office), AnEpoch(a_door())
    epoch.see(siti, _IN, at("3:00", 3))
    catch_up()
    assert the_day(date(2026, 11, 3)).first_lower_ms == at("3:00", 3)
    OfficeHours.objects.create(office=office, timezone="Asia/Jakarta", edition=1)
    catch_up()
    assert the_day().is_seen
    assert not the_day(date(2026, 11, 3)).is_seen


def test_days_outlive_their_visits() -> None:
    """Visits are kept for a time only: what is reckoned anew does not empty the days before."""
    office, epoch = an_office(), AnEpoch(a_door())
    siti = a_person(office)
    for day in (2, 3, 4):
        epoch.see(siti, _IN, at("8:00", day))
        epoch.see(siti, _OUT, at("16:00", day))
    catch_up()
    Visit.objects.filter(lower_ms__lt=at("12:00", 3)).update(sub=None)
    OfficeHours.objects.create(office=office, longest_shift_h=12, edition=1)
    assert catch_up().days == 0
    assert the_day().is_seen
    assert the_day(date(2026, 11, 3)).first_lower_ms == at("8:00", 3)
    Visit.objects.all().update(sub=None)
    OfficeHours.objects.update(longest_shift_h=1, edition=2)
    assert catch_up().days == 0


def test_what_a_real_door_sends_is_reckoned(keyring: Keyring) -> None:
    """From the batch to the day; a later anchor tells the time anew."""
    door = an_enrolled_door(keyring)
    siti = a_person(door.row.door.office)
    seen_s = int((NOW - timedelta(hours=1)).timestamp())
    door.see(sub=bytes(siti.subject.sub), earliest_s=seen_s, latest_s=seen_s + 1_800)
    take(door.send())
    catch_up()
    assert the_day().doubts == ["wide"]
    true_ms = int(NOW.timestamp()) * 1000 - 45 * 60_000
    anchor = Anchor(door.boot_id, door.boot_ms, true_ms, 50, AnchorSource.NTP)
    take(door.post(door.batch(first=2, anchors=(anchor,))))
    assert Visit.objects.get().time_ms == true_ms
    catch_up()
    assert the_day().doubts == []
    assert the_day().first_lower_ms == true_ms - 50


@pytest.mark.usefixtures("committing")
def test_numbers_are_committed_in_their_order() -> None:
    """A second pass waits for the first: what is read up to a number never grows below it."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer")
    office, epoch = an_office(), AnEpoch(a_door())
    siti = a_person(office)
    epoch.see(siti, _IN, at("8:00"))
    ended = threading.Event()

    def pass_once() -> None:
        catch_up()
        connection.close()
        ended.set()

    with transaction.atomic():
        with numbering() as numbers:
            mine = numbers.next()
        other = threading.Thread(target=pass_once)
        other.start()
        assert not ended.wait(0.5)
        assert not AttendanceDay.objects.exists()
    other.join(20)
    assert the_day().change > mine
