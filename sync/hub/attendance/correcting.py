"""Corrections with a trail: each stays on record with who made it, when and why."""

from dataclasses import dataclass
from datetime import date, datetime

from sync.hub.attendance.ledger import numbering, renumber
from sync.hub.attendance.models import AttendanceDay, Correction, End
from sync.hub.people.models import Person
from sync.hub.web.models import Operator


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to count of a working day, and why."""

    day: date
    end: End
    time_ms: int
    reason: str


def correct(person: Person, wish: Wish, by: Operator, at: datetime) -> Correction:
    """One that was in force for the same is withdrawn by it. Nobody need have been seen then."""
    with numbering() as numbers:
        row, is_new = AttendanceDay.objects.get_or_create(
            subject_id=person.subject_id,
            day=wish.day,
            defaults={
                "office_id": person.office_id,
                "is_seen": False,
                "change": numbers.newest + 1,
            },
        )
        if is_new:
            numbers.next()
        before = row.corrections.filter(end=wish.end, withdrawn_at=None)
        before.update(withdrawn_by=by, withdrawn_at=at)
        made = Correction.objects.create(
            day=row,
            end=wish.end,
            time_ms=wish.time_ms,
            reason=wish.reason,
            made_by=by,
            made_at=at,
        )
        renumber([row], numbers)
    return made


def withdraw(correction: Correction, by: Operator, at: datetime) -> None:
    """What was seen counts again. Withdrawn once, it stays as it is."""
    with numbering() as numbers:
        in_force = Correction.objects.filter(pk=correction.pk, withdrawn_at=None)
        if in_force.update(withdrawn_by=by, withdrawn_at=at):
            renumber([correction.day], numbers)
