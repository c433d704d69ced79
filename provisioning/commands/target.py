"""`gapura-provision target`: draw what is held up to a new kiosk's camera."""

import argparse
from pathlib import Path

from provisioning.errors import CannotDraw
from provisioning.language import LANGUAGES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "out", type=_out, metavar="OUT", help=".pdf: a card to print; .png: for a phone's screen"
    )
    parser.add_argument(
        "--language", choices=LANGUAGES, default=LANGUAGES[0], help="of the page (%(default)s)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Draw one target.

    Raises:
        CannotDraw: a library is missing, or the file cannot be written.
    """
    try:
        from provisioning.acceptance.target_drawing import (  # noqa: PLC0415 (not on the image)
            draw_screen,
            target_pdf,
            write_drawing,
        )
    except ImportError as error:
        raise CannotDraw.for_want_of(error) from error
    if arguments.out.suffix.lower() == ".png":
        draw_screen(arguments.out)
    else:
        write_drawing(arguments.out, target_pdf(arguments.language))
    return 0


def _out(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() not in {".pdf", ".png"}:
        raise argparse.ArgumentTypeError("must end with .pdf or .png")
    return path
