"""What has changed about the kiosk since the journal told it last."""

import hashlib
from collections.abc import Callable, Sequence

from kiosk.handover import SignedOff
from kiosk.health.finding import Finding
from kiosk.instants import Moment
from kiosk.logbook import Logbook
from sync.wire.batch import State
from sync.wire.happenings import Happening
from sync.wire.link import StickState
from sync.wire.visit import Event

COURIER_SILENT_MS = 300_000
"""An honest courier says how strong the WiFi is every minute."""
CLOCK_STEP_MS = 2_000
"""What slews a clock moves it by 0.05 % at most (adjtime(3)), so that a step is told from it."""

_DAMAGED = "damaged_journals"
# What these find is told by events of their own.
_TOLD_OTHERWISE = frozenset({_DAMAGED, "bundle_version"})
_STICKS = {
    StickState.DONE: Happening.STICK_DONE,
    StickState.FULL: Happening.STICK_FULL,
    StickState.READ_ONLY: Happening.STICK_READ_ONLY,
    StickState.FAULTY: Happening.STICK_FAULTY,
}


class Changes:
    """`look` is called after every look at the kiosk's health, on the door's thread.

    `epoch` is the one that the journal writes, `board` what it is written on; `rules` the version
    of the bundle in force, 0 without one; `asked_boot_ms` when the courier last asked for anything.
    `signed_off` is what the bench has left while the door was stopped.
    """

    def __init__(
        self,
        logbook: Logbook,
        *,
        board: str,
        epoch: Callable[[], bytes | None],
        rules: Callable[[], int],
        has_shift: Callable[[], bool],
        asked_boot_ms: Callable[[], int | None],
        signed_off: SignedOff | None = None,
    ) -> None:
        self._logbook = logbook
        self._board = board
        self._epoch = epoch
        self._rules = rules
        self._has_shift = has_shift
        self._asked_boot_ms = asked_boot_ms
        self._signed_off = signed_off
        self._offset_ms: int | None = None
        self._begun_ms: int | None = None
        self._stick = StickState.ABSENT

    def look(self, findings: Sequence[Finding], moment: Moment, newest_seq: int) -> None:
        """Note what is not as it was, and have written what is due."""
        self._look_at_board()
        self._look_at_acceptance()
        for finding in findings:
            self._look_at_finding(finding)
        rules = self._rules()
        if rules:
            self._change(Event(Happening.RULES_TAKEN, rules), rules)
        self._look_at_shift()
        self._look_at_courier(moment)
        self._look_at_clock(moment)
        self._logbook.write(newest_seq)

    def stick(self, state: StickState) -> None:
        """Note how a stick fared, once as long as it stays in; called from the courier's threads.

        One that lies in for weeks is busy now and then.
        """
        if state in {self._stick, StickState.BUSY}:
            return
        self._stick = state
        if state in _STICKS:
            self._logbook.note(Event(_STICKS[state]))

    def _change(self, event: Event, level: int) -> None:
        if self._logbook.level(event.name) != level:
            self._logbook.note(event, level=level)

    def _look_at_board(self) -> None:
        """Whoever approves kiosks is to see on which board each epoch is written."""
        epoch = self._epoch()
        if epoch is not None:
            level = int.from_bytes(epoch[:7])
            self._change(Event(Happening.BOARD, detail=self._board), level)

    def _look_at_acceptance(self) -> None:
        if self._signed_off is None or self._signed_off.event is None:
            return
        event = self._signed_off.event
        level = int.from_bytes(hashlib.sha256(event.to_bytes()).digest()[:7])
        self._change(event, level)
        if self._logbook.has_written(event.name, level):
            self._signed_off.forget()

    def _look_at_finding(self, finding: Finding) -> None:
        if finding.check == _DAMAGED and finding.value:
            event = Event(Happening.JOURNAL_SALVAGED, finding.value)
            self._change(event, finding.value)
        if finding.state is State.UNKNOWN or finding.check in _TOLD_OTHERWISE:
            return
        is_bad = finding.state is State.BAD
        self._change(Event(finding.check, finding.value, is_bad=is_bad), int(is_bad))

    def _look_at_shift(self) -> None:
        """A start ends a shift, too: nobody knows who stands there now."""
        is_open = int(self._has_shift())
        self._change(Event(Happening.SHIFT, is_open), is_open)

    def _look_at_courier(self, moment: Moment) -> None:
        if self._begun_ms is None:
            self._begun_ms = moment.boot_ms
        asked_ms = self._asked_boot_ms()
        silent_ms = moment.boot_ms - (self._begun_ms if asked_ms is None else asked_ms)
        is_silent = silent_ms > COURIER_SILENT_MS
        if is_silent or asked_ms is not None:
            self._change(Event(Happening.COURIER, is_bad=is_silent), int(is_silent))

    def _look_at_clock(self, moment: Moment) -> None:
        before_ms, self._offset_ms = self._offset_ms, moment.wall_ms - moment.boot_ms
        step_ms = 0 if before_ms is None else self._offset_ms - before_ms
        if abs(step_ms) >= CLOCK_STEP_MS:
            self._logbook.note(Event(Happening.CLOCK_SET, round(step_ms / 1000)))
