"""`gapura-hub create-backup-key`: makes the key that opens backups, to be kept offline."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from sync.hub import installation
from sync.hub.age_keys import of_backups
from sync.hub.commands.output import offer_json, say


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="new; not in the hub's directory")
    offer_json(parser)


def run(arguments: Namespace) -> None:
    home = installation.home()
    opens = f"the backups of the hub {installation.keyring().hub.hex()}"
    public = of_backups(home).add(arguments.file, home, opens)
    content = {
        "file": str(arguments.file),
        "public_key": public,
    }
    lines = [
        f"Backups are sealed to {public} from now on.",
        f"Put {arguments.file} on two offline media, beside the root key, and delete it here:",
        "who has it and a backup has the hub; without it no backup can be opened.",
    ]
    say(lines, content, as_json=arguments.json)
