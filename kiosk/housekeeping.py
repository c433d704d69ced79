"""What the door does between two frames: health, status, time, and a word to the watchdog."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from kiosk.clock import Clock
from kiosk.errors import JournalFault
from kiosk.eye import Eye
from kiosk.health.finding import Check, Finding
from kiosk.health.status import Status, write_status
from kiosk.instants import Moment
from kiosk.journal.journal import Journal
from kiosk.signalling.cue import Signal
from kiosk.signalling.player import Player
from kiosk.standing import Standing
from kiosk.supervision import Supervisor
from sync.wire.batch import Anchor, AnchorSource, Reading, State

logger = logging.getLogger(__name__)

Look = Callable[[tuple[Finding, ...], Moment, int], object]

_STATUS_EVERY_MS = 1_000
_CHECKS_EVERY_MS = 5_000
_TIME_EVERY_MS = 60_000
# Some NTP clients claim no error at all just after an adjustment, whatever the line is like.
_LEAST_NTP_ERROR_MS = 1_000
# A day ends at three in the morning, when hardly anybody is inside.
_NIGHT_MS = 3 * 3_600_000


class Stateful(Protocol):
    """What housekeeping asks of the door."""

    counts: dict[str, int]
    newest_seq: int

    def state(self) -> Signal: ...


class Housekeeping:
    """`round` is called after every frame, and does little most of the time.

    When what `glance` gives changes, the checks are made at once. `look` is told what they found,
    and the door's newest entry.
    """

    def __init__(
        self,
        *,
        journal: Journal,
        standing: Standing,
        eye: Eye,
        player: Player,
        clock: Clock,
        checks: Sequence[Check],
        status_path: Path,
        supervisor: Supervisor,
        software: str = "",
        glance: Callable[[], object] = lambda: None,
        look: Look = lambda _findings, _moment, _newest_seq: None,
    ) -> None:
        self._journal = journal
        self._standing = standing
        self._eye = eye
        self._player = player
        self._clock = clock
        self._checks = checks
        self._status_path = status_path
        self._supervisor = supervisor
        self._software = software
        self._glance = glance
        self._look = look
        self._glanced: object = None
        self._findings: tuple[Finding, ...] = ()
        self._states: dict[str, State] = {}
        self._due_ms = {"time": 0, "checks": 0, "status": 0}
        self._is_ready = False

    def readings(self) -> tuple[Reading, ...]:
        """Return what the last checks found, for the batch that goes up."""
        return tuple(finding.reading for finding in self._findings)

    def round(self, door: Stateful) -> None:
        self._supervisor.alive()
        moment = self._clock.moment()
        if self._is_due("time", _TIME_EVERY_MS, moment):
            self._ask_the_kernel_for_time(moment)
            self._begin_the_day(moment)
            self._count_powered_time(moment)
        if self._has_changed() | self._is_due("checks", _CHECKS_EVERY_MS, moment):
            self._check()
            self._look(self._findings, moment, door.newest_seq)
        if self._is_due("status", _STATUS_EVERY_MS, moment):
            self._tell(door, moment)
        if not self._is_ready:
            self._is_ready = True
            self._supervisor.ready()

    def _is_due(self, task: str, every_ms: int, moment: Moment) -> bool:
        if moment.boot_ms < self._due_ms[task]:
            return False
        self._due_ms[task] = moment.boot_ms + every_ms
        return True

    def _has_changed(self) -> bool:
        before, self._glanced = self._glanced, self._glance()
        return self._glanced != before

    def _ask_the_kernel_for_time(self, moment: Moment) -> None:
        error_ms = self._clock.synchronisation_error_ms()
        if error_ms is None:
            return
        anchor = Anchor(
            boot_id=moment.boot_id,
            boot_ms=moment.boot_ms,
            true_ms=max(moment.wall_ms, 0),
            error_ms=max(error_ms, _LEAST_NTP_ERROR_MS),
            source=AnchorSource.NTP,
        )
        try:
            self._journal.add_anchor(anchor, moment)
        except JournalFault as fault:
            logger.error("a time could not be kept: %s; %s", fault, fault.hint)

    def _begin_the_day(self, moment: Moment) -> None:
        """Forget in the small hours who was inside, where it is certain which day it is."""
        reference = self._standing.reference
        if reference is None:
            return
        try:
            now = self._journal.now(moment)
            day = reference.place.day_of(now, _NIGHT_MS)
            if day is not None:
                self._journal.begin_day(day)
        except JournalFault as fault:
            logger.error("the day could not be begun: %s; %s", fault, fault.hint)

    def _count_powered_time(self, moment: Moment) -> None:
        try:
            self._journal.count_powered_time(moment)
        except JournalFault as fault:
            logger.error("what is settled could not be cleared: %s; %s", fault, fault.hint)

    def _check(self) -> None:
        self._findings = tuple(check.find() for check in self._checks)
        for finding in self._findings:
            if self._states.get(finding.check) != finding.state:
                self._states[finding.check] = finding.state
                level = logging.WARNING if finding.state is State.BAD else logging.INFO
                logger.log(level, "%s: %s. %s", finding.check, finding.said, finding.advice)

    def _tell(self, door: Stateful, moment: Moment) -> None:
        reference = self._standing.reference
        membership = self._standing.membership
        signal = door.state()
        status = Status(
            state=signal.value,
            software=self._software,
            signal=self._player.playing.value,
            caption=self._player.caption,
            label="" if reference is None else reference.label,
            device="" if membership is None else membership.device.hex(),
            stage=self._standing.stage.value,
            camera="ended" if self._eye.has_ended else self._eye.fault or "ok",
            bundle_version=0 if reference is None else reference.version,
            newest_seq=door.newest_seq,
            backlog=self._backlog(),
            boot_ms=moment.boot_ms,
            counts=dict(door.counts),
        )
        try:
            write_status(self._status_path, status, self._findings)
        except OSError as error:
            logger.warning("the status cannot be written: %s", error.strerror)
        self._supervisor.status(signal.value)

    def _backlog(self) -> int:
        try:
            return self._journal.backlog()
        except JournalFault:
            return -1
