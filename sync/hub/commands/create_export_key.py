"""`gapura-hub create-export-key`: makes the key that opens lists of contacts."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from sync.hub import installation
from sync.hub.commands.output import offer_json, say
from sync.hub.tracing.recipients import make_key


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="new; not in the hub's directory")
    offer_json(parser)


def run(arguments: Namespace) -> None:
    public = make_key(installation.home(), arguments.file)
    content = {
        "file": str(arguments.file),
        "public_key": public,
    }
    lines = [
        f"Lists of contacts are sealed to {public} from now on.",
        f"Give {arguments.file} to the tracing officer on a medium, and delete it here.",
    ]
    say(lines, content, as_json=arguments.json)
