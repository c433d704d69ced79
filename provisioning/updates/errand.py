"""The updater's errand: install what was brought, try it, and keep it or take it back."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from provisioning.updates.image import Image
from provisioning.updates.memory import (
    Memory,
    Trial,
    confirmed,
    read_memory,
    taken_back,
    write_memory,
)
from provisioning.updates.shelf import INCOMING, Shelf
from provisioning.updates.standing import Kiosk
from provisioning.updates.switch import Switch
from provisioning.updates.trial import Outcome, Watch
from provisioning.updates.trouble import Trouble, UpdateRefused
from provisioning.updates.unpacking import install

logger = logging.getLogger(__name__)


class UpdateErrand:
    """`restart` has the service manager start door and courier anew, and says whether it will.

    Whatever step is the last one before the power goes: `Switch.settle` finds a release that is
    whole, and this goes on where it was.
    """

    def __init__(
        self,
        shelf: Shelf,
        image: Image,
        switch: Switch,
        *,
        kiosk: Kiosk,
        watch: Watch,
        clock: Callable[[], int],
        restart: Callable[[], bool],
    ) -> None:
        self._shelf = shelf
        self._image = image
        self._switch = switch
        self._kiosk = kiosk
        self._watch = watch
        self._clock = clock
        self._restart = restart

    def go(self) -> Outcome | None:
        """Return how a trial ended, None where there was none.

        Raises:
            UpdateRefused: what was brought is not to be installed; it is gone.
            OSError: nothing can be remembered; what ran before runs.
        """
        memory = read_memory(self._shelf.place)
        if memory.trial is not None and self._switch.running() == memory.trial.version:
            # The machine has been started again: what they show is of this boot.
            return self._end(memory, memory.trial, since_ms=0)
        memory = self._install(memory)
        if not memory.waiting:
            return None
        return self._try(memory)

    def _install(self, memory: Memory) -> Memory:
        """Have what was brought wait for its trial, where anything was."""
        self._shelf.tidy(memory.named() | {self._switch.running()})
        brought = self._shelf.place / INCOMING
        if not brought.exists() and not brought.is_symlink():
            return memory
        running = self._switch.version_of(self._switch.running())
        try:
            update = install(brought, self._shelf, self._image, running, memory.has_refused)
        except UpdateRefused as refusal:
            # The next one is as welcome; this one would be read again for ever.
            brought.unlink()
            self._switch.tell(memory, refusal.trouble.value, refusal.version)
            raise
        memory = replace(memory, waiting=update.version)
        write_memory(self._shelf.place, memory)
        brought.unlink()
        logger.info("release %s is installed", update.version)
        return memory

    def _try(self, memory: Memory) -> Outcome:
        version = memory.waiting
        if not self._shelf.is_usable(version):
            write_memory(self._shelf.place, replace(memory, waiting=""))
            raise UpdateRefused(Trouble.DAMAGED, version)
        trial = Trial(
            version,
            boots=1,
            was_green=self._kiosk.is_green(self._clock()),
            was_in_touch=self._kiosk.is_in_touch(),
        )
        before = self._switch.running()
        memory = replace(memory, current=before, waiting="", trial=trial)
        write_memory(self._shelf.place, memory)
        self._switch.lead_to(version)
        self._switch.tell(memory)
        since_ms = self._clock()
        if not self._restart():
            return self._take_back(memory, trial, Outcome.OUT_OF_TOUCH)
        return self._end(memory, trial, since_ms)

    def _end(self, memory: Memory, trial: Trial, since_ms: int) -> Outcome:
        logger.info("release %s is on trial", trial.version)
        outcome = self._watch.over(trial, since_ms)
        if outcome is not Outcome.GREEN:
            return self._take_back(memory, trial, outcome)
        memory = confirmed(memory, trial.version, memory.current)
        write_memory(self._shelf.place, memory)
        self._switch.tell(memory)
        logger.info("release %s is kept", trial.version)
        self._tidy(memory)
        return outcome

    def _take_back(self, memory: Memory, trial: Trial, outcome: Outcome) -> Outcome:
        """Only a door that was green in this very boot proves that the release is to blame."""
        is_proof = outcome is Outcome.NOT_GREEN and trial.was_green and trial.boots == 1
        memory = taken_back(memory, trial, is_proof=is_proof)
        write_memory(self._shelf.place, memory)
        is_there = memory.current and self._shelf.is_usable(memory.current)
        self._switch.lead_to(memory.current if is_there else "")
        self._switch.tell(memory)
        logger.error("release %s is taken back: %s", trial.version, outcome.value)
        self._restart()
        self._tidy(memory)
        return outcome

    def _tidy(self, memory: Memory) -> None:
        """What nobody wants any more takes up room, and does no harm until the next time."""
        with suppress(OSError):
            self._shelf.tidy(memory.named() | {self._switch.running()})
