"""`gapura-hub create-api-token`: what another system shows to read from the hub."""

from argparse import ArgumentParser, Namespace
from datetime import timedelta

from sync.hub import clock
from sync.hub.attendance.tokens import Scope, make_token
from sync.hub.commands.create_user import office_named
from sync.hub.commands.output import offer_json, say

_DAYS = 365


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", help="which system it is for")
    parser.add_argument(
        "--scope", choices=[one.value for one in Scope], required=True, help="what it may read"
    )
    parser.add_argument("--office", metavar="NAME", help="the one office that it sees (all)")
    parser.add_argument(
        "--days", type=int, choices=range(1, 3651), metavar="N", default=_DAYS, help="(%(default)s)"
    )
    offer_json(parser)


def run(arguments: Namespace) -> None:
    office = office_named(arguments.office)
    lasts = timedelta(days=arguments.days)
    row, text = make_token(arguments.name, Scope(arguments.scope), office, clock.now(), lasts)
    content = {
        "name": row.name,
        "token": text,
        "scope": row.scope,
        "office": None if office is None else office.name,
        "expires": row.expires.isoformat(),
    }
    lines = [
        text,
        f"{row.name} may read {row.scope} with it until {row.expires:%Y-%m-%d}.",
        "It is shown this once: the hub keeps its hash only.",
    ]
    say(lines, content, as_json=arguments.json)
