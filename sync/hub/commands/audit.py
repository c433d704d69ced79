"""`gapura-hub audit`: checks the audit log, or shows where it stands."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace

from sync.hub import clock
from sync.hub.commands.output import offer_json, say
from sync.hub.privacy.audit import Head, seal, verify

_DIGEST_BYTES = 32


def add_arguments(parser: ArgumentParser) -> None:
    orders = parser.add_subparsers(metavar="ORDER", required=True, dest="order")
    checking = orders.add_parser("verify", help="go through all of it; exit code 1 where it fails")
    checking.add_argument(
        "--head", type=_head, metavar="NUMBER:DIGEST", help="one that was noted elsewhere"
    )
    sealing = orders.add_parser("seal", help="sign where it stands, and show it to be noted")
    for order in (checking, sealing):
        offer_json(order)


def run(arguments: Namespace) -> None:
    if arguments.order == "verify":
        found = verify(arguments.head)
        lines = [f"All {found.number} records are as they were written."]
    else:
        found = seal(clock.now())
        lines = ["Note this where the hub cannot reach it:"]
    head = f"{found.number}:{found.digest.hex()}"
    content = {
        "records": found.number,
        "head": head,
    }
    say([*lines, head], content, as_json=arguments.json)


def _head(text: str) -> Head:
    number, _, digest = text.partition(":")
    try:
        found = Head(int(number), bytes.fromhex(digest))
    except ValueError as error:
        raise ArgumentTypeError("must be NUMBER:DIGEST, as `audit seal` shows it") from error
    if len(found.digest) != _DIGEST_BYTES or found.number < 1:
        raise ArgumentTypeError("must be NUMBER:DIGEST, as `audit seal` shows it")
    return found
