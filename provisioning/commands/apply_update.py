"""`gapura-provision apply-update`: install what was brought, try it, keep it or take it back.

The service gapura-update calls it where an update has come, at every start of the machine, and
twice a day for one whose trial came to nothing.
"""

import argparse
import logging
import sys
import time
from pathlib import Path

from provisioning.commands.update_places import add_places, parts
from provisioning.errors import ProvisioningError
from provisioning.firstboot.network import run_quietly
from provisioning.updates.errand import UpdateErrand
from provisioning.updates.standing import Kiosk, boot_ms
from provisioning.updates.trial import Outcome, Watch
from provisioning.updates.trouble import UpdateRefused

UNITS = ("gapura-kiosk.service", "gapura-sync.service")
_SYSTEMCTL = "/usr/bin/systemctl"
_SYSTEMCTL_S = 30.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_places(parser)
    for name, default, purpose in (
        ("door", "/run/gapura/door.json", "what the door shows of itself"),
        ("courier", "/run/gapura-sync/sync.json", "what the courier shows of itself"),
    ):
        parser.add_argument(
            f"--{name}", type=Path, default=Path(default), help=f"{purpose} (%(default)s)"
        )
    parser.add_argument("--systemctl", default=_SYSTEMCTL, help=argparse.SUPPRESS)


def run(arguments: argparse.Namespace) -> int:
    """0: the newest release that was brought runs, or none was; 1: it was refused or taken back.

    Raises:
        ProvisioningError: nothing can be remembered; what ran before runs.
    """
    logging.basicConfig(level="INFO", format="%(levelname)s %(name)s: %(message)s")
    own = parts(arguments)
    kiosk = Kiosk(arguments.door, arguments.courier)
    errand = UpdateErrand(
        own.shelf, own.image, own.switch, kiosk=kiosk,
        watch=Watch(kiosk, boot_ms, time.sleep), clock=boot_ms,
        restart=lambda: restart(arguments.systemctl),
    )  # fmt: skip
    try:
        outcome = errand.go()
    except UpdateRefused as refusal:
        print(f"{refusal}\n  -> {refusal.hint}", file=sys.stderr)
        return 1
    except OSError as error:
        raise ProvisioningError(
            f"an update cannot be applied: {error.strerror}",
            hint="run it as root; else replace the card, and keep the old one",
        ) from error
    print("nothing to do" if outcome is None else outcome.value)
    return 0 if outcome in {None, Outcome.GREEN} else 1


def restart(systemctl: str) -> bool:
    """Say whether the service manager has taken the order.

    A unit that crashed too often is begun anew only when that is forgotten.
    """
    run_quietly([systemctl, "reset-failed", *UNITS], _SYSTEMCTL_S)
    return run_quietly([systemctl, "--no-block", "restart", *UNITS], _SYSTEMCTL_S) == 0
