"""`gapura-hub open-export`: opens a sealed list of contacts, where its key is."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from sync.hub.age_keys import read_identities
from sync.hub.commands.output import offer_json, say
from sync.hub.errors import CommandFault
from sync.hub.home import write_private
from sync.hub.tracing.sealing import open_sealed


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the sealed list (.csv.age)")
    parser.add_argument(
        "--identity", type=Path, required=True, metavar="FILE", help="what create-export-key made"
    )
    parser.add_argument(
        "--into", type=Path, required=True, metavar="FILE", help="the table, with mode 600; new"
    )
    offer_json(parser)


def run(arguments: Namespace) -> None:
    table = open_sealed(arguments.file, read_identities(arguments.identity))
    try:
        write_private(arguments.into, table)
    except OSError as error:
        raise CommandFault(f"{arguments.into}: {error.strerror}") from error
    content = {
        "file": str(arguments.into),
        "bytes": len(table),
    }
    say(
        [f"{arguments.into}: {len(table)} bytes; delete it when the case is closed"],
        content,
        as_json=arguments.json,
    )
