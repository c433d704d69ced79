"""How long the tracing of contacts takes on a regency's data, beside the bare queries it needs.

    python -m benchmarks.tracing [--kiosks N] [--visits N] [--people N] [--days N] [--rounds N]
        [--jsonl]

As `benchmarks.pages`: a PostgreSQL server of its own, loaded by COPY. In turn the page for one
person is answered in this process and its queries are asked bare, through psycopg, their rows
fetched; each round is of another person. The ratio is the median over all rounds.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from io import StringIO
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import psycopg

from benchmarks.regency import Regency, load
from tests.sync.hub.postgres_server import PostgresServer

if TYPE_CHECKING:
    from django.test import Client

_GOAL = 3.0
_LARGEST_KB = 150
_WARMING = 3
Query = tuple[str, Any]


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
    os.environ["DATABASE_URL"] = server.create_database("hub")
    os.environ["GAPURA_HUB_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "sync.hub.settings"
    from sync.hub.__main__ import main as gapura_hub  # noqa: PLC0415

    with redirect_stdout(StringIO()):
        assert gapura_hub(["migrate"]) == 0
    from django.db import connections  # noqa: PLC0415

    from sync.hub import clock  # noqa: PLC0415

    regency = Regency(clock.now(), given.kiosks, given.people, given.visits)
    with psycopg.connect(f"host={server.folder} user=gapura dbname=hub") as database:
        load(database, regency)
        print("loaded", file=sys.stderr)
        found = _figures(_signed_in(), database, regency, given)
    connections.close_all()
    return found


def _signed_in() -> "Client":
    from django.test import Client  # noqa: PLC0415

    from sync.hub.web.roles import Role  # noqa: PLC0415
    from tests.sync.hub.operators import an_operator, sign_in  # noqa: PLC0415

    client = Client(SERVER_NAME="127.0.0.1")
    sign_in(client, an_operator(Role.TRACING))
    return client


def _figures(
    client: "Client", database: psycopg.Connection, regency: Regency, given: argparse.Namespace
) -> Figures:
    last = regency.now.date()
    asked = {
        "first": (last - timedelta(days=given.days - 1)).isoformat(),
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
    for person in range(_WARMING, _WARMING + given.rounds):
        answer = partial(page, person)
        captured = _captured(answer)
        queries.append(len(captured))
        rows.append(sum(len(database.execute(*query).fetchall()) for query in captured))
        sizes.append(len(answer()) / 1000)
        pairs.append((_elapsed_ms(answer), _elapsed_ms(partial(_ask, database, captured))))
    ratio = median(page_ms / bare_ms for page_ms, bare_ms in pairs)
    return Figures(
        visits=given.visits,
        days=given.days,
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


def _captured(work: Callable[[], object]) -> list[Query]:
    from django.db import connection  # noqa: PLC0415

    found: list[Query] = []

    def keep(execute: Callable[..., Any], sql: str, parameters: Any, *rest: Any) -> Any:
        if sql.startswith("SELECT"):
            found.append((sql, parameters))
        return execute(sql, parameters, *rest)

    with connection.execute_wrapper(keep):
        work()
    return found


def _elapsed_ms(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    sys.exit(main())
