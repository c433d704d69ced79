"""`gapura-hub issue-pass`: a static pass for one person."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import datetime, timedelta

from kiosk.passes.claims import ANY_UNIT, NATIVE_TYPES, PassType
from sync.hub import clock, installation
from sync.hub.commands.output import draw_qr, identifier, instant, offer_json, offer_qr, say
from sync.hub.errors import UsageFault
from sync.hub.people.issuing import Issued, Order, issue

_MOST_DAYS = 10 * 366


def add_arguments(parser: ArgumentParser) -> None:
    types = [member.name.lower() for member in sorted(NATIVE_TYPES)]
    parser.add_argument("--type", required=True, choices=types)
    whose = parser.add_mutually_exclusive_group(required=True)
    whose.add_argument("--label", metavar="NAME", help="whose it is; makes a new subject")
    whose.add_argument("--subject", type=identifier, metavar="SUB", help="a subject that exists")
    parser.add_argument("--days", type=_days, help="how long it is valid, from now")
    parser.add_argument("--not-before", type=instant, metavar="TIME", help="valid from (now)")
    parser.add_argument("--expires", type=instant, metavar="TIME", help="valid through")
    parser.add_argument(
        "--unit", type=_unit, default=ANY_UNIT, help="number of the one office it is for (all)"
    )
    offer_json(parser)
    offer_qr(parser)


def run(arguments: Namespace) -> None:
    now = clock.now()
    order = Order(
        pass_type=PassType[arguments.type.upper()],
        label=arguments.label or "",
        not_before=arguments.not_before or now,
        expires=_expires(arguments, now),
        unit=arguments.unit,
        sub=arguments.subject,
    )
    issued = issue(order, installation.keyring(), now)
    if arguments.qr is not None:
        draw_qr(issued.text, arguments.qr)
    content = _content(issued, arguments)
    lines = [
        issued.text,
        "",
        f"Pass {content['cti']} ({arguments.type}) for {issued.label},",
        f"valid from {content['not_before']} until {content['expires']}.",
        f"To withdraw it: gapura-hub revoke-pass {content['cti']}",
    ]
    say(lines, content, as_json=arguments.json)


def _expires(arguments: Namespace, now: datetime) -> datetime:
    if (arguments.days is None) == (arguments.expires is None):
        raise UsageFault("say either --days or --expires")
    if arguments.expires is not None:
        expires: datetime = arguments.expires
        return expires
    begins: datetime = arguments.not_before or now
    return begins + timedelta(days=arguments.days)


def _content(issued: Issued, arguments: Namespace) -> dict[str, object]:
    claims = issued.claims
    return {
        "pass": issued.text,
        "type": arguments.type,
        "cti": claims.cti.hex(),
        "sub": claims.sub.hex(),
        "not_before": clock.from_unix_s(claims.not_before_s).isoformat(),
        "expires": clock.from_unix_s(claims.expires_s).isoformat(),
        "unit": claims.unit,
        "qr": None if arguments.qr is None else str(arguments.qr),
    }


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_DAYS:
        raise ArgumentTypeError(f"must be a number from 1 to {_MOST_DAYS}")
    return int(text)


def _unit(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise ArgumentTypeError("must be a number from 0 to 65535")
    return int(text)
