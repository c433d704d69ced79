"""`gapura-hub create-export-key`: makes the key that opens lists of contacts."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from sync.hub import installation
from sync.hub.age_keys import of_contacts
from sync.hub.commands.output import offer_json, say


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="new; not in the hub's directory")
    offer_json(parser)


def run(arguments: Namespace) -> None:
    home = installation.home()
    public = of_contacts(home).add(arguments.file, home, "lists of contacts")
    content = {
        "file": str(arguments.file),
        "public_key": public,
    }
    lines = [
        f"Lists of contacts are sealed to {public} from now on.",
        f"Give {arguments.file} to the tracing officer on a medium, and delete it here.",
    ]
    say(lines, content, as_json=arguments.json)
