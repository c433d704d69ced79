"""`gapura-hub watch`: judges every kiosk once a minute, and tells people what is new."""

import logging
import signal
from argparse import ArgumentParser, Namespace
from threading import Event

from django.db import Error as DatabaseFault
from django.db import close_old_connections

from sync.hub import clock, installation
from sync.hub.fleet.health.notifying import open_notifier
from sync.hub.fleet.health.watch import Watch

logger = logging.getLogger(__name__)
_EVERY_S = 60.0
NOTIFY_FILE = "notify"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="judge once, then end")


def run(arguments: Namespace) -> None:
    notifier = open_notifier(installation.home().path / NOTIFY_FILE)
    watch = Watch(notifier, f"{installation.environment().url}/")
    if arguments.once:
        watch.round(clock.now(), installation.keyring())
        return
    stopped = Event()
    for order in (signal.SIGTERM, signal.SIGINT):
        signal.signal(order, lambda _signal, _frame: stopped.set())
    print("The kiosks are watched", flush=True)
    while not stopped.is_set():
        _round(watch)
        stopped.wait(_EVERY_S)


def _round(watch: Watch) -> None:
    """A database that is away for a while ends nothing."""
    close_old_connections()
    try:
        watch.round(clock.now(), installation.keyring())
    except DatabaseFault as fault:
        logger.error("the kiosks could not be judged: %s", type(fault).__name__)
