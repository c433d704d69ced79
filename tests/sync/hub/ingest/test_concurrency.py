from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client

from sync.hub.ingest.models import Entry, Epoch, Rejected
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
