"""Takes out of visits who it was. The entry stays with its chain value, so that the journal can
still be checked, and so that a kiosk which sends it again is told that it is known.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from kiosk.passes.claims import PassType
from sync.hub.ingest.models import Entry, Visit

ROWS_AT_ONCE = 2000
_EMPLOYEES = (PassType.EMPLOYEE, PassType.OFFICER, PassType.ROSTER)


@dataclass(frozen=True, slots=True)
class Until:
    """Visits that were surely before these times (Unix, in ms) are unlinked."""

    visitors_ms: int
    employees_ms: int


@dataclass(frozen=True, slots=True)
class Unlinked:
    visitors: int = 0
    employees: int = 0
    unknown: int = 0


_IS_EMPLOYEE = f"COALESCE(pass_type, 0) IN ({', '.join(str(int(one)) for one in _EMPLOYEES)})"
_IS_UNKNOWN = (
    "(sub IS NOT NULL AND NOT EXISTS (SELECT 1 FROM people_subject WHERE people_subject.sub"
    " = ingest_visit.sub))"
)
_CLASS = (
    f"CASE WHEN upper_ms < CASE WHEN {_IS_EMPLOYEE} THEN %s ELSE %s END"
    f" THEN CASE WHEN {_IS_EMPLOYEE} THEN 'employees' ELSE 'visitors' END"
    f" WHEN {_IS_UNKNOWN} THEN 'unknown' END"
)
_NEXT = (
    "SELECT id, entry_id, class FROM (SELECT id, entry_id, "  # noqa: S608 - no value is in it
    f"{_CLASS} AS class FROM ingest_visit WHERE id > %s AND (sub IS NOT NULL OR cti IS NOT NULL))"
    " AS due WHERE class IS NOT NULL ORDER BY id LIMIT %s"
)
_COUNT = (
    "SELECT class, count(*) FROM (SELECT "  # noqa: S608 - no value is in it
    f"{_CLASS} AS class FROM ingest_visit WHERE sub IS NOT NULL OR cti IS NOT NULL)"
    " AS due WHERE class IS NOT NULL GROUP BY class"
)
# What a carried entry says stands where it was stored first: this is a second copy of it.
_DOUBLES = (
    "SELECT id FROM ingest_entry WHERE original IS NOT NULL AND length(sealed) > 0"
    " AND NOT EXISTS (SELECT 1 FROM ingest_visit WHERE entry_id = ingest_entry.id)"
    " AND NOT EXISTS (SELECT 1 FROM ingest_happening WHERE entry_id = ingest_entry.id)"
)


def unlink_due(until: Until) -> Unlinked:
    """Unlink what is older, and what is of somebody whom the hub no longer knows."""
    found = {"visitors": 0, "employees": 0, "unknown": 0}
    for batch in _batches(until):
        unlink([entry for _, entry, _ in batch])
        for _, _, kind in batch:
            found[kind] += 1
    _empty_doubles()
    return Unlinked(**found)


def count_due(until: Until) -> Unlinked:
    """Say what `unlink_due` would do."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [until.employees_ms, until.visitors_ms])
        return Unlinked(**dict(cursor.fetchall()))


def unlink(entries: list[int]) -> None:
    """Unlink the visits of these entries."""
    with transaction.atomic():
        Visit.objects.filter(entry__in=entries).update(sub=None, cti=None)
        Entry.objects.filter(pk__in=entries).update(sealed=b"")


def _batches(until: Until) -> Iterator[list[tuple[int, int, str]]]:
    after = 0
    while True:
        with connection.cursor() as cursor:
            given = [until.employees_ms, until.visitors_ms, after, ROWS_AT_ONCE]
            cursor.execute(_NEXT, given)
            rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        after = rows[-1][0]


def _empty_doubles() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_DOUBLES)
        keys = [key for (key,) in cursor.fetchall()]
    for start in range(0, len(keys), ROWS_AT_ONCE):
        Entry.objects.filter(pk__in=keys[start : start + ROWS_AT_ONCE]).update(sealed=b"")
