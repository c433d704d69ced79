"""`gapura-kiosk run`: the door, until it is told to stop."""

import argparse
import logging
import signal
import threading
from contextlib import ExitStack
from pathlib import Path

from kiosk.assembly import build_door
from kiosk.config import DEFAULT_PATH, load
from kiosk.supervision import find_supervisor, start_logging

logger = logging.getLogger(__name__)

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, default=DEFAULT_PATH, help="the configuration file")
    parser.add_argument("--log-level", choices=LEVELS, default="INFO", help="how much to log")
    parser.add_argument(
        "--until-recording-ends",
        action="store_true",
        help="stop when a video or a folder of pictures has been shown",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the door; SIGTERM and SIGINT end it cleanly.

    Raises:
        KioskError: it cannot start.
    """
    start_logging("gapura-kiosk", arguments.log_level)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    supervisor = find_supervisor()
    configuration = load(arguments.config)
    with ExitStack() as stack:
        door = build_door(configuration, supervisor, stack)
        logger.info("the door is open")
        door.run(lambda: stop.is_set() or (arguments.until_recording_ends and door.has_ended))
        supervisor.stopping()
    logger.info("the door is closed")
    return 0
