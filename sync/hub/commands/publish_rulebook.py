"""`gapura-hub publish-rulebook`: what the doors are to decide by."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from sync.hub import clock
from sync.hub.commands.output import offer_json, say
from sync.hub.errors import CommandFault
from sync.hub.rules.publishing import publish


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE")
    offer_json(parser)


def run(arguments: Namespace) -> None:
    try:
        document = arguments.file.read_bytes()
    except OSError as error:
        raise CommandFault(f"{arguments.file}: {error.strerror}") from error
    published = publish(document, clock.now())
    effective = published.effective_from.isoformat()
    say(
        [f"Rulebook {published.version} is published, in force from {effective}."],
        {"version": published.version, "effective_from": effective},
        as_json=arguments.json,
    )
