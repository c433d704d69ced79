"""Opens what a power cut left, as the door does at its start, and says what is wrong with it."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from kiosk.admission.verdict import Outcome
from kiosk.clock import SystemClock
from kiosk.journal.door_keys import load_keys
from kiosk.journal.entries import Note
from kiosk.journal.journal import Journal
from kiosk.signalling.cue import Signal
from kiosk.standing import Stage, Standing
from sync.wire.carried import read_carried
from sync.wire.entry import Header, Kind, RunCipher, SealedEntry, WallClock, first_chain, unseal
from sync.wire.errors import WireError
from sync.wire.keys import DeviceId
from sync.wire.run import Run, open_run
from sync.wire.visit import read_event, read_visit
from tests.power.disk import State
from tests.power.recording import Recording, card_files
from tests.power.todays_hub import Shown, TodaysHub
from tests.power.traced_door import BOARD, is_signal, is_verdict

NEXT = b"the next scan"
DOES_NOT_START = "the door does not start"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong: `lost` where somebody's entry is not there, or cannot be read any more."""

    lost: bool
    said: str


class Wrong(Exception):
    def __init__(self, said: str, *, lost: bool = False) -> None:
        super().__init__(said)
        self.lost = lost


def judge(recording: Recording, state: State) -> Finding | None:
    """Return what is wrong with a state; None where all holds.

    Everything that was lit is there, in its order; nothing is there that was not shown; every
    entry opens under its run's key, for the hub and for recovery, along an unbroken chain; and
    the door goes on: it takes the next scan, or the card where it belonged to no hub yet.
    """
    with _laid_out(state) as directory:
        try:
            _judge(recording, state, directory)
        except Wrong as wrong:
            return Finding(wrong.lost, str(wrong))
        except Exception as error:  # noqa: BLE001 (that the door crashes is a finding)
            return Finding(True, f"{DOES_NOT_START}: {type(error).__name__} {error}")
        return None


@contextmanager
def _laid_out(state: State) -> Iterator[Path]:
    """Write the files where syncing costs nothing, with rubbish in the memory map of the log."""
    memory = Path("/dev/shm")
    place = tempfile.mkdtemp(prefix="gapura-cut-", dir=memory if memory.is_dir() else None)
    try:
        directory = Path(place)
        for name, content in sorted(state.files.items()):
            if name.endswith("/"):
                (directory / name).mkdir(parents=True, exist_ok=True)
            else:
                (directory / name).write_bytes(content)
        if state.line % 2 and "journal.db" in state.files:
            (directory / "journal.db-shm").write_bytes(state.digest * 1024)
        yield directory
    finally:
        shutil.rmtree(place)


def _judge(recording: Recording, state: State, directory: Path) -> None:
    clock = SystemClock()
    journal = Journal(directory / "journal.db", deadline_s=30)
    try:
        standing = Standing(directory, journal, BOARD, clock.moment)
        _judge_standing(recording, state, standing)
        if standing.stage is Stage.UNKNOWN:
            standing.show_card(recording.hub.card())
        forgotten = _forgotten(recording, state, journal)
        journal.record(Note(Kind.EVENT, NEXT, clock.moment(), WallClock.UNSET))
    finally:
        journal.close()
    _judge_aside(recording, directory)
    _judge_entries(recording, state, directory)
    if forgotten:
        raise Wrong(f"{forgotten} who were let in are not remembered", lost=True)


def _judge_standing(recording: Recording, state: State, standing: Standing) -> None:
    """A kiosk that has said that it took its card, or that it is ready, still is what it was."""
    was_ready = bool(recording.earlier) or any(map(is_signal(Signal.READY), state.lights))
    if was_ready and (standing.stage is not Stage.ENROLLED or standing.reference is None):
        raise Wrong(f"it was ready, and is {standing.stage.value} with {standing.reference}")
    took_card = any(map(is_signal(Signal.CARD_TAKEN), state.lights))
    if took_card and standing.stage is Stage.UNKNOWN:
        raise Wrong("it took its card, and knows no hub")


def _forgotten(recording: Recording, state: State, journal: Journal) -> int:
    """Count the passes that were let in, and that the door would let in once more."""
    if not recording.remembers:
        return 0
    lit = [one for number, one in enumerate(recording.shown) if number not in recording.unlit]
    admitted = [one.cti for one in lit[: _lit(state)] if one.outcome is Outcome.ADMIT]
    return sum(cti is not None and journal.sighting(cti) is None for cti in admitted)


def _judge_entries(recording: Recording, state: State, directory: Path) -> None:
    deleted, bodies = opened_entries(recording, directory)
    if not bodies or bodies.pop() != (Kind.EVENT, NEXT):
        raise Wrong("the next scan is not kept", lost=True)
    _judge_events([body for kind, body in bodies if kind is Kind.EVENT])
    visits = [body for kind, body in bodies if kind is Kind.VISIT]
    earlier = len(recording.earlier) - deleted
    if tuple(visits[:earlier]) != recording.earlier[deleted:]:
        raise Wrong("an entry of an earlier day is not there", lost=True)
    new, kept, lit = visits[earlier:], 0, _lit(state)
    for number, shown in enumerate(recording.shown):
        if new and _is_of(new[0], shown):
            del new[0]
            kept += number not in recording.unlit
        elif number not in recording.unlit:
            break
    if new:
        raise Wrong("an entry is not that of a code that was shown", lost=kept < lit)
    if kept < lit:
        raise Wrong(f"{lit} were lit, {kept} are kept", lost=True)


def _judge_events(bodies: list[bytes]) -> None:
    """What the door tells of itself is what the hub can read."""
    for body in bodies:
        try:
            read_event(body)
        except WireError as error:
            raise Wrong(f"an event cannot be read: {error}") from error


def _is_of(body: bytes, shown: Shown) -> bool:
    visit = read_visit(body)
    return visit.shown == shown.outcome and visit.cti in {shown.cti, None}


def _judge_aside(recording: Recording, directory: Path) -> None:
    """A damaged journal is kept, byte for byte; one that is not stays where it is."""
    aside = sorted(directory.glob("journal.db.damaged-*"))
    if aside and not recording.damaged:
        raise Wrong("the journal was taken for damaged and set aside", lost=True)
    kept = [card_files(place) for place in aside]
    if recording.damaged and not any(recording.damaged.items() <= files.items() for files in kept):
        raise Wrong("what was damaged is not kept as it was", lost=True)


def _lit(state: State) -> int:
    return sum(map(is_verdict, state.lights))


@dataclass(frozen=True, slots=True)
class _Content:
    """What lies in the one epoch of the door's journal, read without the journal's own code."""

    device: DeviceId
    epoch: bytes
    runs: dict[int, bytes]
    entries: list[tuple[SealedEntry, bytes]]


def _content(directory: Path, device: DeviceId) -> _Content:
    with closing(sqlite3.connect(directory / "journal.db")) as connection:
        (sound,) = connection.execute("PRAGMA integrity_check").fetchone()
        if sound != "ok":
            raise Wrong(f"the database is damaged: {sound}", lost=True)
        epochs = connection.execute(
            "SELECT epoch_no, epoch FROM identity WHERE device=?", (device,)
        ).fetchall()
        if len(epochs) != 1:
            raise Wrong(f"there are {len(epochs)} epochs of this door")
        ((number, epoch),) = epochs
        runs = connection.execute("SELECT run_no, signed FROM run WHERE epoch_no=?", (number,))
        entries = connection.execute(
            "SELECT seq, run_no, boot_ms, wall_ms, clock, kind, nonce, body, chain "
            "FROM entry WHERE epoch_no=? ORDER BY seq",
            (number,),
        )
        return _Content(
            device,
            epoch,
            dict(runs.fetchall()),
            [(SealedEntry(Header(*row[:7]), row[7]), row[8]) for row in entries],
        )


def opened_entries(recording: Recording, directory: Path) -> tuple[int, list[tuple[Kind, bytes]]]:
    """Open every entry with the hub's keys, along the chain from its first link.

    Returns how many entries at the begin cannot be opened, for what is before them was deleted, and
    the others' kinds and bodies.

    Raises:
        Wrong: one does not open, or is not where the chain has it.
    """
    keys = load_keys(directory / "door.key")
    assert keys is not None
    content = _content(directory, keys.device)
    run_keys = _RunKeys(recording.hub, content.runs, keys.signing_public)
    chain = first_chain(content.device, content.epoch)
    found: list[tuple[Kind, bytes]] = []
    entries, deleted = content.entries, 0
    if entries and 1 < entries[0][0].header.seq <= recording.settled:
        # The first that is left stands for all before it: from it the chain goes on.
        (first, chain), *entries = entries
        deleted = first.header.seq
    for number, (entry, kept_chain) in enumerate(entries, deleted + 1):
        try:
            kind, body = _opened(entry, run_keys, chain, content.epoch)
        except (WireError, KeyError) as error:
            raise Wrong(f"entry {number} does not open: {error}", lost=True) from error
        chain = entry.chain(chain, content.epoch)
        if entry.header.seq != number or chain != kept_chain:
            raise Wrong(f"the chain breaks at entry {number}", lost=True)
        found.append((kind, body))
    return deleted, found


def _opened(
    entry: SealedEntry, run_keys: "_RunKeys", previous: bytes, epoch: bytes
) -> tuple[Kind, bytes]:
    """Return kind and body; of an entry that was carried over, those that it had."""
    run_key = run_keys[entry.header.run_no]
    if entry.header.kind != Kind.CARRIED:
        body = unseal(entry, run_key=run_key, previous=previous, epoch=epoch)
        return Kind(entry.header.kind), body
    carried = read_carried(entry.sealed)
    run = run_keys.runs[entry.header.run_no]
    return Kind(carried.kind), carried.unseal(entry.header, run, RunCipher(run_key))


class _RunKeys(dict[int, bytes]):
    """Opens each run once, with the hub's key and with that of recovery."""

    def __init__(self, hub: TodaysHub, signed: dict[int, bytes], door_public: bytes) -> None:
        super().__init__()
        self._hub, self._signed, self._door_public = hub, signed, door_public
        self.runs: dict[int, Run] = {}

    def __missing__(self, run_no: int) -> bytes:
        run = self.runs[run_no] = open_run(self._signed[run_no], self._door_public)
        key = self[run_no] = run.open_key(self._hub.sealing_key)
        if key != run.open_key(self._hub.recovery_key):
            raise Wrong("the recovery key opens another run key", lost=True)
        return key
