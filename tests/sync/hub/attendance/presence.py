"""Offices, people and visits, without the doors that would have sent them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from sync.hub.fleet.cards import NewDoor, add_door
from sync.hub.fleet.models import Device, DeviceStatus, Direction, Door, Office
from sync.hub.ingest.changes import note_new, note_redated
from sync.hub.ingest.models import Entry, Epoch, Visit
from sync.hub.people.models import Person, PersonKind, Subject
from sync.wire.visit import Direction as Way
from tests.sync.hub.conftest import NOW

ADMIT, REFER = 1, 3
_numbers: Iterator[int] = count(1)


def at(clock: str, day: int = 2, zone: str = "Asia/Jakarta") -> int:
    """Return a time of November 2026."""
    hour, minute = (int(part) for part in clock.split(":"))
    found = datetime(2026, 11, day, tzinfo=ZoneInfo(zone)) + timedelta(hours=hour, minutes=minute)
    return int(found.timestamp()) * 1000


def an_office(name: str = "Dinas Kesehatan", zone: str = "Asia/Jakarta") -> Office:
    a_door(name, zone)
    return Office.objects.get(name=name)


def a_door(office: str = "Dinas Kesehatan", zone: str = "Asia/Jakarta") -> Door:
    new = NewDoor("Pintu", "Gedung A", office, Direction.ENTRY, "office", zone)
    return add_door(new)


def a_person(office: Office, name: str = "Siti Rahayu") -> Person:
    number = next(_numbers)
    subject = Subject.objects.create(sub=number.to_bytes(8), label=name, created_at=NOW)
    return Person.objects.create(
        subject=subject,
        office=office,
        kind=PersonKind.ASN,
        number=number.to_bytes(32),
        imported_at=NOW,
    )


class AnEpoch:
    """A journal of which visits arrive, one by one, in whatever order."""

    def __init__(self, door: Door) -> None:
        number = next(_numbers)
        device = Device.objects.create(
            device_id=number.to_bytes(16),
            door=door,
            signing_public=number.to_bytes(32),
            sealing_public=bytes(32),
            hardware="board",
            status=DeviceStatus.ACTIVE,
            enrolled_at=NOW,
        )
        self.row = Epoch.objects.create(
            device=device, epoch=number.to_bytes(16), chain=bytes(32), last_heard=NOW
        )
        self._seq = 0

    def see(
        self,
        who: Person | None,
        way: Way,
        time_ms: int,
        error_ms: int = 0,
        *,
        shown: int = ADMIT,
        of_seq: int | None = None,
    ) -> Visit:
        self._seq += 1
        entry = Entry.objects.create(
            epoch=self.row, seq=self._seq, run_no=1, boot_ms=1, wall_ms=0, clock=0, kind=1, nonce=1,
            sealed=b"", previous=bytes(32), chain=bytes(32), received_at=datetime.now(UTC),
        )  # fmt: skip
        visit = Visit.objects.create(
            entry=entry, door=self.row.device.door, outcome=shown, shown=shown, reason=0,
            direction=int(way), format=1, rulebook=1, sub=None if who is None else who.subject.sub,
            earliest_s=0, time_ms=time_ms, error_ms=error_ms, lower_ms=time_ms - error_ms,
            upper_ms=time_ms + error_ms, of_seq=of_seq, assisted=None if of_seq is None else 1,
        )  # fmt: skip
        note_new(self.row, [self._seq])
        return visit

    def date_anew(self, visit: Visit, time_ms: int, error_ms: int = 0) -> None:
        note_redated(self.row, [(visit.entry.seq, visit.lower_ms, visit.upper_ms)])
        visit.time_ms, visit.error_ms = time_ms, error_ms
        visit.lower_ms, visit.upper_ms = time_ms - error_ms, time_ms + error_ms
        visit.save()
