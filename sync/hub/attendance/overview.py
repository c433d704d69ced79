"""What the pages and tables show: of an office one day or one month, of a person one month."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sync.hub.attendance.calendars import OfficeDays, calendar_of, days_of, hours_of
from sync.hub.attendance.models import AttendanceDay, Correction, DayKind
from sync.hub.attendance.reckoning import Flag, days_between
from sync.hub.attendance.standing import Standing, first_in, last_out, with_corrections
from sync.hub.clock import unix_ms
from sync.hub.fleet.models import Office
from sync.hub.people.models import Person


class State(StrEnum):
    """How somebody's day stands. OPEN: nobody was seen, and the day is not over."""

    PRESENT = "present"
    UNCERTAIN = "uncertain"
    INCOMPLETE = "incomplete"
    ABSENT = "absent"
    OFF = "off"
    OPEN = "open"


_NOBODY = Standing(None, None)


@dataclass(frozen=True, slots=True)
class PersonDay:
    """`row` is None where nothing was ever reckoned or corrected."""

    person: Person
    day: date
    kind: DayKind
    name: str
    row: AttendanceDay | None
    came: Standing
    left: Standing
    is_over: bool

    @property
    def state(self) -> State:
        return _state(self)

    @property
    def flags(self) -> list[Flag]:
        """What is missing is missing once the day is over, and where nobody said otherwise."""
        found = [Flag(one) for one in self.row.flags] if self.row else []
        settled = {
            Flag.MISSING_EXIT: not self.is_over or self.left.corrected is not None,
            Flag.MISSING_ENTRY: self.came.corrected is not None,
        }
        return [one for one in found if not settled.get(one, False)]

    @property
    def doubts(self) -> list[str]:
        if self.row is None or (self.came.corrected and self.left.corrected):
            return []
        return list(self.row.doubts)

    @property
    def corrections(self) -> list[Correction]:
        return self.row.said if self.row else []


@dataclass(frozen=True, slots=True)
class OfficeCount:
    """An office's calendar over some days; `today` is the working day that goes on there."""

    office: Office
    days: OfficeDays
    today: date

    @property
    def timezone(self) -> str:
        return self.days.hours.timezone

    def has_begun(self, day: date) -> bool:
        return day <= self.today

    def is_over(self, day: date) -> bool:
        return day < self.today

    def person_day(self, person: Person, day: date, row: AttendanceDay | None) -> PersonDay:
        return PersonDay(
            person=person,
            day=day,
            kind=self.days.kind_of(day),
            name=self.days.name_of(day),
            row=row,
            came=first_in(row) if row else _NOBODY,
            left=last_out(row) if row else _NOBODY,
            is_over=self.is_over(day),
        )


@dataclass(frozen=True, slots=True)
class Totals:
    """One person's month in figures."""

    person: Person
    days: dict[State, int]
    least_ms: int
    most_ms: int


def count_for(office: Office, first: date, last: date, now: datetime) -> OfficeCount:
    days = days_of(office.pk, first, last)
    return OfficeCount(office, days, calendar_of(days.hours).day_of(unix_ms(now)))


def today_of(office: Office, now: datetime) -> date:
    return calendar_of(hours_of([office.pk])[office.pk]).day_of(unix_ms(now))


def month_of(day: date) -> tuple[date, date]:
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def staff_of(office: Office) -> list[Person]:
    people = Person.objects.filter(office=office).select_related("subject")
    # Names are sealed in the database, which cannot sort them.
    return sorted(people, key=lambda one: (one.subject.label.casefold(), one.pk))


def office_days(count: OfficeCount, first: date, last: date) -> list[PersonDay]:
    """Everybody of the office on each of the days, and whoever was there then and has left it.

    Of several days those that are still to come are left out.
    """
    asked = AttendanceDay.objects.filter(office=count.office, day__range=(first, last))
    held = {(one.subject_id, one.day): one for one in with_corrections(asked)}
    staff = staff_of(count.office)
    met = {one.subject_id for one in staff}
    others = {subject for subject, _day in held} - met
    if others:
        moved = Person.objects.filter(subject__in=others).select_related("subject")
        staff += sorted(moved, key=lambda one: (one.subject.label.casefold(), one.pk))
    return [
        count.person_day(person, day, held.get((person.subject_id, day)))
        for person in staff
        for day in days_between(first, last)
        if (person.subject_id, day) in held
        or (person.subject_id in met and (first == last or count.has_begun(day)))
    ]


def person_days(count: OfficeCount, person: Person, first: date, last: date) -> list[PersonDay]:
    asked = AttendanceDay.objects.filter(subject=person.subject_id, day__range=(first, last))
    held = {one.day: one for one in with_corrections(asked)}
    return [
        count.person_day(person, day, held.get(day))
        for day in days_between(first, last)
        if day in held or count.has_begun(day)
    ]


def totals(days: Iterable[PersonDay]) -> list[Totals]:
    of_each: dict[int, list[PersonDay]] = {}
    for one in days:
        of_each.setdefault(one.person.pk, []).append(one)
    return [_total(found) for found in of_each.values()]


def figures(days: Iterable[PersonDay]) -> dict[State, int]:
    found = dict.fromkeys(State, 0)
    for one in days:
        found[one.state] += 1
    return found


def _total(days: Sequence[PersonDay]) -> Totals:
    rows = [one.row for one in days if one.row is not None]
    return Totals(
        days[0].person,
        figures(days),
        sum(one.least_ms for one in rows),
        sum(one.most_ms for one in rows),
    )


def _state(found: PersonDay) -> State:
    if found.came.counts is None and found.left.counts is None:
        if found.kind is DayKind.HOLIDAY:
            return State.OFF
        return State.ABSENT if found.is_over else State.OPEN
    if found.doubts:
        return State.UNCERTAIN
    return State.INCOMPLETE if found.flags else State.PRESENT
