"""`gapura-hub watch`: judges every kiosk once a minute, tells people what is new, reckons
attendance, and tells other systems of it.
"""

import logging
import signal
from argparse import ArgumentParser, Namespace
from threading import Event

from django.db import Error as DatabaseFault
from django.db import close_old_connections

from sync.hub import clock, installation
from sync.hub.attendance.passing import catch_up
from sync.hub.attendance.telling import Telling
from sync.hub.attendance.webhooks import tell_all
from sync.hub.fleet.health.notifying import open_notifier
from sync.hub.fleet.health.watch import Watch
from sync.hub.supervision import find_notifier
from sync.hub.tracing.counting import count_new

logger = logging.getLogger(__name__)
_EVERY_S = 60.0
# Transactions of attendance between two signs of life: each takes a second or two.
_MOST_RECKONED = 20
NOTIFY_FILE = "notify"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="judge once, then end")


def run(arguments: Namespace) -> None:
    notifier = open_notifier(installation.home().path / NOTIFY_FILE)
    watch = Watch(notifier, f"{installation.environment().url}/")
    if arguments.once:
        watch.round(clock.now(), installation.keyring())
        catch_up(_MOST_RECKONED)
        count_new(clock.now(), installation.people_key())
        tell_all()
        return
    stopped = Event()
    for order in (signal.SIGTERM, signal.SIGINT):
        signal.signal(order, lambda _signal, _frame: stopped.set())
    notify, telling = find_notifier(), Telling()
    print("The kiosks are watched", flush=True)
    notify("READY=1")
    while not stopped.is_set():
        _round(watch)
        telling.begin()
        notify("WATCHDOG=1")
        stopped.wait(_EVERY_S)


def _round(watch: Watch) -> None:
    """A database that is away for a while ends nothing."""
    close_old_connections()
    try:
        watch.round(clock.now(), installation.keyring())
        count_new(clock.now(), installation.people_key())
        catch_up(_MOST_RECKONED)
    except DatabaseFault as fault:
        logger.error("the kiosks could not be judged: %s", type(fault).__name__)
