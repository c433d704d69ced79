import json
from datetime import timedelta

import pytest

from kiosk.passes.claims import PassType
from sync.hub.attendance.models import AttendanceDay
from sync.hub.fleet.models import Office
from sync.hub.ingest.models import Entry, Visit
from sync.hub.keyring import Keyring
from sync.hub.people.look_ups import record
from sync.hub.people.models import LookUp, Pass, Registration, Subject
from sync.hub.people.visitors import register
from sync.hub.privacy.audit import verify
from sync.hub.privacy.kinds import USUAL_DAYS, Event, Kind
from sync.hub.privacy.models import AuditRecord
from sync.hub.privacy.retention import Swept, choose_days, retain
from sync.hub.web.roles import Role
from tests.sync.hub.conftest import NOW, PinnedClock
from tests.sync.hub.fake_door import FakeDoor, a_place, an_enrolled_door, take
from tests.sync.hub.operators import an_operator

_DAY = timedelta(days=1)
_MS_A_DAY = 86_400_000


def counts(swept: list[Swept]) -> dict[Kind, int]:
    return {one.kind: one.count for one in swept if one.count}


@pytest.fixture
def door(keyring: Keyring) -> FakeDoor:
    """A door that has let in a visitor and an employee, and sent that."""
    for number in (1, 2):
        sub = f"subject{number}".encode()
        Subject.objects.create(sub=sub, label=f"Orang {number}", created_at=NOW)
    door = an_enrolled_door(keyring)
    door.see(pass_type=int(PassType.VISITOR))
    door.see(pass_type=int(PassType.EMPLOYEE), sub=b"subject2")
    take(door.send())
    return door


def age(days: int) -> None:
    """Let all visits be older by that."""
    for visit in Visit.objects.all():
        visit.lower_ms = int(NOW.timestamp() * 1000) - days * _MS_A_DAY - 1000
        visit.upper_ms = visit.lower_ms + 1
        visit.save()


def who() -> list[bytes | None]:
    return list(Visit.objects.order_by("pk").values_list("sub", flat=True))


@pytest.mark.parametrize(
    ("days", "left"),
    [
        (29, [b"subject1", b"subject2"]),
        (30, [None, b"subject2"]),
        (364, [None, b"subject2"]),
        (365, [None, None]),
    ],
)
@pytest.mark.usefixtures("door")
def test_each_kind_has_its_time(days: int, left: list[bytes | None]) -> None:
    """Visits stay, as of nobody: they are still counted."""
    age(days)
    due = counts(retain(NOW, is_dry=True))
    assert who() == [b"subject1", b"subject2"]
    assert counts(retain(NOW)) == due
    assert who() == left
    sealed = [bool(entry.sealed) for entry in Entry.objects.order_by("pk")]
    assert sealed == [sub is not None for sub in left]
    assert counts(retain(NOW)) == {}


def test_a_kiosk_that_sends_it_again_brings_nothing_back(door: FakeDoor) -> None:
    """It is a repeat that agrees with the chain, and no conflict; what comes next is stored."""
    age(400)
    retain(NOW)
    receipt = take(door.send())
    assert (receipt.acked_through, receipt.conflict) == (2, False)
    assert who() == [None, None]
    assert not any(Entry.objects.values_list("sealed", flat=True))
    door.see()
    assert take(door.send()).acked_through == 3
    assert who() == [None, None, b"subject1"]


@pytest.mark.usefixtures("door")
def test_a_visit_of_somebody_who_was_deleted_is_nobodys() -> None:
    """A kiosk that was offline may still send one."""
    Subject.objects.filter(sub=b"subject1").delete()
    assert counts(retain(NOW)) == {Kind.VISITORS: 1}
    assert who() == [None, b"subject2"]


@pytest.mark.usefixtures("door")
def test_deletion_is_proven() -> None:
    """What kind, how many, up to when; never who."""
    age(100)
    retain(NOW)
    told = AuditRecord.objects.get(event=Event.RETENTION)
    detail = json.loads(told.detail)
    assert (detail["kind"], detail["count"]) == ("visitors", 1)
    assert detail["until"] == (NOW - 30 * _DAY).isoformat(timespec="seconds")
    assert b"subject1".hex() not in told.detail
    verify()


@pytest.mark.usefixtures("door")
def test_another_time_may_be_chosen() -> None:
    """Who chose it, and what it was before, is on record."""
    age(10)
    choose_days(Kind.VISITORS, 7)
    assert counts(retain(NOW)) == {Kind.VISITORS: 1}
    told = AuditRecord.objects.get(event=Event.RETENTION_CHANGED)
    assert json.loads(told.detail) == {"kind": "visitors", "before": 30, "after": 7}
    choose_days(Kind.VISITORS, 7)
    assert AuditRecord.objects.filter(event=Event.RETENTION_CHANGED).count() == 1


def test_whoever_registered_is_forgotten_whole(keyring: Keyring, clock: PinnedClock) -> None:
    """Not while a pass of theirs can be shown."""
    register(a_place(), "Siti Rahayu", keyring, NOW)
    Registration.objects.update(agreed_at=NOW - 31 * _DAY)
    link = Subject.objects.get().phone_links.get()
    held = Pass.objects.create(
        cti=b"ctictic1", subject=link.subject, pass_type=1, not_before=NOW, expires=NOW + _DAY,
        issued_at=NOW,
    )  # fmt: skip
    assert counts(retain(clock())) == {}
    clock.pass_by(2 * _DAY)
    assert counts(retain(clock())) == {Kind.REGISTRATIONS: 1}
    assert not Subject.objects.exists()
    assert not Pass.objects.filter(pk=held.pk).exists()


def test_days_of_attendance_have_their_time() -> None:
    subject = Subject.objects.create(sub=b"subject1", label="Siti", created_at=NOW)
    office = Office.objects.create(name="Dinas", unit=5)
    for change, days in enumerate((729, 731), start=1):
        AttendanceDay.objects.create(
            subject=subject, office=office, day=(NOW - days * _DAY).date(), change=change
        )
    assert counts(retain(NOW)) == {Kind.ATTENDANCE: 1}
    assert AttendanceDay.objects.get().change == 1


def test_look_ups_are_kept_for_two_years() -> None:
    subject = Subject.objects.create(sub=b"subject1", label="Siti", created_at=NOW)
    record(an_operator(Role.TRACING), "visits", [subject], NOW)
    kept = timedelta(days=USUAL_DAYS[Kind.LOOK_UPS])
    assert counts(retain(NOW + kept)) == {}
    assert counts(retain(NOW + kept + _DAY)) == {Kind.LOOK_UPS: 1}
    assert not LookUp.objects.exists()
