"""Recordings of the real door: what it was shown, what it wrote, and what its lamp said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from kiosk.clock import SystemClock
from kiosk.journal.door_keys import DoorKeys, load_keys
from kiosk.journal.entries import Note
from kiosk.journal.journal import Journal
from kiosk.journal.outgoing import Circumstance
from kiosk.standing import Standing
from sync.wire.entry import Kind, WallClock
from sync.wire.visit import Direction, Visit
from tests.power.calls import Event, read_trace
from tests.power.disk import SHARED_MEMORY, Disk
from tests.power.todays_hub import Shown, TodaysHub
from tests.power.traced_door import BOARD, TRACED, TracedDoor


@dataclass(frozen=True, slots=True)
class Recording:
    """`earlier` are the entries' bodies that the card held before, all of them durable.

    `remembers`: whoever was shown as let in is still known, for no night fell meanwhile.
    `unlit` are the places in `shown` of codes for which the door said that it is out of order.
    `damaged` is what the door found damaged at its start, and must keep as it was.
    `settled` is how many of the earlier entries the hub has: those alone may have been deleted.
    """

    name: str
    hub: TodaysHub
    disk: Disk
    events: tuple[Event, ...]
    earlier: tuple[bytes, ...]
    shown: tuple[Shown, ...]
    remembers: bool = True
    unlit: frozenset[int] = frozenset()
    damaged: Mapping[str, bytes] = field(default_factory=dict)
    settled: int = 0


@dataclass(slots=True)
class Card:
    """A card that this process prepares, as a door before the recorded one left it."""

    state_dir: Path
    hub: TodaysHub
    earlier: list[bytes]
    journal: Journal

    def record(self) -> None:
        moment = SystemClock().moment()
        visit = Visit(1, 1, 1, Direction.IN, 1, 1, moment.wall_ms // 1000 + len(self.earlier))
        self.earlier.append(visit.to_bytes())
        self.journal.record(Note(Kind.VISIT, self.earlier[-1], moment, WallClock.UNSET))

    def send(self) -> None:
        """Bring all that waits to the hub, and its receipt back."""
        clock, keys = SystemClock(), door_keys(self.state_dir)
        batch = self.journal.next_batch(0, 500, Circumstance(clock.moment(), (), 1, "gapura test"))
        receipt = self.hub.take(batch.message, keys.signing_public)
        self.journal.apply_receipt(receipt, clock.moment())

    def reopen(self) -> None:
        """End the door and start it again."""
        self.journal.close()
        self.journal = Journal(self.state_dir / "journal.db", deadline_s=20)
        Standing(self.state_dir, self.journal, BOARD, SystemClock().moment)


def door_keys(state_dir: Path) -> DoorKeys:
    keys = load_keys(state_dir / "door.key")
    assert keys is not None
    return keys


def prepare(state_dir: Path, hub: TodaysHub) -> Card:
    """Return an enrolled card whose journal is open and whose door knows the time."""
    state_dir.mkdir(parents=True)
    clock = SystemClock()
    journal = Journal(state_dir / "journal.db", deadline_s=20)
    standing = Standing(state_dir, journal, BOARD, clock.moment)
    standing.show_card(hub.card())
    keys = door_keys(state_dir)
    standing.take_bundle(hub.bundle(keys))
    card = Card(state_dir, hub, [], journal)
    card.send()
    return card


def card_files(state_dir: Path) -> dict[str, bytes]:
    """Return what lies on the card; a directory's name ends with "/"."""
    return {
        f"{path.relative_to(state_dir)}" + "/" * path.is_dir(): (
            b"" if path.is_dir() else path.read_bytes()
        )
        for path in sorted(state_dir.rglob("*"))
        if not path.name.endswith(SHARED_MEMORY)
    }


class Recorder(Protocol):
    """Runs the door over the card in `home`, and says what came of it."""

    def __call__(
        self,
        name: str,
        home: Path,
        hub: TodaysHub,
        earlier: list[bytes],
        play: Callable[[TracedDoor], list[Shown]],
        *,
        program: tuple[str, ...] = ...,
        remembers: bool = ...,
    ) -> Recording: ...


def record(
    name: str,
    home: Path,
    hub: TodaysHub,
    earlier: list[bytes],
    play: Callable[[TracedDoor], list[Shown]],
    *,
    program: tuple[str, ...] = ("-m", "kiosk"),
    strace: tuple[str, ...] = TRACED,
    remembers: bool = True,
) -> Recording:
    """Run the door over the card in `home`.

    The model of the disk must end with the very bytes that the files have: so nothing was missed.
    """
    before = card_files(home / "state")
    door = TracedDoor(home, program=program, strace=strace)
    try:
        shown = play(door)
    finally:
        code = door.stop()
    assert code == 0, door.log()
    lines = door.trace.read_text().splitlines()
    events = read_trace(lines, door.state_dir, door.lamp)
    disk = Disk(before, events)
    assert disk.whole() == card_files(door.state_dir), "the trace does not account for every byte"
    return Recording(name, hub, disk, tuple(events), tuple(earlier), tuple(shown), remembers)
