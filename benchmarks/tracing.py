"""How long the tracing of contacts takes on a regency's data, beside the bare queries it needs.

    python -m benchmarks.tracing [--kiosks N] [--visits N] [--people N] [--days N] [--rounds N]
        [--jsonl]

As `benchmarks.pages`: a PostgreSQL server of its own, loaded by COPY. In turn the page for one
person is answered in this process and its queries are asked bare, through psycopg, their rows
fetched; each round is of another person. The ratio is the median over all rounds.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import psycopg

from benchmarks.pages import Query, captured, elapsed_ms, install, signed_in
from benchmarks.regency import Regency, load
from tests.sync.hub.postgres_server import PostgresServer

if TYPE_CHECKING:
    from django.test import Client

_GOAL = 3.0
_LARGEST_KB = 150
_WARMING = 3


@dataclass(frozen=True, slots=True)
class Figures:
    """`rows` are those of the bare queries."""

    visits: int
    days: int
    queries: int
    rows: int
    size_kb: float
    page_ms: float
    bare_ms: float
    ratio: float
    met: bool


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kiosks", type=int, default=300, metavar="N")
    parser.add_argument("--visits", type=int, default=2_000_000, metavar="N")
    parser.add_argument("--people", type=int, default=100_000, metavar="N")
    parser.add_argument("--days", type=int, default=14, metavar="N")
    parser.add_argument("--rounds", type=int, default=20, metavar="N")
    parser.add_argument("--jsonl", action="store_true")
    arguments = parser.parse_args(argv)
    with (
        tempfile.TemporaryDirectory(prefix="gapura-tracing-") as folder,
        PostgresServer(durable=True) as server,
    ):
        found = _measure(server, Path(folder), arguments)
    print(json.dumps(asdict(found)) if arguments.jsonl else found)
    return 0


def _measure(server: PostgresServer, home: Path, given: argparse.Namespace) -> Figures:
    dsn = install(server, home)
    from django.db import connections  # noqa: PLC0415

    from sync.hub import clock  # noqa: PLC0415
    from sync.hub.web.roles import Role  # noqa: PLC0415

    regency = Regency(clock.now(), given.kiosks, given.people, given.visits)
    with psycopg.connect(dsn) as database:
        load(database, regency)
        print("loaded", file=sys.stderr)
        found = figures(signed_in(Role.TRACING), database, regency, given.days, given.rounds)
    connections.close_all()
    return found


def figures(
    client: "Client", database: psycopg.Connection, regency: Regency, days: int, rounds: int
) -> Figures:
    last = regency.now.date()
    asked = {
        "first": (last - timedelta(days=days - 1)).isoformat(),
        "last": last.isoformat(),
        "minutes": "0",
        "case": "BPBD/1",
        "reason": "pengukuran",
    }

    def page(person: int) -> bytes:
        answer = client.post("/tracing/", {**asked, "who": person.to_bytes(8).hex()})
        assert answer.status_code == 200
        assert b'<li class="card row pass' in answer.content
        return bytes(answer.content)

    for person in range(_WARMING):
        page(person)
    pairs, sizes, rows, queries = [], [], [], []
    for person in range(_WARMING, _WARMING + rounds):
        answer = partial(page, person)
        asked_for = captured(answer)
        queries.append(len(asked_for))
        rows.append(sum(len(database.execute(*query).fetchall()) for query in asked_for))
        sizes.append(len(answer()) / 1000)
        pairs.append((elapsed_ms(answer), elapsed_ms(partial(_ask, database, asked_for))))
    ratio = median(page_ms / bare_ms for page_ms, bare_ms in pairs)
    return Figures(
        visits=regency.visits,
        days=days,
        queries=max(queries),
        rows=round(median(rows)),
        size_kb=max(sizes),
        page_ms=median(page_ms for page_ms, _ in pairs),
        bare_ms=median(bare_ms for _, bare_ms in pairs),
        ratio=ratio,
        met=ratio <= _GOAL and max(sizes) <= _LARGEST_KB,
    )


def _ask(database: psycopg.Connection, queries: Sequence[Query]) -> None:
    for sql, parameters in queries:
        database.execute(sql, parameters).fetchall()


if __name__ == "__main__":
    sys.exit(main())
