"""A journal with its logbook, and what the hub reads of the events in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.logbook import Logbook
from sync.wire.entry import WallClock
from sync.wire.visit import Event, read_event
from tests.kiosk.enrolled import Enrolled


class Diarist:
    """`may_write` is whether the kiosk belongs to a hub; `newest_seq` the door's last visit."""

    def __init__(self, kiosk: Enrolled) -> None:
        self.kiosk = kiosk
        self.may_write = True
        self.newest_seq = 0
        self.open()

    def open(self) -> None:
        kiosk = self.kiosk
        self.logbook = Logbook(
            kiosk.journal,
            kiosk.clock.moment,
            lambda: WallClock.SYNCHRONISED,
            lambda: self.may_write,
        )

    def note(self, name: str, *, level: int = 0, is_bad: bool | None = None) -> None:
        self.logbook.note(Event(name, is_bad=is_bad), level=level)

    def write(self, after_ms: int = 0) -> None:
        """Let some time pass, have written what is due, and wait for it."""
        self.kiosk.clock.advance(after_ms)
        self.logbook.write(self.newest_seq)
        self.kiosk.journal.backlog()
        self.logbook.write(self.newest_seq)

    def events(self) -> list[Event]:
        """Return what the hub reads, and have it tell the journal that it has."""
        kiosk = self.kiosk
        kiosk.deliver(kiosk.send())
        return [read_event(body) for body in kiosk.bodies()]

    def names(self) -> list[str]:
        return [event.name for event in self.events()]


@contextmanager
def diarist(state_dir: Path, deadline_s: float = 10.0) -> Iterator[Diarist]:
    kiosk = Enrolled(state_dir, deadline_s)
    found = Diarist(kiosk)
    try:
        yield found
    finally:
        kiosk.journal.close()
