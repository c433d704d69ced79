"""The command `gapura-sync`."""

import argparse
import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from sync.uplink import status as telling
from sync.uplink.courier import Courier
from sync.uplink.deadline import Deadline
from sync.uplink.door import DoorSocket
from sync.uplink.https import HttpsHub
from sync.uplink.network import Network
from sync.uplink.radio import RadioTeller
from sync.uplink.service import EVERY_S, Service
from sync.uplink.spool import Spool
from sync.uplink.stick import STICK_DIR, StickKeeper
from sync.uplink.update_box import RELEASE_DIR, REPORT_NAME, UpdateBox
from sync.uplink.update_fetcher import UpdateFetcher

RUN_DIR = Path("/run/gapura")
STATE_DIR = Path("/var/lib/gapura-sync")
_LEAST_EVERY_S, _MOST_EVERY_S = 0.01, 86400.0
EXITS = "0 done, 1 out of touch with the hub, 2 it could not be carried out."


def main(words: Sequence[str] | None = None) -> int:
    """Run one command. 0: done; 1: out of touch with the hub; 2: it could not be carried out."""
    parser = argparse.ArgumentParser(
        prog="gapura-sync",
        description="Carries sealed visits from the door to the hub, and back what it answers.",
        epilog=f"Exit codes: {EXITS}",
    )
    parser.add_argument("--version", action="version", version=f"gapura {version('gapura')}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    run = commands.add_parser("run", help="carry until told to stop")
    run.add_argument("--run-dir", type=Path, default=RUN_DIR, help="where the door's socket is")
    run.add_argument("--state-dir", type=Path, default=STATE_DIR, help="where to keep sealed bytes")
    run.add_argument("--stick", type=Path, default=STICK_DIR, help="where a USB stick is mounted")
    run.add_argument(
        "--release-dir", type=Path, default=RELEASE_DIR, help="where it is told which release runs"
    )
    run.add_argument("--every", type=_seconds, default=EVERY_S, metavar="SECONDS", help="how often")
    run.add_argument("--log-level", choices=("DEBUG", "INFO", "WARNING"), default="INFO")
    run.set_defaults(run=_run)
    status = commands.add_parser("status", help="say how the courier fares")
    status.add_argument("--run-dir", type=Path, default=RUN_DIR)
    status.add_argument("--json", action="store_true", help="as one JSON object")
    status.set_defaults(run=_status)
    arguments = parser.parse_args(words)
    code: int = arguments.run(arguments)
    return code


def _run(arguments: argparse.Namespace) -> int:
    logging.basicConfig(level=arguments.log_level, format="%(levelname)s %(name)s: %(message)s")
    # The HTTP library names addresses, even at WARNING; what matters comes as HubAway.
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    try:
        spool = Spool(arguments.state_dir / "down")
    except OSError as error:
        print(
            f"gapura-sync: {arguments.state_dir} cannot be used: {error.strerror}\n"
            "  -> run as the user gapura-sync, or name another with --state-dir",
            file=sys.stderr,
        )
        return 2
    _serve(arguments, spool, stop)
    return 0


def _serve(arguments: argparse.Namespace, spool: Spool, stop: threading.Event) -> None:
    notify = _notifier()

    def alive() -> None:
        notify("WATCHDOG=1")

    deadline = Deadline(alive=alive)
    door = DoorSocket(arguments.run_dir / "courier.sock")
    box = UpdateBox(arguments.state_dir / "update", arguments.release_dir / REPORT_NAME)
    courier = Courier(
        door,
        spool,
        lambda url, pin: HttpsHub(url, pin, arguments.state_dir, deadline=deadline),
        alive=alive,
        update=UpdateFetcher(box, time.monotonic).go,
    )
    network = Network()
    service = Service(
        courier,
        arguments.run_dir / "sync.json",
        stop.wait,
        alive=alive,
        every_s=arguments.every,
        network_has_come=network.has_come,
        has_network=network.is_there,
        meanwhile=RadioTeller(door, time.monotonic).tell,
    )
    keeper = StickKeeper(door, arguments.stick, stop.wait, box=box)
    # A stick that fails may hold up whoever reads it for ever: this thread is not waited for.
    threading.Thread(target=keeper.run, name="stick", daemon=True).start()
    notify("READY=1")
    service.run()


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not _LEAST_EVERY_S <= seconds <= _MOST_EVERY_S:
        raise argparse.ArgumentTypeError(
            f"must be a number of seconds from {_LEAST_EVERY_S:g} to {_MOST_EVERY_S:g}"
        )
    return seconds


def _status(arguments: argparse.Namespace) -> int:
    status = telling.read(arguments.run_dir / "sync.json")
    if status is None:
        print("gapura-sync: the courier does not run here\n  -> start it, or name its --run-dir",
              file=sys.stderr)  # fmt: skip
        return 2
    if arguments.json:
        print(json.dumps(asdict(status)))
    else:
        print("\n".join(telling.in_words(status, telling.boot_s())))
    return 0 if status.state == "ok" else 1


def _notifier() -> Callable[[str], object]:
    """Return what tells the service manager, where there is one."""
    if not os.environ.get("NOTIFY_SOCKET"):
        return lambda _message: None
    from systemd.daemon import notify  # noqa: PLC0415 (absent outside a kiosk)

    return notify  # type: ignore[no-any-return]


if __name__ == "__main__":
    sys.exit(main())
