"""The door: one round a frame, from the picture to the lamp."""

import logging
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hardware.interfaces import Frame
from kiosk.admission.verdict import Outcome, Verdict
from kiosk.clock import Clock, wall_clock
from kiosk.errors import JournalDamaged, JournalFault
from kiosk.eye import Eye
from kiosk.journal.entries import Note
from kiosk.journal.journal import Journal
from kiosk.judging import DIRECTIONS, Decided, Judge
from kiosk.officer import LastShown, Officer, Press
from kiosk.passes.reading import serial
from kiosk.reference.reference import Reference
from kiosk.scanning.code import Code
from kiosk.scanning.scanner import Scanner
from kiosk.signalling.choice import signal_for
from kiosk.signalling.cue import Signal
from kiosk.signalling.player import Player
from kiosk.signalling.words import caption
from kiosk.standing import Standing
from kiosk.technician import Technician
from sync.wire.card import PREFIX
from sync.wire.entry import Kind

logger = logging.getLogger(__name__)

# Green stays for as long as the code does: this much longer than it was last seen.
_HELD_S = 1.0
_CARD_PREFIX = PREFIX.encode()
_SEVERITY = {Outcome.ADMIT: 0, Outcome.REFER: 1, Outcome.DENY: 2}


class Door:
    """Runs until told to stop. `each_round` is called after every frame, and without one.

    While `aims` says that it has taken a frame for itself, no code is judged. What `notice` gives
    is shown between two verdicts, and keeps nothing up.
    """

    def __init__(
        self,
        *,
        eye: Eye,
        scanner: Scanner,
        standing: Standing,
        technician: Technician,
        journal: Journal,
        player: Player,
        clock: Clock,
        languages: tuple[str, ...],
        each_round: Callable[[], None],
        aims: Callable[[Frame | None], bool] = lambda _frame: False,
        notice: Callable[[], Signal | None] = lambda: None,
    ) -> None:
        self._eye = eye
        self._scanner = scanner
        self._standing = standing
        self._technician = technician
        self._journal = journal
        self._player = player
        self._clock = clock
        self._languages = languages
        self._each_round = each_round
        self._aims = aims
        self._notice = notice
        self._judge = Judge(journal, clock)
        self._officer = Officer()
        self._presses: deque[int] = deque()
        self._green_for: frozenset[bytes] = frozenset()
        self._journal_fails = False
        self.counts: dict[str, int] = Counter()
        self.newest_seq = 0

    @property
    def has_ended(self) -> bool:
        """Whether the camera was a recording that has been shown to its end."""
        return self._eye.has_ended

    @property
    def has_shift(self) -> bool:
        """Whether an officer's shift is open."""
        return self._officer.has_shift(self._clock.moment().boot_ms)

    def run(self, should_stop: Callable[[], bool]) -> None:
        while not should_stop():
            frame = self._eye.look()
            if not self._aims(frame) and frame is not None:
                self.see(frame)
            self._answer_presses()
            self._look_round()
            self.rest()
            self._each_round()

    def see(self, frame: Frame) -> None:
        """Take one frame through to the lamp."""
        scan = self._scanner.scan(frame)
        if scan.new:
            self._present_all(scan.new)
        elif self._player.playing is Signal.ADMIT and self._is_held(scan.held):
            self._player.hold(_HELD_S)
        elif not all(map(_is_card, scan.again)):
            self._say(Signal.SEEN_ALREADY)

    def _present_all(self, codes: tuple[Code, ...]) -> None:
        """Show one light for all who hold up a code at once: the least favourable.

        Where one of them could not be recorded the door stays out of order: that person, too,
        would take a green light for his.
        """
        self._journal_fails = False
        verdicts = [verdict for code in codes if (verdict := self._present(code)) is not None]
        if not verdicts or self._journal_fails:
            return
        self._show(max(verdicts, key=lambda verdict: _SEVERITY[verdict.shown]))
        admitted = all(verdict.shown is Outcome.ADMIT for verdict in verdicts)
        self._green_for = frozenset(code.payload for code in codes if admitted)

    def _is_held(self, held: tuple[Code, ...]) -> bool:
        """Whether what is in view is what the light is green for, and nothing besides."""
        return bool(held) and {code.payload for code in held} <= self._green_for

    def rest(self) -> None:
        """Show what the door is waiting for, or what there is to be noticed meanwhile."""
        signal = self._notice() or self.state()
        self._player.rest(signal, caption(signal, None, self._languages))

    def state(self) -> Signal:
        """Return the first thing that keeps the door from its work, else READY."""
        if self._eye.fault:
            return Signal.FAULT_CAMERA
        if self._journal_fails:
            return Signal.FAULT_STORAGE
        if self._standing.reference is None:
            return self._technician.waits_for()
        return self._clock_state()

    def _clock_state(self) -> Signal:
        try:
            known = self._journal.now(self._clock.moment())
        except JournalFault:
            return Signal.FAULT_STORAGE
        return Signal.FAULT_CLOCK if known.latest_ms is None else Signal.READY

    def _look_round(self) -> None:
        with self._journal_watched():
            self._answer_card(self._technician.look_round())

    def press(self, boot_ms: int) -> None:
        """Note that the officer's button was pressed; may be called from any thread."""
        self._presses.append(boot_ms)

    def _present(self, code: Code) -> Verdict | None:
        """Decide on a code and record it; return the verdict that may be shown now."""
        reference = self._standing.reference
        with self._journal_watched():
            if _is_card(code):
                self._take_card(code.payload)
            elif reference is None:
                self._say(Signal.OUT_OF_ORDER)
            else:
                decided = self._judge.judge(code.payload, reference)
                self._record(decided, reference)
                self.counts[decided.verdict.shown.name] += 1
                return decided.verdict
        return None

    @contextmanager
    def _journal_watched(self) -> Iterator[None]:
        """Put the door out of order where what happens inside cannot be kept.

        A damaged journal is salvaged by the next start: the process ends for it.
        """
        try:
            yield
        except JournalDamaged:
            self._say(Signal.OUT_OF_ORDER)
            raise
        except JournalFault as fault:
            logger.error("a visit could not be kept: %s; %s", fault, fault.hint)
            self._journal_fails = True
            self._say(Signal.OUT_OF_ORDER)

    def _record(self, decided: Decided, reference: Reference) -> None:
        """Commit the visit; only then may the lamp show it."""
        note = Note(
            kind=Kind.VISIT,
            body=decided.visit(reference).to_bytes(),
            moment=decided.moment,
            clock=wall_clock(self._clock),
        )
        known_by, sighting = serial(decided.presented), decided.sighting(reference)
        self.newest_seq = self._journal.record(note, cti=known_by, sighting=sighting)
        boot_ms = decided.moment.boot_ms
        self._officer.saw(LastShown(decided.verdict.shown, boot_ms, self.newest_seq, known_by))
        if decided.is_officers:
            self._officer.open_shift(boot_ms)

    def _show(self, verdict: Verdict) -> None:
        signal = signal_for(verdict)
        self._player.show(signal, caption(signal, verdict.reason, self._languages))

    def _answer_presses(self) -> None:
        while self._presses:
            press, about = self._officer.judge(self._presses.popleft())
            if press is Press.IGNORED:
                self._say(Signal.PRESS_IGNORED)
            else:
                self._assist(about)

    def _assist(self, about: LastShown | None) -> None:
        """Count one person whom the officer lets in; who it is, is not recorded."""
        reference = self._standing.reference
        if reference is None:
            self._say(Signal.OUT_OF_ORDER)
            return
        self._journal_fails = False
        with self._journal_watched():
            self.newest_seq = self._journal.record_assisted(
                self._clock.moment(),
                wall_clock(self._clock),
                of_seq=None if about is None else about.seq,
                cti=None if about is None else about.known_by,
                direction=DIRECTIONS[reference.place.way],
            )
            self.counts["ASSISTED"] += 1
            self._say(Signal.ASSISTED)

    def _take_card(self, payload: bytes) -> None:
        """A card is not a visit, and is never recorded as one."""
        self._answer_card(self._technician.show(payload.decode("ascii", errors="replace")))

    def _answer_card(self, signal: Signal | None) -> None:
        if signal is not None:
            self._say(signal)

    def _say(self, signal: Signal) -> None:
        self._player.show(signal, caption(signal, None, self._languages))


def _is_card(code: Code) -> bool:
    return code.payload.startswith(_CARD_PREFIX)
