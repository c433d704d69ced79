"""Doors that keep sending, and what a hub's database must hold of it in the end."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread

import psycopg

from tests.sync.hub.fake_door import FakeDoor
from tests.sync.hub.hub_process import HttpClient

_DEADLINE_S = 120
_BATCH = 40


@dataclass(slots=True)
class Sender:
    """Sends a door's journal, a batch after the other, as far as it grows.

    `acked` is what a receipt has acknowledged; `put_off` counts answers of 503; `wrong` tells
    answers that a door must never get.
    """

    door: FakeDoor
    acked: int = 0
    receipts: int = 0
    put_off: int = 0
    wrong: list[str] = field(default_factory=list)

    def send(self) -> None:
        door = self.door
        if len(door.journal) < self.acked + _BATCH:
            door.see(_BATCH)
        try:
            answer = door.send(self.acked + 1, self.acked + _BATCH)
        except OSError as fault:
            self.wrong.append(repr(fault))
            return
        if answer.receipt is not None:
            self.receipts += 1
            self.acked = max(self.acked, answer.receipt.acked_through)
            return
        self._be_put_off(answer.status, answer.text)

    def _be_put_off(self, status: int, text: str) -> None:
        assert isinstance(self.door.client, HttpClient)
        last = self.door.client.last
        if status == 503 and last is not None and last.retry_after is not None:
            self.put_off += 1
            # A door waits as long as it is told to; the point here is that it comes back.
            time.sleep(0.05)
        else:
            self.wrong.append(f"{status} {text}")


@contextmanager
def sending(senders: Sequence[Sender]) -> Iterator[None]:
    """Let all of them send at once for as long as this lasts."""
    over = Event()

    def work(sender: Sender) -> None:
        while not over.is_set():
            sender.send()

    threads = [Thread(target=work, args=(sender,)) for sender in senders]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(_DEADLINE_S)


def wait_for_receipts(senders: Sequence[Sender], more: int) -> None:
    """Return when each has got that many receipts more."""
    wanted = [sender.receipts + more for sender in senders]
    deadline = time.monotonic() + _DEADLINE_S
    while any(one.receipts < least for one, least in zip(senders, wanted, strict=True)):
        assert time.monotonic() < deadline, [(one.receipts, one.wrong[:3]) for one in senders]
        time.sleep(0.02)


def wait_until_put_off(senders: Sequence[Sender]) -> None:
    before = [sender.put_off for sender in senders]
    deadline = time.monotonic() + _DEADLINE_S
    while any(one.put_off <= count for one, count in zip(senders, before, strict=True)):
        assert time.monotonic() < deadline, [one.wrong[:3] for one in senders]
        time.sleep(0.02)


def missing_entries(dsn: str, senders: Sequence[Sender]) -> list[str]:
    """Tell what was acknowledged and is not stored as it was sent, or is stored otherwise."""
    faults: list[str] = []
    with psycopg.connect(dsn) as database:
        for sender in senders:
            rows = database.execute(
                "SELECT e.seq, e.chain, v.id IS NOT NULL FROM ingest_entry e "
                "JOIN ingest_epoch p ON p.id = e.epoch_id LEFT JOIN ingest_visit v "
                "ON v.entry_id = e.id WHERE p.epoch = %s ORDER BY e.seq",
                (sender.door.epoch,),
            ).fetchall()
            journal = sender.door.journal
            stored = {seq: bytes(chain) for seq, chain, has_visit in rows if has_visit}
            if len(rows) != len(stored):
                faults.append(f"{len(rows)} rows for {len(stored)} entries with their visits")
            faults += [f"{seq} is lost" for seq in range(1, sender.acked + 1) if seq not in stored]
            faults += [
                f"{seq} is another"
                for seq, chain in stored.items()
                if journal[seq - 1].chain != chain
            ]
    return faults
