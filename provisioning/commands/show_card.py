"""`gapura-provision show-card`: verify an enrolment card and draw its QR codes."""

import argparse
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

from provisioning.commands.card_text import add_text, text_of
from provisioning.enrolment.drawing import draw_in_terminal, draw_png
from provisioning.enrolment.inspection import inspect
from sync.wire.card_parts import split_card

# Output that goes to a file or a pipe has no width of its own.
_NO_TERMINAL = (10_000, 24)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_text(parser)
    parser.add_argument(
        "--png", type=_png, metavar="FILE", help="draw a picture for a phone instead"
    )


def run(arguments: argparse.Namespace, now: datetime | None = None) -> int:
    """Draw the card; an expired one too, with a warning: this machine's clock may be wrong.

    Raises:
        ProvisioningError: the card is none, or it cannot be drawn.
    """
    text = text_of(arguments)
    card = inspect(text)
    parts = split_card(text)
    columns = shutil.get_terminal_size(_NO_TERMINAL).columns
    for number, part in enumerate(parts, 1):
        if arguments.png is not None:
            draw_png(part, _picture(arguments.png, number, len(parts)))
        else:
            draw_in_terminal(part, sys.stdout, columns=columns)
            print(f"{number} of {len(parts)}" if len(parts) > 1 else "", file=sys.stderr)
    if card.has_expired(now or datetime.now(UTC)):
        print("the card has expired: the hub does not take it any more", file=sys.stderr)
    return 0


def _picture(path: Path, number: int, of: int) -> Path:
    return path if of == 1 else path.with_stem(f"{path.stem}-{number}")


def _png(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() != ".png":
        raise argparse.ArgumentTypeError("must end with .png")
    return path
