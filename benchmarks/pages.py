"""How long pages take on a regency's data, beside the bare queries that they need.

    python -m benchmarks.pages [--kiosks N] [--visits N] [--people N] [--rounds N] [--jsonl]

A PostgreSQL server of its own in a directory of its own, loaded by COPY (`benchmarks.regency`).
What a page asks is captured once, with its parameters; then, in turn, the page is answered in this
process and the same queries are asked bare, through psycopg, their rows fetched. The ratio is the
median over all rounds, of elapsed time: the server works meanwhile too. `quiet` is that of the
quarter of the rounds that took least, for machines that have something else to do.
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
from io import StringIO
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import psycopg

from benchmarks.regency import Regency, load
from tests.sync.hub.postgres_server import PostgresServer

if TYPE_CHECKING:
    from django.test import Client

    from sync.hub.web.roles import Role

_GOAL = 3.0
_LARGEST_KB = 150
_WARMING = 2
_PAGES = {
    "to-do": "/",
    "kiosk": "/kiosks/{kiosk}/",
    "roll-out": "/roll-out/",
    "one office's roll-out": "/roll-out/1/",
    "kiosks": "/kiosks/",
    "devices": "/devices/",
    "visits": "/visits/",
}
_WITH_A_GOAL = ("to-do", "kiosk", "roll-out")
Query = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """Of the page and of its bare queries; `ratio` is theirs. `goal` is 0 where there is none."""

    page: str
    queries: int
    size_kb: float
    page_ms: float
    bare_ms: float
    ratio: float
    quiet_ratio: float
    goal: float
    met: bool


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kiosks", type=int, default=300, metavar="N")
    parser.add_argument("--visits", type=int, default=2_000_000, metavar="N")
    parser.add_argument("--people", type=int, default=100_000, metavar="N")
    parser.add_argument("--rounds", type=int, default=30, metavar="N")
    parser.add_argument("--jsonl", action="store_true")
    arguments = parser.parse_args(argv)
    with (
        tempfile.TemporaryDirectory(prefix="gapura-pages-") as folder,
        PostgresServer(durable=True) as server,
    ):
        rows = _measure(server, Path(folder), arguments)
    for row in rows:
        print(json.dumps(asdict(row)) if arguments.jsonl else text(row))
    return 0


def _measure(server: PostgresServer, home: Path, arguments: argparse.Namespace) -> list[Row]:
    dsn = install(server, home)
    from django.db import connections  # noqa: PLC0415

    from sync.hub import clock  # noqa: PLC0415
    from sync.hub.web.roles import Role  # noqa: PLC0415

    regency = Regency(clock.now(), arguments.kiosks, arguments.people, arguments.visits)
    with psycopg.connect(dsn) as database:
        begun = time.perf_counter()
        load(database, regency)
        print(f"loaded in {time.perf_counter() - begun:.0f} s", file=sys.stderr)
        client = signed_in(Role.DISKOMINFO)
        rows = [
            measure(
                name,
                path.format(kiosk=arguments.kiosks // 2),
                client,
                database,
                arguments.rounds,
            )
            for name, path in _PAGES.items()
        ]
    connections.close_all()
    return rows


def install(server: PostgresServer, home: Path) -> str:
    os.environ["DATABASE_URL"] = server.create_database("hub")
    os.environ["GAPURA_HUB_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "sync.hub.settings"
    from sync.hub.__main__ import main as gapura_hub  # noqa: PLC0415

    with redirect_stdout(StringIO()):
        assert gapura_hub(["migrate"]) == 0
    return f"host={server.folder} user=gapura dbname=hub"


def signed_in(role: "Role") -> "Client":
    from django.test import Client  # noqa: PLC0415

    from tests.sync.hub.operators import an_operator, sign_in  # noqa: PLC0415

    # Django's set-up for tests would watch every template that is drawn.
    client = Client(SERVER_NAME="127.0.0.1")
    sign_in(client, an_operator(role))
    return client


def measure(
    name: str, path: str, client: "Client", database: psycopg.Connection, rounds: int
) -> Row:
    def page() -> bytes:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return bytes(answer.content)

    for _ in range(_WARMING):
        # The first ones record the look-up, compile templates and open connections.
        page()
    queries = captured(page)

    def bare() -> None:
        for sql, parameters in queries:
            database.execute(sql, parameters).fetchall()

    pairs = [(elapsed_ms(page), elapsed_ms(bare)) for _ in range(rounds)]
    ratio = median(page_ms / bare_ms for page_ms, bare_ms in pairs)
    goal = _GOAL if name in _WITH_A_GOAL else 0.0
    quiet = sorted(pairs, key=sum)[: -(-len(pairs) // 4)]
    size_kb = len(page()) / 1000
    return Row(
        page=name,
        queries=len(queries),
        size_kb=size_kb,
        page_ms=median(page_ms for page_ms, _ in pairs),
        bare_ms=median(bare_ms for _, bare_ms in pairs),
        ratio=ratio,
        quiet_ratio=median(page_ms / bare_ms for page_ms, bare_ms in quiet),
        goal=goal,
        met=(not goal or ratio <= goal) and size_kb <= _LARGEST_KB,
    )


def captured(page: Callable[[], object]) -> list[Query]:
    """Return what a page reads; what it writes is written once, and no part of a reading."""
    from django.db import connection  # noqa: PLC0415

    found: list[Query] = []

    def keep(execute: Callable[..., Any], sql: str, parameters: Any, *rest: Any) -> Any:
        if sql.startswith("SELECT"):
            found.append((sql, parameters))
        return execute(sql, parameters, *rest)

    with connection.execute_wrapper(keep):
        page()
    return found


def elapsed_ms(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def text(row: Row) -> str:
    aim = f", goal {row.goal:3.1f}" if row.goal else ""
    said = "met" if row.met else "MISSED"
    return (
        f"{row.page:22} {row.queries:3} queries, {row.size_kb:6.1f} KB, {row.page_ms:7.1f} ms,"
        f" bare {row.bare_ms:7.1f} ms,"
        f" ratio {row.ratio:5.2f} (quiet {row.quiet_ratio:5.2f}){aim}: {said}"
    )


if __name__ == "__main__":
    sys.exit(main())
