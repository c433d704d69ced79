"""Opens the entries of a batch, each on its own: one that does not open spoils no other."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from sync.hub.ingest.links import Link
from sync.hub.ingest.visit_bodies import read_visit_body
from sync.wire.batch import Adoption
from sync.wire.carried import read_carried
from sync.wire.entry import Kind, RunCipher
from sync.wire.errors import CannotOpen, Malformed, WireError
from sync.wire.receipt import Rejection
from sync.wire.run import Run, open_run
from sync.wire.visit import Assisted, Event, Visit, read_assisted, read_event

logger = logging.getLogger(__name__)

Content = Visit | Assisted | Event
_RUNS_KEPT = 256


@dataclass(frozen=True, slots=True)
class SignedRun:
    run: Run
    message: bytes


@dataclass(frozen=True, slots=True)
class Original:
    """The place that a carried entry had, and the chain value by which it is known."""

    epoch: bytes
    seq: int
    chain: bytes


class Read(NamedTuple):
    """An entry that opened, with what it says; `original` where it was carried."""

    link: Link
    content: Content
    original: Original | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    link: Link
    reason: Rejection


def open_runs(
    messages: Iterable[bytes], adopted: Iterable[Adoption], *, door_public: bytes, epoch: bytes
) -> dict[int, SignedRun]:
    """Return the runs that the door signed for this epoch, and those of earlier ones that it has
    adopted; whatever else is there is left out.
    """
    runs: dict[int, SignedRun] = {}
    for message in messages:
        run = _opened(message, door_public)
        if run is not None and run.epoch == epoch:
            runs.setdefault(run.run_no, SignedRun(run, message))
    for adoption in adopted:
        run = _opened(adoption.signed, door_public)
        if run is not None and run.epoch != epoch:
            runs.setdefault(adoption.run_no, SignedRun(run, adoption.signed))
    return runs


def _opened(message: bytes, door_public: bytes) -> Run | None:
    try:
        return known_run(message, door_public)
    except WireError as fault:
        logger.warning("a run is left out: %s", fault)
        return None


@lru_cache(maxsize=_RUNS_KEPT)
def known_run(message: bytes, door_public: bytes) -> Run:
    """Check a run as `open_run` does; doors send theirs again with every batch."""
    return open_run(message, door_public)


class Opener:
    """Opens entries with the keys of their runs, each of which is unsealed once."""

    def __init__(
        self, runs: dict[int, SignedRun], epoch: bytes, keys: Sequence[X25519PrivateKey]
    ) -> None:
        self._runs = runs
        self._epoch = epoch
        self._keys = tuple(keys)
        self._ciphers: dict[int, RunCipher | None] = {}

    @property
    def boots(self) -> dict[int, bytes]:
        return {number: signed.run.boot_id for number, signed in self._runs.items()}

    def open(self, link: Link) -> Read | Unread:
        header = link.entry.header
        signed = self._runs.get(header.run_no)
        if signed is None or (signed.run.epoch == self._epoch) == (header.kind == Kind.CARRIED):
            return Unread(link, Rejection.NO_RUN)
        cipher = self._cipher(header.run_no)
        if cipher is None:
            return Unread(link, Rejection.CANNOT_OPEN)
        try:
            if header.kind == Kind.CARRIED:
                return _open_carried(link, signed.run, cipher)
            body = cipher.unseal(link.entry, link.bound + link.previous)
            return Read(link, _read(header.kind, body))
        except CannotOpen:
            return Unread(link, Rejection.CANNOT_OPEN)
        except Malformed:
            return Unread(link, Rejection.UNREADABLE)

    def _cipher(self, number: int) -> RunCipher | None:
        if number not in self._ciphers:
            self._ciphers[number] = _cipher_of(self._runs[number].run, self._keys)
        return self._ciphers[number]


def _open_carried(link: Link, run: Run, cipher: RunCipher) -> Read:
    """Raises CannotOpen or Malformed."""
    header = link.entry.header
    carried = read_carried(link.entry.sealed)
    body = carried.unseal(header, run, cipher)
    original = Original(run.epoch, carried.seq, carried.chain(header, run))
    return Read(link, _read(carried.kind, body), original)


def _read(kind: int, body: bytes) -> Content:
    match kind:
        case Kind.VISIT:
            return read_visit_body(body)
        case Kind.ASSISTED:
            return read_assisted(body)
        case Kind.EVENT:
            return read_event(body)
    raise Malformed(f"entry of the unknown kind {kind}")


def _cipher_of(run: Run, keys: Sequence[X25519PrivateKey]) -> RunCipher | None:
    for key in keys:
        try:
            return RunCipher(run.open_key(key))
        except CannotOpen:
            continue
    return None
