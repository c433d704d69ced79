"""`gapura-hub revoke-pass`: withdraws passes; doors are told with their next bundle."""

from argparse import ArgumentParser, Namespace

from sync.hub import clock
from sync.hub.commands.output import identifier, offer_json, say
from sync.hub.people.revocation import revoke


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("passes", nargs="+", type=identifier, metavar="CTI|SUB")
    offer_json(parser)


def run(arguments: Namespace) -> None:
    done = revoke(arguments.passes, clock.now())
    content = {
        "revoked": [cti.hex() for cti in done.revoked],
        "already": [cti.hex() for cti in done.already],
    }
    lines = [f"Revoked: {len(done.revoked)}. Had been before: {len(done.already)}."]
    say(lines, content, as_json=arguments.json)
