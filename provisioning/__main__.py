"""The command `gapura-provision`."""

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import version

from kiosk.errors import KioskError
from provisioning.commands import (
    acceptance,
    apply_update,
    create_update,
    firstboot,
    guard_reboots,
    handbook,
    image,
    inspect_card,
    publish_image,
    settle_update,
    show_card,
    target,
    write_status,
)
from provisioning.errors import CardRefused, ProvisioningError

EXITS = "0 done, 1 something is wrong, 2 it could not be carried out."
_COMMANDS = {
    "acceptance": (acceptance, "try every part of a new kiosk on the bench"),
    "handbook": (handbook, "draw the technician's handbook: two pages, in one language"),
    "apply-update": (apply_update, "install an update that was brought, try it, keep it or not"),
    "create-update": (create_update, "make this checkout an update's file, signed"),
    "image": (image, "build the SD card's image from packages"),
    "firstboot": (firstboot, "set up network and clock by a card, as the service does"),
    "guard-reboots": (guard_reboots, "allow a restart of the machine, three times a day at most"),
    "inspect-card": (inspect_card, "say what an enrolment card holds, and whether it is good"),
    "publish-image": (publish_image, "describe and sign an image that is to be published"),
    "settle-update": (settle_update, "choose which release runs, at the machine's start"),
    "show-card": (show_card, "draw an enrolment card's QR code for a kiosk's camera"),
    "target": (target, "draw what is held up to a new kiosk's camera at its acceptance"),
    "write-status": (write_status, "say on the boot partition how the kiosk is, for any computer"),
}


def main(words: Sequence[str] | None = None) -> int:
    """Run one command. 0: done; 1: something is wrong; 2: it could not be carried out."""
    arguments = build_parser().parse_args(words)
    try:
        code: int = arguments.run(arguments)
    except (KioskError, ProvisioningError) as error:
        print(f"gapura-provision: {error}\n  -> {error.hint}", file=sys.stderr)
        return 1 if isinstance(error, CardRefused) else 2
    except BrokenPipeError:
        sys.stderr.close()  # whoever read the output has gone
        return 1
    return code


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gapura-provision",
        description="Makes a new kiosk ready for its door.",
        epilog=f"Exit codes: {EXITS}",
    )
    parser.add_argument("--version", action="version", version=f"gapura {version('gapura')}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, (module, purpose) in _COMMANDS.items():
        command = commands.add_parser(name, help=purpose, description=module.__doc__)
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
