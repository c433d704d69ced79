"""How long reckoning takes, and an office's page of attendance beside the bare queries it needs.

    python -m benchmarks.attendance [--offices N] [--people N] [--days N] [--rounds N] [--jsonl]

A PostgreSQL server of its own. Of the first office's `people` every visit is reckoned, an entry and
an exit a day; the other offices' days are copied from theirs, so that tables have their size.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from benchmarks import pages
from tests.sync.hub.postgres_server import PostgresServer

_BEGUN = datetime(2026, 11, 2, 1, tzinfo=UTC)
_DAY = "2026-11-03"
PATHS = {
    "attendance, day": "/attendance/?office={office}&day={day}",
    "attendance, month": "/attendance/?office={office}&day={day}&span=month",
}


@dataclass(frozen=True, slots=True)
class Reckoned:
    people: int
    days: int
    visits: int
    seconds: float
    days_a_second: float


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--offices", type=int, default=20, metavar="N")
    parser.add_argument("--people", type=int, default=200, metavar="N", help="of each office")
    parser.add_argument("--days", type=int, default=22, metavar="N")
    parser.add_argument("--rounds", type=int, default=30, metavar="N")
    parser.add_argument("--jsonl", action="store_true")
    arguments = parser.parse_args(argv)
    with (
        tempfile.TemporaryDirectory(prefix="gapura-attendance-") as folder,
        PostgresServer(durable=True) as server,
    ):
        reckoned, rows = _measure(server, Path(folder), arguments)
    if arguments.jsonl:
        print(json.dumps(asdict(reckoned)))
        for row in rows:
            print(json.dumps(asdict(row)))
    else:
        print(
            f"reckoned {reckoned.days} days of {reckoned.people} people from {reckoned.visits}"
            f" visits in {reckoned.seconds:.1f} s: {reckoned.days_a_second:.0f} a second"
        )
        for row in rows:
            print(pages.text(row))
    return 0


def _measure(
    server: PostgresServer, home: Path, given: argparse.Namespace
) -> tuple[Reckoned, list[pages.Row]]:
    dsn = pages.install(server, home)
    from django.db import connection, connections  # noqa: PLC0415

    from sync.hub.web.roles import Role  # noqa: PLC0415
    from tests.sync.hub.attendance.presence import an_office  # noqa: PLC0415

    office = an_office("Dinas 0")
    visits = _load(office.name, given)
    reckoned = _reckon(visits)
    _copy(given)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    client = pages.signed_in(Role.DISKOMINFO)
    with psycopg.connect(dsn) as database:
        rows = [
            pages.measure(
                name, path.format(office=office.pk, day=_DAY), client, database, given.rounds
            )
            for name, path in PATHS.items()
        ]
    connections.close_all()
    return reckoned, rows


def _load(office: str, given: argparse.Namespace) -> int:
    from django.db import transaction  # noqa: PLC0415

    from sync.hub.fleet.models import Office  # noqa: PLC0415
    from sync.wire.visit import Direction  # noqa: PLC0415
    from tests.sync.hub.attendance.presence import AnEpoch, a_door, a_person  # noqa: PLC0415

    with transaction.atomic():
        epoch = AnEpoch(a_door(office))
        found = Office.objects.get(name=office)
        people = [a_person(found, f"Siti Rahayu {number}") for number in range(given.people)]
        for day in range(given.days):
            came = int((_BEGUN + timedelta(days=day)).timestamp()) * 1000
            for direction, at_ms in ((Direction.IN, came), (Direction.OUT, came + 28_800_000)):
                for number, person in enumerate(people):
                    epoch.see(person, direction, at_ms + number * 2_000, 80)
    return 2 * len(people) * int(given.days)


def _reckon(visits: int) -> Reckoned:
    from sync.hub.attendance.passing import catch_up  # noqa: PLC0415
    from sync.hub.people.models import Person  # noqa: PLC0415

    begun = time.perf_counter()
    done = catch_up()
    took = time.perf_counter() - begun
    return Reckoned(Person.objects.count(), done.days, visits, took, done.days / took)


def _copy(given: argparse.Namespace) -> None:
    """Give the other offices people with the same days."""
    from sync.hub.attendance.models import AttendanceDay  # noqa: PLC0415
    from tests.sync.hub.attendance.presence import a_person, an_office  # noqa: PLC0415

    model = list(AttendanceDay.objects.order_by("pk"))
    change = max(row.change for row in model)
    for number in range(1, given.offices):
        office = an_office(f"Dinas {number}")
        subjects: dict[int, int] = {}
        rows = []
        for row in model:
            if row.subject_id not in subjects:
                subjects[row.subject_id] = a_person(office).subject_id
            change += 1
            rows.append(
                AttendanceDay(
                    subject_id=subjects[row.subject_id],
                    office=office,
                    day=row.day,
                    first_lower_ms=row.first_lower_ms,
                    first_upper_ms=row.first_upper_ms,
                    last_lower_ms=row.last_lower_ms,
                    last_upper_ms=row.last_upper_ms,
                    stays=row.stays,
                    change=change,
                )
            )
        AttendanceDay.objects.bulk_create(rows, batch_size=2_000)


if __name__ == "__main__":
    sys.exit(main())
