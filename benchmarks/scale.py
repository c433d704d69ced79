"""An office's day of attendance, a trace over 14 days and a night's retention on many visits.

    python -m benchmarks.scale [--visits N] [--people N] [--kiosks N] [--rounds N] [--jsonl]

One PostgreSQL server of its own with a month of visits (`benchmarks.regency`) and everybody's
working days. Attendance and trace are pages beside their own queries asked bare; retention is a
night in which a day of visits is due, beside the same statements on the rows of the next day,
whose keys an index gives. Ends with 1 where one takes more than three times as long.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import psycopg

from benchmarks import attendance, pages, tracing
from benchmarks.regency import Regency, load
from tests.sync.hub.postgres_server import PostgresServer

_Result = TypeVar("_Result")
_GOAL = 3.0
_DAYS = 30
_AT_ONCE = 2000
# Everybody came at eight and went at four on each of the month's days.
_WORKING_DAYS = """INSERT INTO attendance_attendanceday (subject_id, office_id, day, is_seen,
 first_lower_ms, first_upper_ms, last_lower_ms, last_upper_ms, least_ms, most_ms, stays, flags,
 doubts, change) SELECT subject_id, office_id, day, true, came, came + 160, came + 28800000,
 came + 28800160, 28799840, 28800160, jsonb_build_array(jsonb_build_array(came, came + 160,
 came + 28800000, came + 28800160)), '[]', '[]', row_number() OVER () FROM people_person,
 LATERAL (SELECT day::date, extract(epoch FROM day)::bigint * 1000 + 3600000 AS came
 FROM generate_series(%s::date, %s::date, interval '1 day') day) days"""
_OF_A_DAY = "SELECT entry_id FROM ingest_visit WHERE lower_ms >= %s AND lower_ms < %s"


@dataclass(frozen=True, slots=True)
class Row:
    """`hub_s` is what the hub takes, `bare_s` the statements alone."""

    name: str
    hub_s: float
    bare_s: float
    ratio: float
    met: bool


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--visits", type=int, default=20_000_000, metavar="N")
    parser.add_argument("--people", type=int, default=200_000, metavar="N")
    parser.add_argument("--kiosks", type=int, default=3_000, metavar="N")
    parser.add_argument("--rounds", type=int, default=10, metavar="N")
    parser.add_argument("--jsonl", action="store_true")
    arguments = parser.parse_args(argv)
    with (
        tempfile.TemporaryDirectory(prefix="gapura-scale-") as folder,
        PostgresServer(durable=True) as server,
    ):
        rows = _measure(server, Path(folder), arguments)
    for row in rows:
        print(json.dumps(asdict(row)) if arguments.jsonl else _text(row))
    return 0 if all(row.met for row in rows) else 1


def _measure(server: PostgresServer, home: Path, given: argparse.Namespace) -> list[Row]:
    dsn = pages.install(server, home)
    from django.db import connections  # noqa: PLC0415

    from sync.hub import clock  # noqa: PLC0415

    regency = Regency(clock.now(), given.kiosks, given.people, given.visits)
    with psycopg.connect(dsn) as database:
        begun = time.perf_counter()
        load(database, regency)
        _load_days(database, regency)
        print(f"loaded in {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
        rows = [
            _attendance(database, regency, given.rounds),
            _trace(database, regency, given.rounds),
            _retention(database, regency),
        ]
    connections.close_all()
    return rows


def _load_days(database: psycopg.Connection, regency: Regency) -> None:
    first = regency.now.date() - timedelta(days=_DAYS)
    database.execute(_WORKING_DAYS, [first, regency.now.date()])
    database.execute("VACUUM ANALYZE attendance_attendanceday")


def _attendance(database: psycopg.Connection, regency: Regency, rounds: int) -> Row:
    from sync.hub.web.roles import Role  # noqa: PLC0415

    day = (regency.now - timedelta(days=7)).date().isoformat()
    path = attendance.PATHS["attendance, day"].format(office=regency.offices // 2, day=day)
    client = pages.signed_in(Role.DISKOMINFO)
    found = pages.measure("attendance", path, client, database, rounds)
    people = regency.people // regency.offices
    name = f"a day of an office of {people} people"
    return _row(name, found.page_ms / 1000, found.bare_ms / 1000, found.ratio)


def _trace(database: psycopg.Connection, regency: Regency, rounds: int) -> Row:
    from sync.hub.web.roles import Role  # noqa: PLC0415

    found = tracing.figures(pages.signed_in(Role.TRACING), database, regency, 14, rounds)
    name = f"a trace over {found.days} days, {found.rows} rows"
    return _row(name, found.page_ms / 1000, found.bare_ms / 1000, found.ratio)


def _retention(database: psycopg.Connection, regency: Regency) -> Row:
    from sync.hub.privacy.retention import retain  # noqa: PLC0415

    swept = retain(regency.now, is_dry=True)
    assert not any(one.count for one in swept), swept
    due, hub_s = _timed(lambda: retain(regency.now + timedelta(days=1)))
    begin_ms = regency.now_ms - (_DAYS - 1) * 86_400_000
    bare, bare_s = _timed(lambda: _unlink(database, begin_ms, begin_ms + 86_400_000))
    count = max(one.count for one in due)
    assert abs(count - bare) <= count // 100 + 1, (count, bare)
    return _row(f"a night's retention, {count} visits", hub_s, bare_s, hub_s / bare_s)


def _unlink(database: psycopg.Connection, begin_ms: int, end_ms: int) -> int:
    entries = [key for (key,) in database.execute(_OF_A_DAY, [begin_ms, end_ms])]
    for start in range(0, len(entries), _AT_ONCE):
        part = entries[start : start + _AT_ONCE]
        with database.transaction():
            database.execute(
                "UPDATE ingest_visit SET sub = NULL, cti = NULL WHERE entry_id = ANY(%s)", [part]
            )
            database.execute("UPDATE ingest_entry SET sealed = '' WHERE id = ANY(%s)", [part])
    return len(entries)


def _timed(work: Callable[[], _Result]) -> tuple[_Result, float]:
    begun = time.perf_counter()
    return work(), time.perf_counter() - begun


def _row(name: str, hub_s: float, bare_s: float, ratio: float) -> Row:
    return Row(name, hub_s, bare_s, ratio, met=ratio <= _GOAL)


def _text(row: Row) -> str:
    said = "met" if row.met else "MISSED"
    return (
        f"{row.name:45} {row.hub_s:8.3f} s, bare {row.bare_s:8.3f} s, ratio {row.ratio:5.2f},"
        f" goal {_GOAL:3.1f}: {said}"
    )


if __name__ == "__main__":
    sys.exit(main())
