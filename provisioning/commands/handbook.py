"""`gapura-provision handbook`: draw the technician's handbook, two pages of A4."""

import argparse
from pathlib import Path

from kiosk.config import Configuration, load
from provisioning.errors import CannotDraw
from provisioning.language import LANGUAGES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("out", type=Path, metavar="OUT", help="the PDF")
    parser.add_argument(
        "--language", choices=LANGUAGES, default=LANGUAGES[0], help="its language (%(default)s)"
    )
    parser.add_argument(
        "--config", type=Path, help="a kiosk's configuration, where it is wired otherwise"
    )


def run(arguments: argparse.Namespace) -> int:
    """Draw it.

    Raises:
        KioskError: the configuration cannot be used.
        CannotDraw: a library is missing, or the file cannot be written.
    """
    try:
        from provisioning.handbook.pages import draw_handbook  # noqa: PLC0415 (not on the image)
    except ImportError as error:
        raise CannotDraw.for_want_of(error) from error
    configuration = Configuration() if arguments.config is None else load(arguments.config)
    drawn = draw_handbook(configuration, arguments.language)
    try:
        arguments.out.write_bytes(drawn)
    except OSError as error:
        raise CannotDraw(
            f"{arguments.out} cannot be written: {error.strerror}", hint="name another file"
        ) from error
    return 0
