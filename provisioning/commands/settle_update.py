"""`gapura-provision settle-update`: choose which release this start of the machine runs.

The service gapura-release calls it before door and courier begin.
"""

import argparse
import logging

from provisioning.commands.update_places import add_places, parts
from provisioning.errors import ProvisioningError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_places(parser)


def run(arguments: argparse.Namespace) -> int:
    """Have the link lead to a release that is whole, and print its version.

    Raises:
        ProvisioningError: nothing can be remembered; the image's own release runs.
    """
    logging.basicConfig(level="INFO", format="%(levelname)s %(name)s: %(message)s")
    switch = parts(arguments).switch
    try:
        print(switch.version_of(switch.settle()))
    except OSError as error:
        raise ProvisioningError(
            f"which release runs cannot be kept: {error.strerror}",
            hint="the image's own release runs; replace the card, and keep the old one",
        ) from error
    return 0
