"""What data protection costs: a search by name, and the night's deletion beside a bare delete.

    python -m benchmarks.privacy [--people N] [--visits N]

A PostgreSQL server of its own, with the settings that it comes with. Of two databases that have
the same visits one is swept by `retain`; from the other the same visits, and the entries that they
came in, are deleted by their keys, in as many transactions. The ratio is of elapsed time.
"""

import argparse
import os
import secrets
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from tests.sync.hub.postgres_server import PostgresServer

_AT_ONCE = 2000
_ENTRIES = """INSERT INTO ingest_entry (epoch_id, seq, run_no, boot_ms, wall_ms, clock, kind, nonce,
 sealed, previous, chain, received_at) SELECT (SELECT max(id) FROM ingest_epoch), n, 1, n, 0, 0, 1,
 n, decode(repeat('ab', 90), 'hex'), sha256(n::text::bytea), sha256((n + 1)::text::bytea), now()
 FROM generate_series(1, {count}) n"""
_VISITS = """INSERT INTO ingest_visit (entry_id, door_id, outcome, shown, reason, direction, format,
 rulebook, pass_type, sub, cti, earliest_s, lower_ms, upper_ms)
 SELECT id, (SELECT max(id) FROM fleet_door), 1, 1, 0, 1, 1, 1, 1,
 substr(sha256((seq % 50000)::text::bytea), 1, 8), substr(sha256((seq % 50000)::text::bytea), 9, 8),
 0, seq * 1000, seq * 1000 + 80 FROM ingest_entry"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--visits", type=int, default=100_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, PostgresServer(durable=True) as server:
        os.environ["GAPURA_HUB_HOME"] = folder
        os.environ["DATABASE_URL"] = server.create_database("hub")
        os.environ["DJANGO_SETTINGS_MODULE"] = "sync.hub.settings"
        _make(Path(folder))
        print(f"search among {given.people} people: {_search(given.people):.2f} s")
        _fill(given.visits, server.url("hub"))
        server.run(
            *("createdb", "--host", str(server.folder), "--username", "gapura"),
            *("--template", "hub", "bare"),
        )
        swept_s = _timed(_sweep)
        bare_s = _timed(lambda: _delete(server.url("bare")))
        print(f"{given.visits} visits: retain {swept_s:.2f} s, bare delete {bare_s:.2f} s, ratio "
              f"{swept_s / bare_s:.2f}")  # fmt: skip


def _make(home: Path) -> None:
    import django  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    from sync.hub.home import Home  # noqa: PLC0415

    Home(home).prepare()
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)


def _search(people: int) -> float:
    from sync.hub import clock  # noqa: PLC0415
    from sync.hub.people.finding import People, find_people  # noqa: PLC0415
    from sync.hub.people.models import Subject  # noqa: PLC0415

    at = clock.now()
    Subject.objects.bulk_create(
        (
            Subject(sub=secrets.token_bytes(8), label=f"Orang {number}", created_at=at)
            for number in range(people)
        ),
        batch_size=5000,
    )
    return min(_timed(lambda: find_people(People(name="99999"))[:50]) for _ in range(3))


def _fill(visits: int, url: str) -> None:
    from django.db import connections  # noqa: PLC0415

    from sync.hub import clock  # noqa: PLC0415
    from sync.hub.fleet.cards import NewDoor, add_door  # noqa: PLC0415
    from sync.hub.fleet.models import Device, Direction  # noqa: PLC0415
    from sync.hub.ingest.models import Epoch  # noqa: PLC0415

    door = add_door(NewDoor("Pintu", "Gedung", "Dinas", Direction.ENTRY, "office", "Asia/Jakarta"))
    device = Device.objects.create(
        device_id=bytes(16), door=door, signing_public=bytes(32), sealing_public=bytes(32),
        hardware="", enrolled_at=clock.now(),
    )  # fmt: skip
    Epoch.objects.create(device=device, epoch=bytes(16), chain=bytes(32), last_heard=clock.now())
    with psycopg.connect(url, autocommit=True) as there:
        there.execute(_ENTRIES.format(count=visits))
        there.execute(_VISITS)
        there.execute("VACUUM ANALYZE")
    connections.close_all()


def _sweep() -> None:
    from django.db import connections  # noqa: PLC0415

    from sync.hub import clock  # noqa: PLC0415
    from sync.hub.privacy.retention import retain  # noqa: PLC0415

    retain(clock.now())
    connections.close_all()


def _delete(url: str) -> None:
    with psycopg.connect(url) as there:
        entries = [
            key for (key,) in there.execute("SELECT entry_id FROM ingest_visit ORDER BY lower_ms")
        ]
        for start in range(0, len(entries), _AT_ONCE):
            part = entries[start : start + _AT_ONCE]
            there.execute("DELETE FROM ingest_visit WHERE entry_id = ANY(%s)", [part])
            there.execute("DELETE FROM ingest_entry WHERE id = ANY(%s)", [part])
            there.commit()


def _timed(work: Callable[[], object]) -> float:
    begun = time.monotonic()
    work()
    return time.monotonic() - begun


if __name__ == "__main__":
    main()
