"""Brings the table of working days into agreement with what has arrived since the last pass."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db.models import F, Value
from django.db.models.functions import Coalesce

from sync.hub.attendance.calendars import DEFAULT_EDITION, calendar_of, hours_of
from sync.hub.attendance.ledger import Numbers, numbering
from sync.hub.attendance.models import AttendanceDay, OfficeHours, Reckoned
from sync.hub.attendance.reckoning import Interval, WorkingDay, reckon
from sync.hub.attendance.sighted import Span, earliest_of, sightings_of, touched
from sync.hub.attendance.sightings import HOUR_MS, Sighting
from sync.hub.ingest.dating import LATEST_MS
from sync.hub.ingest.models import Changed
from sync.hub.people.models import Person

logger = logging.getLogger(__name__)
PEOPLE_AT_ONCE = 200
BATCHES_AT_ONCE = 500
_REACH_MS = 60 * HOUR_MS  # a day before and two after, and the width of any zone
_ONE_DAY = timedelta(days=1)
_FIELDS = (
    *("is_seen", "first_lower_ms", "first_upper_ms", "last_lower_ms", "last_upper_ms"),
    *("least_ms", "most_ms", "stays", "flags", "doubts"),
)


@dataclass(slots=True)
class Done:
    """Who was looked at (keys of subjects), and how many days are others than before."""

    people: set[int] = field(default_factory=set)
    days: int = 0


def catch_up(most: int | None = None) -> Done:
    """Reckon what is to be reckoned, in transactions of a few people each: all of it, or as many
    transactions as are said. What is left is found again the next time.
    """
    done = Done()
    taken = 0
    while taken != most and (_reckon_newcomers(done) or _reckon_changed(done)):
        taken += 1
    if done.days:
        logger.info("attendance: %d days changed", done.days)
    return done


def _reckon_newcomers(done: Done) -> bool:
    """People who are new on the personnel list, or whose office counts otherwise now."""
    with numbering() as numbers:
        edition = Coalesce(F("office__hours__edition"), Value(DEFAULT_EDITION))
        asked = Person.objects.annotate(edition=edition).exclude(
            subject__reckoned__edition=F("edition")
        )
        people = list(asked.select_related("subject").order_by("pk")[:PEOPLE_AT_ONCE])
        if not people:
            return False
        earliest = earliest_of([bytes(one.subject.sub) for one in people])
        spans = {sub: Span(least, LATEST_MS) for sub, least in earliest.items()}
        seen = [one for one in people if bytes(one.subject.sub) in spans]
        _reckon(seen, spans, numbers, done, is_anew=True)
        Reckoned.objects.bulk_create(
            [Reckoned(subject_id=one.subject_id, edition=one.edition) for one in people],
            update_conflicts=True,
            unique_fields=["subject"],
            update_fields=["edition"],
        )
    return True


def _reckon_changed(done: Done) -> bool:
    """What arrived or was dated anew. What is noted meanwhile stays for the next time."""
    with numbering() as numbers:
        changed = list(Changed.objects.order_by("pk")[:BATCHES_AT_ONCE])
        if not changed:
            return False
        spans = touched(changed)
        people = list(Person.objects.filter(subject__sub__in=list(spans)).select_related("subject"))
        for start in range(0, len(people), PEOPLE_AT_ONCE):
            _reckon(people[start : start + PEOPLE_AT_ONCE], spans, numbers, done)
        Changed.objects.filter(pk__in=[one.pk for one in changed]).delete()
    return True


def _reckon(
    people: Sequence[Person],
    spans: Mapping[bytes, Span],
    numbers: Numbers,
    done: Done,
    *,
    is_anew: bool = False,
) -> None:
    """What is reckoned anew leaves days alone whose visits are perhaps no longer kept."""
    if not people:
        return
    hours = hours_of({one.office_id for one in people})
    asked = [spans[bytes(one.subject.sub)] for one in people]
    seen = sightings_of(
        [bytes(one.subject.sub) for one in people],
        min(one.lower_ms for one in asked) - _REACH_MS,
        max(one.upper_ms for one in asked) + _REACH_MS,
    )
    known = _known(people)
    fresh: list[AttendanceDay] = []
    changed: list[AttendanceDay] = []
    for person in people:
        sub = bytes(person.subject.sub)
        told = _told(seen.get(sub, []), spans[sub], hours[person.office_id])
        held = known.get(person.subject_id, {})
        if is_anew:
            told, held = _behind(told, held, told.first + _ONE_DAY)
        for row in _differences(person, told, held):
            row.change = numbers.next()
            (changed if row.pk else fresh).append(row)
    AttendanceDay.objects.bulk_create(fresh, batch_size=500)
    AttendanceDay.objects.bulk_update(changed, [*_FIELDS, "change"], batch_size=200)
    done.people.update(one.subject_id for one in people)
    done.days += len(fresh) + len(changed)


@dataclass(frozen=True, slots=True)
class _Told:
    first: date
    last: date
    days: list[WorkingDay]


def _told(seen: Sequence[Sighting], span: Span, hours: OfficeHours) -> _Told:
    """A stay may reach from the day before, and to the day after."""
    calendar = calendar_of(hours)
    begin_ms, end_ms = max(span.lower_ms, _REACH_MS), min(span.upper_ms, LATEST_MS - _REACH_MS)
    first, last = calendar.day_of(begin_ms) - _ONE_DAY, calendar.day_of(end_ms) + _ONE_DAY
    return _Told(first, last, reckon(seen, calendar, first, last))


def _behind(
    told: _Told, held: dict[date, AttendanceDay], day: date
) -> tuple[_Told, dict[date, AttendanceDay]]:
    """Leave out what is on record up to the day of the earliest visit."""
    days = [one for one in told.days if one.day > day or one.day not in held]
    rows = {found: row for found, row in held.items() if found > day}
    return replace(told, days=days), rows


def _known(people: Sequence[Person]) -> dict[int, dict[date, AttendanceDay]]:
    found: dict[int, dict[date, AttendanceDay]] = {}
    subjects = [one.subject_id for one in people]
    for row in AttendanceDay.objects.filter(subject__in=subjects):
        found.setdefault(row.subject_id, {})[row.day] = row
    return found


def _differences(
    person: Person, told: _Told, held: dict[date, AttendanceDay]
) -> list[AttendanceDay]:
    """Return rows that are to be written: what was reckoned otherwise, or is no longer seen."""
    found = []
    for one in told.days:
        row = held.get(one.day) or AttendanceDay(
            subject_id=person.subject_id, office_id=person.office_id, day=one.day
        )
        if _fill(row, one) or row.pk is None:
            found.append(row)
    days = {one.day for one in told.days}
    for day, row in held.items():
        if told.first <= day <= told.last and day not in days and _empty(row):
            found.append(row)
    return found


def _fill(row: AttendanceDay, told: WorkingDay) -> bool:
    """Return whether anything is otherwise than it was."""
    came, left = _ends(told.first_in), _ends(told.last_out)
    values = {
        "is_seen": True,
        "first_lower_ms": came[0],
        "first_upper_ms": came[1],
        "last_lower_ms": left[0],
        "last_upper_ms": left[1],
        "least_ms": told.least_ms,
        "most_ms": told.most_ms,
        "stays": [[*_ends(stay.came), *_ends(stay.left)] for stay in told.stays],
        "flags": sorted(told.flags),
        "doubts": sorted(told.doubts),
    }
    return _put(row, values)


def _ends(interval: Interval | None) -> tuple[int | None, int | None]:
    return (None, None) if interval is None else (interval.lower_ms, interval.upper_ms)


def _empty(row: AttendanceDay) -> bool:
    values: dict[str, object] = {**dict.fromkeys(_FIELDS[1:5]), "least_ms": 0, "most_ms": 0}
    return _put(row, {**values, "is_seen": False, "stays": [], "flags": [], "doubts": []})


def _put(row: AttendanceDay, values: Mapping[str, object]) -> bool:
    is_other = any(getattr(row, name) != value for name, value in values.items())
    for name, value in values.items():
        setattr(row, name, value)
    return is_other
