"""Damages journals, starts kiosks on them, and asks what a hub can still open."""

import random
from pathlib import Path

from sync.wire.batch import open_batch
from sync.wire.carried import read_carried
from sync.wire.entry import Kind, RunCipher
from sync.wire.errors import CannotOpen
from sync.wire.run import open_run
from tests.kiosk.enrolled import Enrolled

PAGE_BYTES = 4096
COUNT = 300


def damage(path: Path, offset: int, length: int, seed: int = 1) -> bytes:
    """Overwrite part of a file with noise; return the whole file as it is then."""
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(random.Random(seed).randbytes(length))
    return path.read_bytes()


def start(kiosk: Enrolled) -> None:
    kiosk.open()
    kiosk.begin_run()


def arrived(kiosk: Enrolled) -> list[int]:
    """Return the numbers of all visits that a hub can open, in the order in which they come."""
    after, found, more = 0, list[int](), True
    while more:
        batch = open_batch(kiosk.fetch(after), kiosk.keys.signing_public)
        runs = {
            item.run_no: open_run(item.signed, kiosk.keys.signing_public) for item in batch.adopted
        }
        for entry in batch.entries:
            if entry.header.kind != Kind.CARRIED:
                continue
            run, carried = runs[entry.header.run_no], read_carried(entry.sealed)
            try:
                cipher = RunCipher(run.open_key(kiosk.hub.sealing_key))
                found.append(int(carried.unseal(entry.header, run, cipher)))
            except CannotOpen:
                continue
        after = batch.entries[-1].header.seq if batch.entries else after
        more = bool(batch.entries) and after < batch.newest_seq
    return found


def pages(path: Path) -> int:
    return path.stat().st_size // PAGE_BYTES
