"""Opens the entries of a batch, each on its own: one that does not open spoils no other."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from sync.hub.ingest.links import Link
from sync.wire.entry import Kind, unseal
from sync.wire.errors import CannotOpen, Malformed, WireError
from sync.wire.receipt import Rejection
from sync.wire.run import Run, open_run
from sync.wire.visit import Assisted, Event, Visit, read_assisted, read_event, read_visit

logger = logging.getLogger(__name__)

Content = Visit | Assisted | Event


@dataclass(frozen=True, slots=True)
class SignedRun:
    run: Run
    message: bytes


@dataclass(frozen=True, slots=True)
class Read:
    """An entry that opened, with what it says."""

    link: Link
    content: Content


@dataclass(frozen=True, slots=True)
class Unread:
    link: Link
    reason: Rejection


def open_runs(
    messages: Iterable[bytes], *, door_public: bytes, epoch: bytes
) -> dict[int, SignedRun]:
    """Return the runs that the door signed for this epoch; whatever else is there is left out."""
    runs: dict[int, SignedRun] = {}
    for message in messages:
        try:
            run = open_run(message, door_public)
        except WireError as fault:
            logger.warning("a run is left out: %s", fault)
            continue
        if run.epoch == epoch:
            runs.setdefault(run.run_no, SignedRun(run, message))
    return runs


class Opener:
    """Opens entries with the keys of their runs, each of which is unsealed once."""

    def __init__(
        self, runs: dict[int, SignedRun], epoch: bytes, keys: Sequence[X25519PrivateKey]
    ) -> None:
        self._runs = runs
        self._epoch = epoch
        self._keys = keys
        self._run_keys: dict[int, bytes | None] = {}

    def open(self, link: Link) -> Read | Unread:
        number = link.entry.header.run_no
        if number not in self._runs:
            return Unread(link, Rejection.NO_RUN)
        run_key = self._run_key(number)
        if run_key is None:
            return Unread(link, Rejection.CANNOT_OPEN)
        try:
            body = unseal(link.entry, run_key=run_key, previous=link.previous, epoch=self._epoch)
            return Read(link, _read(link.entry.header.kind, body))
        except CannotOpen:
            return Unread(link, Rejection.CANNOT_OPEN)
        except Malformed:
            return Unread(link, Rejection.UNREADABLE)

    def _run_key(self, number: int) -> bytes | None:
        if number not in self._run_keys:
            self._run_keys[number] = _unseal_run_key(self._runs[number].run, self._keys)
        return self._run_keys[number]


def _read(kind: int, body: bytes) -> Content:
    match kind:
        case Kind.VISIT:
            return read_visit(body)
        case Kind.ASSISTED:
            return read_assisted(body)
        case Kind.EVENT:
            return read_event(body)
    raise Malformed(f"entry of the unknown kind {kind}")


def _unseal_run_key(run: Run, keys: Sequence[X25519PrivateKey]) -> bytes | None:
    for key in keys:
        try:
            return run.open_key(key)
        except CannotOpen:
            continue
    return None
