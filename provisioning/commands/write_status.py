"""`gapura-provision write-status`: keep kiosk-status.txt on the boot partition true."""

import argparse
from pathlib import Path

from provisioning.errors import ProvisioningError
from provisioning.firstboot.status_text import write_status_text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    for name, default, purpose in (
        ("boot-dir", "/boot/firmware", "the boot partition"),
        ("door", "/run/gapura/door.json", "what the door shows of itself"),
        ("courier", "/run/gapura-sync/sync.json", "what the courier shows of itself"),
        ("setup-dir", "/run/gapura-firstboot", "where the setup helper's report is"),
    ):
        parser.add_argument(
            f"--{name}", type=Path, default=Path(default), help=f"{purpose} (%(default)s)"
        )


def run(arguments: argparse.Namespace) -> int:
    """Write the file where it would say something else.

    Raises:
        ProvisioningError: the boot partition takes nothing.
    """
    try:
        write_status_text(
            arguments.boot_dir, arguments.door, arguments.courier, arguments.setup_dir
        )
    except OSError as error:
        raise ProvisioningError(
            f"{arguments.boot_dir} takes nothing: {error.strerror}",
            hint="see whether the boot partition is mounted, and the SD card still sound",
        ) from error
    return 0
