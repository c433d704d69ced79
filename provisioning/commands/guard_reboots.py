"""`gapura-provision guard-reboots`: may the machine restart, to mend a unit that has failed?

The service gapura-reboot-guard asks, and restarts the machine where the answer is 0.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from provisioning.firstboot.reboots import MOST_A_DAY, allow_reboot

_SYSTEMCTL = "/usr/bin/systemctl"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("unit", nargs="+", metavar="UNIT", help="units, one of which has failed")
    parser.add_argument(
        "--state-dir", type=Path, default=Path("/var/lib/gapura-guard"), help="where it is counted"
    )
    parser.add_argument("--systemctl", default=_SYSTEMCTL, help=argparse.SUPPRESS)


def run(arguments: argparse.Namespace, now_s: int | None = None) -> int:
    """0: restart the machine; 1: leave it as it is."""
    if not has_failed(arguments.systemctl, arguments.unit):
        print("none of these units has failed for good", file=sys.stderr)
        return 1
    try:
        allowed = allow_reboot(arguments.state_dir, int(time.time()) if now_s is None else now_s)
    except OSError as error:
        print(f"restarts cannot be counted: {error.strerror}", file=sys.stderr)
        return 1
    if not allowed:
        print(f"the machine was restarted {MOST_A_DAY} times within a day", file=sys.stderr)
    return 0 if allowed else 1


def has_failed(systemctl: str, units: Sequence[str]) -> bool:
    """A unit that is about to be started again has not: newer systemd calls for help there too."""
    done = subprocess.run(  # noqa: S603 (arguments, one by one)
        [systemctl, "is-failed", "--quiet", *units], check=False, timeout=30
    )
    return done.returncode == 0
