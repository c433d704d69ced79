from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connections
from django.test import Client
from psycopg import errors

from sync.hub.ingest.advancing import Settlement
from sync.hub.ingest.models import Entry, Epoch, Rejected
from sync.hub.ingest.settling import settle
from sync.hub.keyring import Keyring
from tests.sync.hub.fake_door import FakeDoor, an_enrolled_door, take

_THREADS = 4


@pytest.mark.usefixtures("committing")
def test_the_same_batches_at_once_are_stored_once(keyring: Keyring) -> None:
    """Two processes of the hub may be sent the same entries at the same time."""
    door = an_enrolled_door(keyring)
    door.see(24)
    batches = [door.batch(first, first + 8) for first in (1, 4, 9, 16)] * 2

    def work(worker: int) -> None:
        sender = FakeDoor(keyring, client=Client(), signing=door.signing, sealing=door.sealing)
        try:
            for batch in batches[worker:] + batches[:worker]:
                assert sender.post(batch).status == 200
        finally:
            connections.close_all()

    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(work, range(_THREADS)))
    assert sorted(Entry.objects.values_list("seq", flat=True)) == list(range(1, 25))
    assert Rejected.objects.count() == 0
    sent = _THREADS * sum(len(batch.entries) for batch in batches)
    assert Epoch.objects.get().repeats == sent - 24
    assert take(door.heartbeat()).acked_through == 24


@pytest.mark.parametrize(("times", "status"), [(1, 200), (2, 200), (3, 503)])
def test_a_deadlock_is_no_matter_for_the_door(
    keyring: Keyring, monkeypatch: pytest.MonkeyPatch, times: int, status: int
) -> None:
    """One of two transactions has to begin again; if it always is this one, the door does."""
    door = an_enrolled_door(keyring)
    door.see()
    faults = [deadlock() for _ in range(times)]

    def unlucky(*given: object, **named: object) -> Settlement:
        if faults:
            raise faults.pop()
        return settle(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr("sync.hub.ingest.receiving.settle", unlucky)
    assert door.send().status == status
    assert door.send().status == 200
    assert Entry.objects.count() == 1


def deadlock() -> OperationalError:
    fault = OperationalError("deadlock detected")
    fault.__cause__ = errors.DeadlockDetected()
    return fault
