"""`gapura-hub revoke-api-token`: a system may no longer read from the hub."""

from argparse import ArgumentParser, Namespace

from sync.hub import clock
from sync.hub.attendance.tokens import revoke_token
from sync.hub.commands.output import offer_json, say


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name")
    offer_json(parser)


def run(arguments: Namespace) -> None:
    is_new = revoke_token(arguments.name, clock.now())
    content = {
        "name": arguments.name,
        "revoked": is_new,
    }
    told = "opens nothing any more" if is_new else "was revoked already"
    say([f"The token {arguments.name} {told}."], content, as_json=arguments.json)
