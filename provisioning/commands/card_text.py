"""Where the commands take a card's text from."""

import argparse
import sys

from sync.wire.card import MAX_CHARACTERS


def add_text(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "text",
        nargs="?",
        default="-",
        metavar="TEXT",
        help="the card's text, between single quotes; - or nothing reads standard input, which "
        "keeps it out of the shell's history",
    )


def text_of(arguments: argparse.Namespace) -> str:
    """Return the text without its line end. A space at its end may belong to it."""
    if arguments.text != "-":
        return str(arguments.text).strip("\r\n")
    # One more than allowed, and the line end, tell that a text is too long.
    data = sys.stdin.buffer.read(MAX_CHARACTERS + 3)
    return data.decode("ascii", "replace").strip("\r\n")
