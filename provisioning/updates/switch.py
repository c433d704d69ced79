"""Which release runs: chosen at every start of the machine, before door and courier.

What is remembered lies on the disk, and only files that are whole are followed. The link that the
units start their programs by lies in memory: no power cut can leave one that leads nowhere.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from provisioning.updates.image import Image
from provisioning.updates.memory import MOST_BOOTS, Memory, read_memory, taken_back, write_memory
from provisioning.updates.shelf import Shelf
from provisioning.updates.telling import Report, unwanted, write_report
from sync.wire.update import rank_of

logger = logging.getLogger(__name__)

LINK = "current"


class Switch:
    """`run_dir` has the link, and what is told; it begins empty with the machine."""

    def __init__(self, shelf: Shelf, image: Image, run_dir: Path) -> None:
        self._shelf = shelf
        self._image = image
        self._run_dir = run_dir

    def settle(self) -> str:
        """Choose what runs in this boot, and have the link lead there; return its version.

        Raises:
            OSError: nothing can be remembered; the link leads to the release that is built in.
        """
        before = read_memory(self._shelf.place)
        memory, version = begin_boot(before, self._shelf.is_usable)
        # A trial that cannot be counted must not begin.
        if memory != before:
            write_memory(self._shelf.place, memory)
        self.lead_to(version)
        self.tell(memory)
        logger.info("release %s runs", version or f"{self._image.version} of the image")
        return version

    def lead_to(self, version: str) -> None:
        """Have the link lead to a release, in one step."""
        beside = self._run_dir / f".{LINK}.new"
        beside.unlink(missing_ok=True)
        beside.symlink_to(self._shelf.folder(version))
        beside.rename(self._run_dir / LINK)

    def running(self) -> str:
        """Return which release the link leads to; empty is the one that is built in."""
        with suppress(OSError):
            target = (self._run_dir / LINK).readlink()
            if target.parent == self._shelf.place:
                return target.name
        return ""

    def version_of(self, version: str) -> str:
        return version or self._image.version

    def tell(self, memory: Memory, trouble: str = "", refused: str = "") -> None:
        running = self.version_of(self.running())
        failed = max(memory.failures, key=rank_of, default="")
        is_over = not failed or rank_of(failed) <= rank_of(running)
        report = Report(
            running=running,
            trying=memory.trial.version if memory.trial else "",
            waiting=memory.waiting,
            failed="" if is_over else failed,
            unwanted=unwanted(memory),
            trouble=trouble,
            refused=refused,
        )
        write_report(self._run_dir, report)


def begin_boot(memory: Memory, is_usable: Callable[[str], bool]) -> tuple[Memory, str]:
    """Return what is to be remembered of this start of the machine, and which release is to run.

    Where a release cannot be used that should be, the one before it runs, and then the one that is
    built in; what is remembered stays, for a file that cannot be read today may be there tomorrow.
    """
    trial = memory.trial
    if trial is not None:
        if trial.boots < MOST_BOOTS and is_usable(trial.version):
            return replace(memory, trial=replace(trial, boots=trial.boots + 1)), trial.version
        memory = taken_back(memory, trial, is_proof=False)
        logger.warning("release %s did not come to an end with its trial", trial.version)
    for version in (memory.current, memory.previous):
        if version and is_usable(version):
            return memory, version
    return memory, ""
