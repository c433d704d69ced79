"""Sends notices beside the watch, which waits for nobody."""

import logging
from collections.abc import Callable
from threading import Thread

from django.db import Error as DatabaseFault
from django.db import connections

from sync.hub.attendance.webhooks import tell_all
from sync.hub.errors import HubError

logger = logging.getLogger(__name__)


class Telling:
    """Call `begin` as often as you like: as long as it is at work no other thread is begun."""

    def __init__(self, work: Callable[[], None] = tell_all) -> None:
        self._work = work
        self._thread: Thread | None = None

    def begin(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            # Whoever ends the watch does not wait for a receiver: what was cut off is sent again.
            self._thread = Thread(target=self._run, name="telling", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        try:
            self._work()
        except (DatabaseFault, HubError) as fault:
            logger.error("no notice could be sent: %s", type(fault).__name__)
        finally:
            connections.close_all()
