"""`gapura-hub publish-update`: keeps an update's file, and offers it to the first kiosks."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from django.db import transaction

from sync.hub import clock
from sync.hub.commands.output import offer_json, read_file, say
from sync.hub.commands.roll_out_update import add_aim, aim
from sync.hub.fleet.updates import publish

_FIRST_PERCENT = 5


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="what create-update has made")
    add_aim(parser)
    offer_json(parser)


def run(arguments: Namespace) -> None:
    percent = _FIRST_PERCENT if arguments.percent is None else arguments.percent
    octets = read_file(arguments.file)
    with transaction.atomic():
        update = publish(octets, percent, clock.now())
        told = aim(update, arguments)
    lines = [
        f"Version {update.version} is published, for kiosks from {update.follows} on.",
        told,
        f"More of them: gapura-hub roll-out-update {update.version} --percent 100",
    ]
    content = {
        "version": update.version,
        "follows": update.follows,
        "bytes": update.size_bytes,
        "sha256": update.sha256.hex(),
        "percent": update.percent,
    }
    say(lines, content, as_json=arguments.json)
