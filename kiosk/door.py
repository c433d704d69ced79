"""The door: one round a frame, from the picture to the lamp."""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from hardware.interfaces import Frame
from kiosk.admission.decision import Circumstances, Presence, Way, decide
from kiosk.admission.verdict import Verdict
from kiosk.clock import Clock
from kiosk.errors import JournalFault
from kiosk.eye import Eye
from kiosk.instants import Interval, Moment
from kiosk.journal.entries import Note
from kiosk.journal.journal import Journal
from kiosk.journal.sightings import Sighting
from kiosk.passes.reading import Pass, Refusal
from kiosk.passes.recognition import read_pass
from kiosk.reference.reference import Reference
from kiosk.scanning.code import Code
from kiosk.scanning.scanner import Scanner
from kiosk.signalling.choice import signal_for
from kiosk.signalling.cue import Signal
from kiosk.signalling.player import Player
from kiosk.signalling.words import caption
from kiosk.standing import CardResult, Stage, Standing
from sync.wire.card import PREFIX as CARD_PREFIX
from sync.wire.entry import Kind, WallClock
from sync.wire.visit import Direction, Visit

logger = logging.getLogger(__name__)

_DIRECTIONS = {Way.ENTRY: Direction.IN, Way.EXIT: Direction.OUT, Way.BOTH: Direction.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Decided:
    """A verdict with what it was made of."""

    presented: Pass | Refusal
    verdict: Verdict
    now: Interval
    moment: Moment


class Door:
    """Runs until told to stop. `each_round` is called after every frame, and without one.

    While `aims` says that it has taken a frame for itself, no code is judged.
    """

    def __init__(
        self,
        *,
        eye: Eye,
        scanner: Scanner,
        standing: Standing,
        journal: Journal,
        player: Player,
        clock: Clock,
        languages: tuple[str, ...],
        each_round: Callable[[], None],
        aims: Callable[[Frame | None], bool] = lambda _frame: False,
    ) -> None:
        self._eye = eye
        self._scanner = scanner
        self._standing = standing
        self._journal = journal
        self._player = player
        self._clock = clock
        self._languages = languages
        self._each_round = each_round
        self._aims = aims
        self._journal_fails = False
        self.counts: dict[str, int] = Counter()
        self.newest_seq = 0

    @property
    def has_ended(self) -> bool:
        """Whether the camera was a recording that has been shown to its end."""
        return self._eye.has_ended

    def run(self, should_stop: Callable[[], bool]) -> None:
        while not should_stop():
            frame = self._eye.look()
            if not self._aims(frame) and frame is not None:
                self.see(frame)
            self.rest()
            self._each_round()

    def see(self, frame: Frame) -> None:
        """Take one frame through to the lamp."""
        scan = self._scanner.scan(frame)
        for code in scan.new:
            self._present(code)
        if scan.again and not scan.new:
            self._say(Signal.SEEN_ALREADY)

    def rest(self) -> None:
        """Show what the door is waiting for."""
        signal = self.state()
        self._player.rest(signal, caption(signal, None, self._languages))

    def state(self) -> Signal:
        """Return the first thing that keeps the door from its work, else READY."""
        if self._eye.fault:
            return Signal.FAULT_CAMERA
        if self._journal_fails:
            return Signal.FAULT_STORAGE
        if self._standing.stage is Stage.UNKNOWN:
            return Signal.FAULT_CONFIGURATION
        if self._standing.reference is None:
            return Signal.FAULT_HUB
        return self._clock_state()

    def _clock_state(self) -> Signal:
        try:
            known = self._journal.now(self._clock.moment())
        except JournalFault:
            return Signal.FAULT_STORAGE
        return Signal.FAULT_CLOCK if known.latest_ms is None else Signal.READY

    def _present(self, code: Code) -> None:
        reference = self._standing.reference
        try:
            if code.payload.startswith(CARD_PREFIX.encode()):
                self._take_card(code.payload)
            elif reference is None:
                self._say(Signal.OUT_OF_ORDER)
            else:
                decided = self._decide(code, reference)
                self._record(decided, reference)
                self._show(decided.verdict)
            self._journal_fails = False
        except JournalFault as fault:
            logger.error("a visit could not be kept: %s; %s", fault, fault.hint)
            self._journal_fails = True
            self._say(Signal.OUT_OF_ORDER)

    def _decide(self, code: Code, reference: Reference) -> Decided:
        presented = read_pass(code.payload, reference.keys)
        moment = self._clock.moment()
        now = self._journal.now(moment)
        circumstances = Circumstances(
            place=reference.place,
            rulebooks=reference.rulebooks,
            now=now,
            is_revoked=isinstance(presented, Pass) and reference.is_revoked(presented.claims.cti),
            presence=self._presence(presented),
        )
        return Decided(presented, decide(presented, circumstances), now, moment)

    def _presence(self, presented: Pass | Refusal) -> Presence:
        """A kiosk sees one side of the door, so what it knows never changes a verdict here."""
        seen = self._journal.sighting(presented.claims.cti) if isinstance(presented, Pass) else None
        is_inside = seen is not None and seen.direction is Direction.IN
        return Presence(is_inside=is_inside, sees_both_ways=False)

    def _record(self, decided: Decided, reference: Reference) -> None:
        """Commit the visit; only then may the lamp show it."""
        direction = _DIRECTIONS[reference.place.way]
        note = Note(
            kind=Kind.VISIT,
            body=_visit(decided, direction).to_bytes(),
            moment=decided.moment,
            clock=self._wall_clock(),
        )
        if isinstance(decided.presented, Pass):
            cti = decided.presented.claims.cti
            self.newest_seq = self._journal.record(note, cti=cti, sighting=Sighting(direction))
        else:
            self.newest_seq = self._journal.record(note)

    def _show(self, verdict: Verdict) -> None:
        self.counts[verdict.shown.name] += 1
        signal = signal_for(verdict)
        self._player.show(signal, caption(signal, verdict.reason, self._languages))

    def _take_card(self, payload: bytes) -> None:
        """A card is not a visit, and is never recorded as one."""
        result = self._standing.show_card(payload.decode("ascii", errors="replace"))
        if result is CardResult.REFUSED:
            self._say(Signal.FAULT_CONFIGURATION)
        elif result is CardResult.TAKEN:
            self._say(Signal.CARD_TAKEN)

    def _say(self, signal: Signal) -> None:
        self._player.show(signal, caption(signal, None, self._languages))

    def _wall_clock(self) -> WallClock:
        synchronised = self._clock.synchronisation_error_ms() is not None
        return WallClock.SYNCHRONISED if synchronised else WallClock.UNSET


def _visit(decided: Decided, direction: Direction) -> Visit:
    presented, verdict, now = decided.presented, decided.verdict, decided.now
    claims = presented.claims if isinstance(presented, Pass) else None
    return Visit(
        outcome=int(verdict.outcome),
        shown=int(verdict.shown),
        reason=int(verdict.reason),
        direction=direction,
        format=int(presented.format),
        rulebook=verdict.rulebook,
        earliest_s=now.earliest_ms // 1000,
        latest_s=None if now.latest_ms is None else -(-now.latest_ms // 1000),
        rule=verdict.rule,
        pass_type=None if claims is None else int(claims.pass_type),
        sub=None if claims is None else claims.sub,
        cti=None if claims is None else claims.cti,
    )
