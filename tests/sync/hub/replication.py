"""Two PostgreSQL servers, of which the one that is written to dies under load.

    python -m tests.sync.hub.replication [--rounds N] [--doors N] [--asynchronous]

The second follows the first by streaming; a commit returns when both have it on disk. Two hubs
take in what doors send; the second server falls behind, the first is killed with all its
processes, the second promoted, and the hubs find it by themselves
(`target_session_attrs=read-write`). Then every entry that a receipt acknowledged must be in the
second, once, as it was sent. Ends with 1 where one is not.

`--asynchronous` leaves out the waiting for the second server: it shows what that would lose.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.sync.hub.postgres_server import PostgresServer

_STANDBY = "standby"
_RECEIPTS = 5
_DEADLINE_S = 60
# For so long the second server takes nothing in before the first one dies.
_LAG_S = 1.5


@dataclass(frozen=True, slots=True)
class Outcome:
    """`away_s` is from the death of the first server to the first receipt after it."""

    acknowledged: int
    away_s: float
    faults: list[str]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--doors", type=int, default=4, metavar="N")
    parser.add_argument("--asynchronous", action="store_true")
    arguments = parser.parse_args(argv)
    faults = 0
    with tempfile.TemporaryDirectory(prefix="gapura-replication-") as folder:
        _set_up_django(Path(folder) / "django")
        for number in range(arguments.rounds):
            home = Path(folder) / f"hub-{number}"
            outcome = run(home, arguments.doors, is_synchronous=not arguments.asynchronous)
            print(  # noqa: T201
                f"round {number + 1}: {outcome.acknowledged} acknowledged,"
                f" {outcome.away_s:.1f} s away, {len(outcome.faults)} faults"
                f" {outcome.faults[:3]}",
                flush=True,
            )
            faults += len(outcome.faults)
    return 1 if faults else 0


def run(home: Path, doors: int, *, is_synchronous: bool = True) -> Outcome:
    """Have the first of two servers die once."""
    from tests.sync.hub.hub_process import HubProcesses
    from tests.sync.hub.load import Sender, missing_entries, sending, wait_for_receipts

    with PostgresServer(durable=True) as first:
        first.create_database("hub")
        second = PostgresServer(durable=True)
        try:
            second.follow(first, _STANDBY)
            second.start()
            if is_synchronous:
                _wait_for_both(first)
            with HubProcesses(home, _url(first, second)) as hub:
                urls = [hub.serve(), hub.serve()]
                senders = [
                    Sender(hub.a_door(f"Pintu {number}", urls[number % 2]))
                    for number in range(doors)
                ]
                with sending(senders):
                    wait_for_receipts(senders, _RECEIPTS)
                    with second.frozen():
                        time.sleep(_LAG_S)
                        first.kill()
                    died = time.monotonic()
                    second.promote()
                    wait_for_receipts(senders, 1)
                    away_s = time.monotonic() - died
                    wait_for_receipts(senders, _RECEIPTS)
            faults = missing_entries(f"host={second.folder} user=gapura dbname=hub", senders)
            faults += [said for sender in senders for said in sender.wrong]
            return Outcome(sum(sender.acked for sender in senders), away_s, faults)
        finally:
            second.remove()


def _url(first: PostgresServer, second: PostgresServer) -> str:
    hosts = f"{first.folder},{second.folder}"
    return f"postgresql://gapura@/hub?host={hosts}&target_session_attrs=read-write"


def _wait_for_both(first: PostgresServer) -> None:
    """From now on no commit returns before the second server has it."""
    where = f"host={first.folder} user=gapura dbname=postgres"
    with psycopg.connect(where, autocommit=True) as database:
        database.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{_STANDBY}'")
        database.execute("SELECT pg_reload_conf()")
        deadline = time.monotonic() + _DEADLINE_S
        states: list[tuple[object, ...]] = []
        while states != [("sync",)]:
            assert time.monotonic() < deadline, states
            time.sleep(0.05)
            states = database.execute("SELECT sync_state FROM pg_stat_replication").fetchall()


def _set_up_django(home: Path) -> None:
    """The doors' code imports the hub's models, which want settings; nothing is stored there."""
    home.mkdir(mode=0o700)
    os.environ["GAPURA_HUB_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "sync.hub.settings"
    import django

    from sync.hub.home import Home

    Home(home).prepare()
    django.setup()


if __name__ == "__main__":
    sys.exit(main())
