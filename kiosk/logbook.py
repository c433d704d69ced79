"""What happens to the kiosk itself, written into the journal by the way.

No verdict waits for it: events are committed on the journal's thread while nobody is read, several
at once, and where they cannot be written they wait in memory, one of a name.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass, replace
from types import TracebackType

from kiosk.errors import JournalFault
from kiosk.instants import Moment
from kiosk.journal.entries import Note
from kiosk.journal.journal import DEADLINE_S, Journal
from kiosk.journal.tidings import Tidings
from sync.wire.entry import Kind, WallClock
from sync.wire.happenings import Happening
from sync.wire.visit import MAX_DETAIL, Event

logger = logging.getLogger(__name__)

FIRST_WAIT_MS = 60_000
"""For so long after an event the next one of its name is held back, and counted."""
MOST_WAIT_MS = 4 * 3_600_000
"""What comes and goes all day is told after 1, 2, 4, … minutes, and in the end so seldom."""
RETRY_MS = 60_000
BUSY_MS = 60_000
"""For no longer are events held back while one visitor follows the other."""


@dataclass(slots=True)
class _Page:
    """What is known of one name. `event` waits to be written, and `level` with it."""

    event: Event | None = None
    level: int = 0
    noticed_ms: int = 0
    written_ms: int | None = None
    wait_ms: int = FIRST_WAIT_MS

    def is_due(self, now_ms: int) -> bool:
        if self.event is None:
            return False
        return self.written_ms is None or now_ms - self.written_ms >= self.wait_ms

    def written(self, now_ms: int) -> None:
        """The more it flickers, the longer the next one waits."""
        before_ms, self.written_ms = self.written_ms, now_ms
        is_flickering = before_ms is not None and now_ms - before_ms <= 2 * self.wait_ms
        self.wait_ms = min(2 * self.wait_ms, MOST_WAIT_MS) if is_flickering else FIRST_WAIT_MS


@dataclass(frozen=True, slots=True)
class _Commit:
    """Events on their way to the card, by name, and what is told when they are there."""

    future: "Future[int]"
    told: Tidings
    events: Mapping[str, Event]
    begun_ms: int


class Logbook:
    """`note` may be called from any thread, the rest from the door's. Before `may_write` nothing
    is written: the kiosk belongs to no hub that could read it.
    """

    def __init__(
        self,
        journal: Journal,
        moment: Callable[[], Moment],
        wall_clock: Callable[[], WallClock],
        may_write: Callable[[], bool],
    ) -> None:
        self._journal = journal
        self._moment = moment
        self._wall_clock = wall_clock
        self._may_write = may_write
        self._told = journal.told()
        self._noting = threading.Lock()
        self._pages: dict[str, _Page] = {
            name: _Page(level=level) for name, level in self._told.levels.items()
        }
        self._writing: _Commit | None = None
        self._retry_ms = 0
        self._cannot_write = False
        self._newest_seq = 0
        self._quiet_ms = moment().boot_ms

    def begin(self, software: str) -> None:
        """Note that a process starts, and how the one before it ended where that was not proper."""
        running, boot_id = self._told.running, self._moment().boot_id
        if running:
            how = Happening.KILLED if running == boot_id else Happening.POWER_CUT
            self.note(Event(how))
        self.note(Event(Happening.START, detail=software))

    def level(self, name: str) -> int:
        """Return where things stand by the last event of that name, written or not."""
        with self._noting:
            page = self._pages.get(name)
            return 0 if page is None else page.level

    def has_written(self, name: str, level: int) -> bool:
        """Say whether the last event of that name that is on the card stands so."""
        return self._told.levels.get(name) == level

    def note(self, event: Event, *, level: int = 0) -> None:
        """Take up an event; of several of a name that wait, the last is written with their number.

        `name` is of a closed set, so that what waits is bounded.
        """
        with self._noting:
            page = self._pages.setdefault(event.name, _Page())
            count = event.count + (page.event.count if page.event else 0)
            page.event = replace(event, detail=event.detail[:MAX_DETAIL], count=count)
            page.level, page.noticed_ms = level, self._moment().boot_ms

    def write(self, newest_seq: int) -> None:
        """Write what is due, unless somebody was just read: then a little later.

        Waits for nothing, raises nothing.
        """
        now_ms = self._moment().boot_ms
        is_busy = newest_seq != self._newest_seq
        self._newest_seq = newest_seq
        if not is_busy:
            self._quiet_ms = now_ms
        if self._is_writing() or not self._may_write() or now_ms < self._retry_ms:
            return
        if not is_busy or now_ms - self._quiet_ms >= BUSY_MS:
            self._submit(self._due(now_ms), self._moment().boot_id)

    def leave(
        self,
        kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        """Note how the process ends, and write all that waits; for no longer than a commit may
        take.
        """
        detail = "" if kind is None else kind.__name__
        self.note(Event(Happening.FAULT if kind else Happening.STOP, detail=detail))
        if not self._wait() or not self._may_write():
            return
        self._submit({name: page for name, page in self._pages.items() if page.event}, b"")
        self._wait()

    def _due(self, now_ms: int) -> dict[str, _Page]:
        with self._noting:
            return {name: page for name, page in self._pages.items() if page.is_due(now_ms)}

    def _submit(self, due: Mapping[str, _Page], running: bytes) -> None:
        if not due:
            return
        moment, clock = self._moment(), self._wall_clock()
        with self._noting:
            in_order = sorted(due.items(), key=lambda item: item[1].noticed_ms)
            events = {
                name: replace(page.event, ago_s=max(0, moment.boot_ms - page.noticed_ms) // 1000)
                for name, page in in_order
                if page.event is not None
            }
            levels = {**self._told.levels, **{name: page.level for name, page in in_order}}
            for page in due.values():
                page.event = None
        notes = [Note(Kind.EVENT, one.to_bytes(), moment, clock) for one in events.values()]
        told = Tidings(running, {name: level for name, level in levels.items() if level})
        try:
            future = self._journal.record_events(notes, told)
            self._writing = _Commit(future, told, events, moment.boot_ms)
        except JournalFault as fault:
            self._failed(fault, events)

    def _is_writing(self) -> bool:
        """Say whether a commit is still under way; see to what came of one that is not."""
        if self._writing is None:
            return False
        commit = self._writing
        if not commit.future.done():
            return True
        self._writing = None
        try:
            commit.future.result()
        except JournalFault as fault:
            self._failed(fault, commit.events)
        else:
            self._succeeded(commit)
        return False

    def _wait(self) -> bool:
        """Wait for a commit that is under way; False where it takes too long."""
        if self._writing is not None:
            try:
                self._writing.future.exception(DEADLINE_S)
            except FutureTimeout:
                logger.warning("events could not be kept: the card does not answer")
                return False
        return not self._is_writing()

    def _succeeded(self, commit: _Commit) -> None:
        self._told, self._cannot_write = commit.told, False
        with self._noting:
            for name in commit.events:
                self._pages[name].written(commit.begun_ms)

    def _failed(self, fault: JournalFault, events: Mapping[str, Event]) -> None:
        """Keep what was to be written; a damaged journal is for the next visit to find."""
        if not self._cannot_write:
            logger.warning("events wait: %s; %s", fault, fault.hint)
        self._cannot_write = True
        self._retry_ms = self._moment().boot_ms + RETRY_MS
        with self._noting:
            for name, event in events.items():
                page = self._pages[name]
                count = event.count + (page.event.count if page.event else 0)
                page.event = replace(page.event or event, count=count)
