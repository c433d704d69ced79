"""Looks for a stick, goes its rounds with it, and has the lamp tell how it fares.

It has a thread of its own: a hub that is slow to answer keeps no technician waiting, nor a stick
that fails the network.
"""

import logging
import os
import time
from collections.abc import Callable
from pathlib import Path

from sync.uplink.door import Door
from sync.uplink.errors import StickFault, StickFull, StickReadOnly, UplinkError
from sync.uplink.stick_errand import Round, StickErrand
from sync.uplink.update_box import UpdateBox
from sync.wire.link import Ask, Request, StickState
from sync.wire.parcel import ROOT

logger = logging.getLogger(__name__)

STICK_DIR = Path("/run/gapura.stick")
# A stick that lies in for weeks gets what is new so often.
EVERY_S = 15 * 60.0
_LOOK_S = 1.0
_AGAIN_S = 10.0
_TELL_S = 5.0
_STATES = {
    StickFull: StickState.FULL,
    StickReadOnly: StickState.READ_ONLY,
    StickFault: StickState.FAULTY,
}


class StickKeeper:
    """`wait(seconds)` is True where it is time to stop; `find` names the stick that is in."""

    def __init__(
        self,
        door: Door,
        root: Path,
        wait: Callable[[float], bool],
        *,
        every_s: float = EVERY_S,
        clock: Callable[[], float] = time.monotonic,
        find: Callable[[Path], object] | None = None,
        box: UpdateBox | None = None,
    ) -> None:
        self._door = door
        self._root = root
        self._wait = wait
        self._every_s = every_s
        self._clock = clock
        self._find = find or find_stick
        self._box = box
        self._found: object = None
        self._errand: StickErrand | None = None
        self._state = StickState.ABSENT
        self._due_s = self._told_s = 0.0

    def run(self) -> None:
        while not self._wait(_LOOK_S):
            self.look()

    def look(self) -> None:
        """See whether a stick is in, and do what is due with it."""
        found = self._find(self._root)
        if found != self._found:
            self._found, self._errand = found, None
            self._tell(_state_without(self._state))
        if found is None:
            return
        if self._errand is None:
            logger.info("a stick is in")
            self._errand = StickErrand(self._door, self._root, busy=self._still_busy, box=self._box)
            self._due_s = self._clock()
        if self._clock() >= self._due_s:
            self._go(self._errand)
        elif self._clock() - self._told_s >= _TELL_S:
            self._tell(self._state)

    def _go(self, errand: StickErrand) -> None:
        self._tell(StickState.BUSY)
        after_s = self._every_s
        try:
            done = errand.go()
            state = _state_after(done)
            if not done.has_hub:
                # A card may be shown any moment, and its request has to go onto the stick.
                state, after_s = StickState.ABSENT, _AGAIN_S
        except StickFault as fault:
            logger.warning("%s -> %s", fault, fault.advice)
            state = _STATES[type(fault)]
        except UplinkError as error:
            logger.info("the stick has to wait: %s", error)
            state, after_s = StickState.ABSENT, _AGAIN_S
        self._due_s = self._clock() + after_s
        self._tell(state)

    def _still_busy(self) -> None:
        if self._clock() - self._told_s >= _TELL_S:
            self._tell(StickState.BUSY)

    def _tell(self, state: StickState) -> None:
        self._state, self._told_s = state, self._clock()
        try:
            self._door.ask(Request(Ask.STICK, stick=state))
        except UplinkError as error:
            logger.debug("the lamp cannot be told: %s", error)


def _state_without(last: StickState) -> StickState:
    """Say it where a stick was pulled out too early; the lamp forgets it by itself."""
    too_early = last in {StickState.BUSY, StickState.FAULTY}
    return StickState.FAULTY if too_early else StickState.ABSENT


def _state_after(done: Round) -> StickState:
    if done.carried or done.brought:
        logger.info("the stick took %d files and brought %d", done.carried, done.brought)
    return StickState.FAULTY if done.damaged else StickState.DONE


def find_stick(root: Path) -> object:
    """Return what names the stick at `root`: None where none is mounted there, nor one that was
    used before copied to.
    """
    try:
        if not os.path.ismount(root) and not (root / ROOT).is_dir():
            return None
        found = root.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
