"""What a hub sees when a fleet that was offline for days comes back in one second.

    python -m benchmarks.fleet [--kiosks N] [--days N] [--visits N] [--processes N] [--away S]
        [--jsonl]

Kiosks are the real wire code and the real courier with its real pace, their clocks at 1970; the
hub is the real one on a PostgreSQL server of its own. Only time is virtual: a request takes the
line its latency and its bytes, waits until one of the hub's processes is free, and then takes as
long as this machine just took to answer it. A courier gives up on an answer after a minute, as it
does in the field; the hub does its work all the same.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import asdict
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.returning import Return, come_back
from tests.sync.hub.postgres_server import PostgresServer

if TYPE_CHECKING:
    from tests.sync.hub.faults.simulated_door import SimulatedDoor

_DOORS_AN_OFFICE = 32


def make_doors(kiosks: int, days: int, visits: int) -> "list[SimulatedDoor]":
    """Enrol kiosks, and let them see visits for days without any network or time."""
    from sync.hub import clock, installation  # noqa: PLC0415
    from sync.hub.fleet.cards import NewDoor, add_door  # noqa: PLC0415
    from sync.hub.fleet.models import Direction  # noqa: PLC0415
    from sync.hub.rules.publishing import publish_default  # noqa: PLC0415
    from tests.sync.hub.fake_door import HUB_URL, FakeDoor, a_token  # noqa: PLC0415
    from tests.sync.hub.faults.simulated_door import SimulatedDoor  # noqa: PLC0415

    keyring = installation.keyring()
    publish_default(clock.now())
    doors = []
    for number in range(kiosks):
        office = f"OPD {number // _DOORS_AN_OFFICE}"
        place = add_door(
            NewDoor(f"Pintu {number}", office, office, Direction.ENTRY, "office", "Asia/Jakarta")
        )
        door = FakeDoor(keyring)
        answer = door.enrol(place.public_id, a_token(place, keyring))
        assert answer.bundle is not None
        door.bundle_version = answer.bundle.version
        for _ in range(days):
            door.start()
            door.see(visits)
        doors.append(SimulatedDoor(door, HUB_URL, b"", (b"", b""), most=500))
    return doors


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kiosks", type=int, default=300, metavar="N")
    parser.add_argument("--days", type=int, default=7, metavar="N", help="without network")
    parser.add_argument("--visits", type=int, default=60, metavar="N", help="a day and kiosk")
    parser.add_argument("--processes", type=int, default=1, metavar="N", help="of the hub")
    parser.add_argument("--away", type=float, default=0.0, metavar="SECONDS", help="of the hub")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jsonl", action="store_true")
    arguments = parser.parse_args(argv)
    with (
        tempfile.TemporaryDirectory(prefix="gapura-fleet-") as folder,
        PostgresServer(durable=True) as server,
    ):
        found = _measure(server, Path(folder), arguments)
    print(json.dumps(asdict(found)) if arguments.jsonl else _text(found))
    return 0 if found.stored == found.entries else 1


def _measure(server: PostgresServer, folder: Path, arguments: argparse.Namespace) -> Return:
    home = folder / "home"
    home.mkdir()
    os.environ["DATABASE_URL"] = server.create_database("hub")
    os.environ["GAPURA_HUB_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "sync.hub.settings"
    from sync.hub.__main__ import main as gapura_hub  # noqa: PLC0415

    with redirect_stdout(StringIO()):
        gapura_hub(["migrate"])
    import logging  # noqa: PLC0415

    from django.db import connections  # noqa: PLC0415
    from django.test.utils import setup_test_environment  # noqa: PLC0415

    logging.disable(logging.CRITICAL)
    setup_test_environment()
    try:
        doors = make_doors(arguments.kiosks, arguments.days, arguments.visits)
        return come_back(
            doors, folder, processes=arguments.processes, seed=arguments.seed, away_s=arguments.away
        )
    finally:
        connections.close_all()


def _text(found: Return) -> str:
    each_bytes = found.up_bytes / max(1, found.entries)
    return (
        f"{found.kiosks} kiosks, {found.entries} entries, {found.processes} process(es):"
        f" {found.stored} stored, drained after {found.drained_s:.0f} s;"
        f" {found.requests} requests, {found.given_up} answered too late,"
        f" at most {found.peak_per_s} in a second and {found.later_peak_per_s} after the first;"
        f" {found.up_bytes / 1e6:.1f} MB up ({each_bytes:.0f} bytes an entry),"
        f" {found.down_bytes / 1e6:.1f} MB down;"
        f" {found.hub_s:.0f} s of the hub, {found.entries_per_hub_s:.0f} entries a second;"
        f" {found.table_bytes / max(1, found.stored):.0f} bytes an entry in the database"
    )


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main())
