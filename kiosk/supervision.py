"""The service manager, where there is one: readiness, status, the watchdog and its journal."""

import logging
import os
import sys
from collections.abc import Callable
from typing import Protocol

logger = logging.getLogger(__name__)


class Supervisor(Protocol):
    def ready(self) -> None: ...

    def status(self, text: str) -> None: ...

    def alive(self) -> None:
        """Feed the watchdog: call it only where the main loop goes round."""
        ...

    def stopping(self) -> None: ...


class Unsupervised:
    """A terminal, a test, another init: nobody to tell."""

    def ready(self) -> None:
        """Nobody waits for it."""

    def status(self, text: str) -> None:
        """Nobody shows it."""

    def alive(self) -> None:
        """Nobody watches."""

    def stopping(self) -> None:
        """Nobody waits for it."""


class SystemdSupervisor:
    """Speaks sd_notify(3) through systemd-python; says a status only when it changes.

    A manager that does not listen, or a signal in the middle of a word, never stops the door.
    """

    def __init__(self, notify: Callable[[str], object]) -> None:
        self._notify = notify
        self._said = ""
        self._is_heard = True

    def ready(self) -> None:
        self._tell("READY=1")

    def status(self, text: str) -> None:
        if text != self._said:
            self._said = text
            self._tell(f"STATUS={text}")

    def alive(self) -> None:
        self._tell("WATCHDOG=1")

    def stopping(self) -> None:
        self._tell("STOPPING=1")

    def _tell(self, word: str) -> None:
        try:
            self._notify(word)
        except OSError as error:
            if self._is_heard:
                logger.warning("the service manager cannot be told: %s", error.strerror)
            self._is_heard = False
        else:
            self._is_heard = True


def find_supervisor() -> Supervisor:
    """Return systemd where it started this process and asked to be told."""
    if not os.environ.get("NOTIFY_SOCKET"):
        return Unsupervised()
    try:
        from systemd.daemon import notify  # noqa: PLC0415 (absent outside a kiosk)
    except ImportError:
        logger.warning("systemd waits for word, but systemd-python is not installed")
        return Unsupervised()
    return SystemdSupervisor(notify)


def start_logging(program: str, level: str) -> None:
    """Log to the journal where standard error is connected to it, else to standard error."""
    handler: logging.Handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    if os.environ.get("JOURNAL_STREAM"):
        try:
            from systemd.journal import JournalHandler  # noqa: PLC0415
        except ImportError:
            logger.debug("standard error goes to the journal too, only without levels")
        else:
            handler = JournalHandler(SYSLOG_IDENTIFIER=program)
    logging.basicConfig(level=level, handlers=[handler], force=True)
