"""How fast the hub takes batches in, beside a bare COPY of the same rows.

    python -m benchmarks.ingest [--batches N] [--jsonl]

One process, a PostgreSQL server of its own in a directory of its own, with the settings that it
comes with (fsync, synchronous_commit). In turn: the hub takes a request of 500 entries in, from
its bytes to those of the answer with its signed receipt; then the rows that this left in the
tables of entries and visits go into the same tables, with the same indexes and foreign keys, of a
second database, as one block of binary COPY and one commit. The ratio is the median over all
rounds, of elapsed time: the server works meanwhile too. `quiet` is that of the quarter of the
rounds that took least, for machines that have something else to do.

`verified` leaves out what comes before: reading the batch and checking its signature.
"""

import argparse
import json
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import psycopg

from tests.sync.hub.postgres_server import PostgresServer

if TYPE_CHECKING:
    from tests.sync.hub.fake_door import FakeDoor

ENTRIES = 500
_GOAL = 0.35
# A door keeps a time that it is told after its clock may be a second off: every three hours.
_BATCHES_AN_ANCHOR = 20
_TABLES = ("ingest_entry", "ingest_visit")
# What the rows hang on.
_ABOVE = ("fleet_office", "fleet_site", "fleet_door", "fleet_device", "ingest_epoch")


@dataclass(frozen=True, slots=True)
class Row:
    """Entries a second; `ratio` is the hub's share of the bare COPY's."""

    what: str
    hub_per_s: float
    copy_per_s: float
    ratio: float
    goal: float
    met: bool


@dataclass(frozen=True, slots=True)
class Round:
    hub_s: float
    opening_s: float
    copy_s: float


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--batches", type=int, default=60, metavar="N")
    parser.add_argument("--jsonl", action="store_true")
    arguments = parser.parse_args(argv)
    with (
        tempfile.TemporaryDirectory(prefix="gapura-ingest-") as folder,
        PostgresServer(durable=True) as server,
    ):
        rounds = _measure(server, Path(folder), arguments.batches)
    for row in _rows(rounds):
        print(json.dumps(asdict(row)) if arguments.jsonl else _text(row))
    return 0


def _measure(server: PostgresServer, home: Path, batches: int) -> list[Round]:
    _install(server, home)
    from django.db import connections  # noqa: PLC0415

    door = _a_door()
    bodies = list(_bodies(door, batches + 1))
    with psycopg.connect(_dsn(server, "hub")) as hub, psycopg.connect(_dsn(server, "bare")) as bare:
        for table in _ABOVE:
            _paste(bare, table, _cut(hub, table))
        rounds = [_round(door, body, hub, bare) for body in bodies]
    connections.close_all()
    # The first one opens connections and fills caches.
    return rounds[1:]


def _install(server: PostgresServer, home: Path) -> None:
    for name in ("bare", "hub"):
        os.environ["DATABASE_URL"] = server.create_database(name)
    os.environ["GAPURA_HUB_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "sync.hub.settings"
    from sync.hub.__main__ import main as gapura_hub  # noqa: PLC0415

    sys.stdout.flush()
    with Path(os.devnull).open("w") as nowhere:
        kept, sys.stdout = sys.stdout, nowhere
        assert gapura_hub(["migrate"]) == 0
        sys.stdout = kept
    _copy_schema(server)


def _copy_schema(server: PostgresServer) -> None:
    dump = server.folder / "schema.sql"
    server.run(
        *("pg_dump", "--schema-only", "--host", str(server.folder), "--username", "gapura"),
        *("--file", str(dump), "hub"),
    )
    server.run(
        *("psql", "--quiet", "--host", str(server.folder), "--username", "gapura"),
        *("--file", str(dump), "bare"),
    )


def _a_door() -> "FakeDoor":
    from django.test.utils import setup_test_environment  # noqa: PLC0415

    from sync.hub import installation  # noqa: PLC0415
    from tests.sync.hub.fake_door import an_enrolled_door, take  # noqa: PLC0415

    setup_test_environment()
    door = an_enrolled_door(installation.keyring())
    take(door.heartbeat())
    return door


def _bodies(door: "FakeDoor", batches: int) -> Iterator[bytes]:
    """Requests of a door that knows the time, each visit a different person's."""
    from sync.wire.batch import Anchor, AnchorSource, sign_batch  # noqa: PLC0415
    from sync.wire.envelope import Content, Envelope  # noqa: PLC0415

    booted_ms = int(time.time() * 1000) - 30 * 86_400_000
    for number in range(batches):
        for _ in range(ENTRIES):
            door.see(sub=secrets.token_bytes(8), cti=secrets.token_bytes(8))
        anchor = Anchor(
            door.boot_id, door.boot_ms, booted_ms + door.boot_ms, 80, AnchorSource.RECEIPT
        )
        anchors = () if number % _BATCHES_AN_ANCHOR else (anchor,)
        batch = door.batch(number * ENTRIES + 1, anchors=anchors)
        message = sign_batch(batch, door.signing)
        yield Envelope(Content.BATCH, door.device, message).to_bytes()


def _round(
    door: "FakeDoor", body: bytes, hub: psycopg.Connection, bare: psycopg.Connection
) -> Round:
    from sync.hub import clock, installation  # noqa: PLC0415
    from sync.hub.ingest.receiving import receive  # noqa: PLC0415
    from sync.wire.batch import open_batch  # noqa: PLC0415
    from sync.wire.envelope import open_envelope, pack  # noqa: PLC0415

    before = [_last(hub, table) for table in _TABLES]
    begun = time.perf_counter()
    pack(receive(open_envelope(body), installation.keyring(), clock.now))
    taken = time.perf_counter()
    open_batch(open_envelope(body).message, door.signing.public_key().public_bytes_raw())
    opened = time.perf_counter()
    blocks = [_cut(hub, table, last) for table, last in zip(_TABLES, before, strict=True)]
    assert _last(hub, _TABLES[1]) - before[1] == ENTRIES
    hub.commit()
    ready = time.perf_counter()
    for table, block in zip(_TABLES, blocks, strict=True):
        _paste(bare, table, block)
    bare.commit()
    return Round(taken - begun, opened - taken, time.perf_counter() - ready)


def _cut(database: psycopg.Connection, table: str, after: int = 0) -> bytes:
    selected = f"SELECT * FROM {table} WHERE id > {after}"
    with database.cursor().copy(f"COPY ({selected}) TO STDOUT (FORMAT BINARY)") as block:
        return b"".join(block)


def _paste(database: psycopg.Connection, table: str, block: bytes) -> None:
    with database.cursor().copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy:
        copy.write(block)


def _last(database: psycopg.Connection, table: str) -> int:
    found = database.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()
    assert found is not None
    return int(found[0])


def _dsn(server: PostgresServer, name: str) -> str:
    return f"host={server.folder} user=gapura dbname={name}"


def _rows(rounds: Sequence[Round]) -> Iterator[Row]:
    quiet = sorted(rounds, key=lambda one: one.hub_s + one.copy_s)[: -(-len(rounds) // 4)]
    for said, some in (("", rounds), (", quiet", quiet)):
        copy_per_s = ENTRIES / median(one.copy_s for one in some)
        for what, spans in (
            ("request to receipt", [one.hub_s for one in some]),
            ("verified to receipt", [one.hub_s - one.opening_s for one in some]),
        ):
            ratio = median(one.copy_s / span for one, span in zip(some, spans, strict=True))
            per_s = ENTRIES / median(spans)
            yield Row(what + said, per_s, copy_per_s, ratio, _GOAL, ratio >= _GOAL)


def _text(row: Row) -> str:
    return (
        f"{row.what:26} {row.hub_per_s:8.0f} entries/s, bare COPY {row.copy_per_s:8.0f}/s,"
        f" ratio {row.ratio:5.3f}, goal {row.goal:4.2f}: {'met' if row.met else 'MISSED'}"
    )


if __name__ == "__main__":
    sys.exit(main())
