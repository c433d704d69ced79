"""PostgreSQL as in earnest: durable, killed in the middle, restored, with several hubs on it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.sync.hub.fake_door import take
from tests.sync.hub.hub_process import HttpClient, HubProcesses
from tests.sync.hub.load import (
    Sender,
    missing_entries,
    sending,
    wait_for_receipts,
    wait_until_put_off,
)
from tests.sync.hub.postgres_server import PostgresServer, find_programs

_DOORS = 3

pytestmark = pytest.mark.skipif(
    find_programs() is None,
    reason="no PostgreSQL server is installed; script/setup installs Debian's",
)


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    with PostgresServer(durable=True) as running:
        yield running


@pytest.fixture
def hub(server: PostgresServer, tmp_path: Path) -> Iterator[HubProcesses]:
    with HubProcesses(tmp_path / "hub", server.create_database("hub")) as running:
        yield running


def dsn(server: PostgresServer) -> str:
    return f"host={server.folder} user=gapura dbname=hub"


def test_no_acknowledged_entry_is_lost_when_the_database_is_killed(
    server: PostgresServer, hub: HubProcesses
) -> None:
    """Meanwhile doors are put off with a time to come back; afterwards all goes on by itself."""
    urls = [hub.serve(), hub.serve()]
    senders = [Sender(hub.a_door(f"Pintu {number}", urls[number % 2])) for number in range(_DOORS)]
    with sending(senders):
        for _ in range(2):
            wait_for_receipts(senders, 2)
            server.kill()
            wait_until_put_off(senders)
            server.start()
        wait_for_receipts(senders, 2)
    assert [sender.wrong for sender in senders] == [[]] * _DOORS
    assert missing_entries(dsn(server), senders) == []


def test_two_hubs_take_in_one_doors_entries_once(server: PostgresServer, hub: HubProcesses) -> None:
    """The door's row is locked for as long as a batch of it is being stored."""
    urls = [hub.serve(), hub.serve()]
    door = hub.a_door("Pintu utara", urls[0])
    door.see(600)
    senders = [Sender(door), Sender(replace(door, client=HttpClient(urls[1])))]
    with sending(senders):
        wait_for_receipts(senders, 4)
    assert [sender.wrong for sender in senders] == [[], []]
    assert missing_entries(dsn(server), senders) == []


def test_a_restored_hub_gets_back_what_it_lost(server: PostgresServer, hub: HubProcesses) -> None:
    """The backup is older than what doors know as settled: they keep it for 72 hours."""
    door = hub.a_door("Pintu utara", hub.serve())
    door.see(100)
    take(door.send(1, 60))
    backup = str(server.folder / "backup")
    server.run("pg_dump", "--format", "custom", "--file", backup, dsn(server))
    assert take(door.send(61)).acked_through == 100
    hub.stop()
    server.run("dropdb", "--host", str(server.folder), "--username", "gapura", "hub")
    server.create_database("hub")
    server.run("pg_restore", "--dbname", dsn(server), backup)
    door.client = HttpClient(hub.serve())
    receipt = take(door.heartbeat(acked_through=100))
    assert (receipt.acked_through, receipt.missing) == (60, ((61, 100),))
    door.see(20)
    assert take(door.send(61)).acked_through == 120
    assert missing_entries(dsn(server), [Sender(door, 120)]) == []
