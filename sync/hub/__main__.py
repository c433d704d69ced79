"""`gapura-hub`: everything that is done to the hub from a shell."""

import argparse
import importlib
import os
import sys
from importlib.metadata import version
from typing import Protocol, cast

import django
from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseFault

from sync.hub.errors import FaultyFile, HubError
from sync.hub.privacy.actor import acting

EXITS = "0 done, 1 something is wrong, 2 it could not be carried out."
COMMANDS = {
    "migrate": "make or update the database, the keys and the first rulebook",
    "serve": "start the web server",
    "watch": "judge every kiosk once a minute, and tell people what is new",
    "backup": "write all of the hub to one sealed file, or check such a file",
    "restore": "put a backup into an empty directory and an empty database",
    "confirm-restore": "say that what was revoked since the backup has been revoked again",
    "create-backup-key": "make the key that opens backups, to be kept offline",
    "reckon": "bring the days of attendance up to what has arrived",
    "create-api-token": "make what an attendance system shows to read from the hub",
    "list-api-tokens": "show which systems may read from the hub",
    "revoke-api-token": "stop a system from reading from the hub",
    "set-webhook": "tell another system when there is something new for it to read",
    "create-user": "make a sign-in for the pages",
    "change-user": "give somebody another role or office, or let them set up a new phone",
    "create-card": "make an enrolment card for a door",
    "create-certificate": "make the CA that cards pin, and a certificate for the hub's server",
    "issue-pass": "issue a pass and print its text",
    "issue-passes": "issue cards to everybody of an office, as files to print",
    "list-passes": "show the passes that were issued",
    "create-phone-link": "make a link by which somebody gets a pass onto their phone",
    "forget-names": "erase the names that visitors gave more than 30 days ago",
    "retain": "delete what has been kept long enough, and record it",
    "person-data": "show all that is held on somebody, or delete them",
    "audit": "check the audit log, or show where it stands",
    "revoke-pass": "withdraw passes; doors are told with their next bundle",
    "revoke-key": "withdraw a pass key with every pass that it signed",
    "keys": "show, renew and end the hub's keys",
    "create-time-card": "make a card that tells a kiosk a time that has passed",
    "import-roster": "replace the people who are known by a number",
    "import": "take in what was carried here: a kiosk's USB stick or SD card",
    "import-signers": "replace the signers whose health certificates count",
    "publish-rulebook": "check a rulebook and publish it to the doors",
    "publish-update": "keep an update's file, and offer it to the first kiosks",
    "roll-out-update": "show how far updates have come; offer one to more kiosks or to fewer",
    "diff-rulebook": "show what is different between two rulebooks",
    "create-export-key": "make the key that opens lists of contacts",
    "open-export": "open a sealed list of contacts, where its key is",
    "count-visits": "count all visits anew for the statistics",
    "status": "count what has arrived, and what is still to come",
}


# No module can be called as the statement is.
_MODULES = {"import": "import_path"}


class Command(Protocol):
    """A module of `sync.hub.commands`, named as its command with underscores."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, arguments: argparse.Namespace) -> None: ...


def main(arguments: list[str] | None = None) -> int:
    """Run one command. 0: done; 1: a file has faults; 2: it could not be carried out."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sync.hub.settings")
    given = sys.argv[1:] if arguments is None else arguments
    chosen = next((word for word in given if word in COMMANDS), None)
    try:
        command = _load(chosen) if chosen else None
        parsed = _parser(chosen, command).parse_args(given)
        if command is not None:
            with acting(f"command:{chosen}"):
                command.run(parsed)
    except FaultyFile as fault:
        return _fail(str(fault), 1)
    except (HubError, ImproperlyConfigured) as fault:
        return _fail(str(fault), 2)
    except DatabaseFault as fault:
        kind = type(fault).__name__
        return _fail(f"the database cannot be used ({kind}); run `gapura-hub migrate` first", 2)
    return 0


def _load(name: str) -> Command:
    # The settings read the secret, which `migrate` makes first and `restore` brings.
    if name not in {"migrate", "restore"}:
        django.setup()
    return cast(Command, importlib.import_module(f"sync.hub.commands.{module_name(name)}"))


def module_name(command: str) -> str:
    """Return which module of `sync.hub.commands` carries a command out."""
    return _MODULES.get(command, command.replace("-", "_"))


def _parser(chosen: str | None, command: Command | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gapura-hub",
        description="The hub of a regency's doors.",
        epilog=f"Exit codes: {EXITS}",
    )
    parser.add_argument("--version", action="version", version=f"gapura {version('gapura')}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, explained in COMMANDS.items():
        sub = commands.add_parser(name, help=explained, description=explained)
        if command is not None and name == chosen:
            command.add_arguments(sub)
    return parser


def _fail(text: str, code: int) -> int:
    print(f"gapura-hub: {text}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
