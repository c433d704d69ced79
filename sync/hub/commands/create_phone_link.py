"""`gapura-hub create-phone-link`: a link by which somebody gets a pass onto their phone."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import timedelta

from kiosk.passes.claims import ANY_UNIT, NATIVE_TYPES, PassType
from sync.hub import clock, installation
from sync.hub.commands.output import draw_qr, identifier, offer_json, offer_qr, say
from sync.hub.people.issuing import Order
from sync.hub.people.phone_links import VALID_FOR, begin_of, link_url, make_link

_MOST_DAYS = 366


def add_arguments(parser: ArgumentParser) -> None:
    types = [member.name.lower() for member in sorted(NATIVE_TYPES)]
    parser.add_argument("--type", required=True, choices=types)
    whose = parser.add_mutually_exclusive_group(required=True)
    whose.add_argument("--label", metavar="NAME", help="whose it is; makes a new subject")
    whose.add_argument("--subject", type=identifier, metavar="SUB", help="a subject that exists")
    parser.add_argument(
        "--days", type=_days, required=True, help="how long the pass is valid, from now"
    )
    parser.add_argument(
        "--unit", type=_unit, default=ANY_UNIT, help="number of the one office it is for (all)"
    )
    offer_json(parser)
    offer_qr(parser)


def run(arguments: Namespace) -> None:
    at, keyring = clock.now(), installation.keyring()
    order = Order(
        pass_type=PassType[arguments.type.upper()],
        label=arguments.label or "",
        not_before=begin_of(keyring, at),
        expires=at + timedelta(days=arguments.days),
        unit=arguments.unit,
        sub=arguments.subject,
    )
    link = link_url(installation.environment().url, make_link(order, keyring, at))
    if arguments.qr is not None:
        draw_qr(link, arguments.qr)
    content = {
        "link": link,
        "good_until": (at + VALID_FOR).isoformat(),
        "expires": order.expires.isoformat(),
        "qr": None if arguments.qr is None else str(arguments.qr),
    }
    lines = [
        link,
        "",
        f"It works once, until {content['good_until']}, on the phone that opens it.",
        f"The pass is valid until {content['expires']}.",
        "What the same person had on a phone before is withdrawn.",
    ]
    say(lines, content, as_json=arguments.json)


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_DAYS:
        raise ArgumentTypeError(f"must be a number from 1 to {_MOST_DAYS}")
    return int(text)


def _unit(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise ArgumentTypeError("must be a number from 0 to 65535")
    return int(text)
