"""`gapura-provision firstboot`: set up network and clock by what was left for it.

The service gapura-firstboot runs it: at every start, for every card that the camera has read, and
for a stick.
"""

import argparse
import logging
from pathlib import Path

from provisioning.errors import ProvisioningError
from provisioning.firstboot.errand import Errand, Places

_OPTIONS = {
    "given": ("/run/gapura-firstboot", "where the door's files were moved to"),
    "run-dir": ("/run/gapura-firstboot", "where report and offered card go"),
    "state-dir": ("/var/lib/gapura-firstboot", "what outlives a power cut"),
    "connections": ("/etc/NetworkManager/system-connections", "NetworkManager's profiles"),
    "boot-dir": ("/boot/firmware", "the boot partition"),
    "stick-card": ("/run/gapura-firstboot/stick.card", "a copy of the stick's card file"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    for name, (default, purpose) in _OPTIONS.items():
        parser.add_argument(
            f"--{name}", type=Path, default=Path(default), help=f"{purpose} (%(default)s)"
        )
    parser.add_argument("--nmcli", default="/usr/bin/nmcli", help="the program (%(default)s)")


def run(arguments: argparse.Namespace) -> int:
    """Act, and say in one line what became of it; 0 where nothing failed, else 1.

    Raises:
        ProvisioningError: the helper's own directories cannot be used.
    """
    logging.basicConfig(level="INFO", format="%(levelname)s %(name)s: %(message)s")
    names = [*(name.replace("-", "_") for name in _OPTIONS), "nmcli"]
    places = Places(**{name: getattr(arguments, name) for name in names})
    try:
        report = Errand(places).go()
    except OSError as error:
        raise ProvisioningError(
            f"the setup helper's own directories cannot be used: {error.strerror}",
            hint="run it as root, or name others with --run-dir and --state-dir",
        ) from error
    print(" ".join(word for word in (report.outcome, report.step, report.trouble) if word))
    return 0 if report.outcome == "done" else 1
