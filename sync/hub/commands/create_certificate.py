"""`gapura-hub create-certificate`: the CA that cards pin, and a server's certificate under it."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from sync.hub import clock, device_ca, installation
from sync.hub.commands.output import offer_json, say

LASTS_DAYS = 730
_MOST_DAYS = 3650


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--name",
        action="append",
        type=_name,
        metavar="NAME",
        help="host name or address at which kiosks reach the hub; may be given again "
        "(that of GAPURA_HUB_URL)",
    )
    parser.add_argument(
        "--days", type=_days, default=LASTS_DAYS, metavar="N", help="valid for (%(default)s)"
    )
    parser.add_argument(
        "--into", type=Path, metavar="DIR", help="where the server's files go (the hub's tls/)"
    )
    offer_json(parser)


def run(arguments: Namespace) -> None:
    folder, now = installation.home().tls, clock.now()
    into = arguments.into or folder
    names = arguments.name or [urlsplit(installation.environment().url).hostname]
    made = device_ca.make_ca(folder, now)
    lasts = timedelta(days=arguments.days)
    certificate = device_ca.make_server(folder, into, names, now, lasts)
    pin = device_ca.read_ca(folder / device_ca.CA_FILE).pin.hex()
    content = {
        "ca_made": made,
        "ca_pin": pin,
        "certificate": str(into / device_ca.SERVER_FILE),
        "key": str(into / device_ca.SERVER_KEY),
        "names": names,
        "expires": certificate.not_valid_after_utc.isoformat(),
    }
    lines = [
        f"{'Made a CA' if made else 'Under the CA'} with the pin {pin}.",
        f"For {', '.join(names)}, until {content['expires']}:",
        f"  {content['certificate']}",
        f"  {content['key']}",
        "Next: have the proxy before the hub use these two files, and make cards with an",
        "https:// address of these names; they pin the CA.",
    ]
    say(lines, content, as_json=arguments.json)


def _name(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        if not text.isascii() or not all(0 < len(part) < 64 for part in text.split(".")):
            raise ArgumentTypeError("must be a host name or an address") from None
        return text


def _days(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or not 0 < int(text) <= _MOST_DAYS:
        raise ArgumentTypeError(f"must be a number from 1 to {_MOST_DAYS}")
    return int(text)
