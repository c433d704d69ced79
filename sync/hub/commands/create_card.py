"""`gapura-hub create-card`: the card by which a technician makes a kiosk a door's."""

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path

from sync.hub import clock, installation
from sync.hub.commands.output import draw_qr, identifier, offer_json, offer_qr, say
from sync.hub.environment import has_host, is_loopback
from sync.hub.errors import UsageFault
from sync.hub.fleet.cards import IssuedCard, NewDoor, add_door, find_door, make_card
from sync.hub.fleet.models import Direction, Door
from sync.wire.errors import Malformed
from sync.wire.wifi import WiFi


def add_arguments(parser: ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--door", type=identifier, metavar="ID", help="a door that exists")
    which.add_argument("--new-door", metavar="LABEL", help="a door to be made")
    new = parser.add_argument_group("for a new door")
    new.add_argument("--site", metavar="NAME", help="building or terrain; made where it is new")
    new.add_argument("--office", metavar="NAME", help="its office; made where it is new")
    new.add_argument("--direction", choices=Direction.values)
    new.add_argument(
        "--sees-both-ways",
        action="store_true",
        help="whoever leaves the building passes this kiosk too",
    )
    new.add_argument("--kind", default="office", help="kind of a new site (%(default)s)")
    new.add_argument(
        "--timezone", default="Asia/Jakarta", help="time zone of a new site (%(default)s)"
    )
    parser.add_argument(
        "--hub-url", type=_url, metavar="URL", help="where the kiosk sends to (GAPURA_HUB_URL)"
    )
    parser.add_argument(
        "--no-pin",
        action="store_true",
        help="the address has a public certificate: trust whom the kiosk's system trusts",
    )
    wifi = parser.add_argument_group("for a kiosk without a cable; the hub keeps nothing of it")
    wifi.add_argument("--wifi", metavar="SSID", help="name of the WiFi")
    wifi.add_argument(
        "--wifi-key-file",
        type=Path,
        metavar="FILE",
        help="file with its key, - for standard input; without, the network is open",
    )
    wifi.add_argument("--hidden", action="store_true", help="the WiFi does not show its name")
    wifi.add_argument("--country", default="ID", metavar="XX", help="of its channels (%(default)s)")
    offer_json(parser)
    offer_qr(parser)


def run(arguments: Namespace) -> None:
    wifi = _wifi(arguments)
    door = find_door(arguments.door) if arguments.door else add_door(_new_door(arguments))
    hub_url = arguments.hub_url or installation.environment().url
    pin = _pin(hub_url, no_pin=arguments.no_pin)
    issued = make_card(door, installation.keyring(), hub_url, clock.now(), ca_pin=pin, wifi=wifi)
    pictures = [] if arguments.qr is None else _pictures(arguments.qr, len(issued.parts))
    for part, path in zip(issued.parts, pictures, strict=False):
        draw_qr(part, path)
    content = _content(door, issued, pictures)
    if is_loopback(hub_url):
        print(f"gapura-hub: warning: {hub_url}: a real kiosk cannot reach it", file=sys.stderr)
    say(_lines(content), content, as_json=arguments.json)


def _wifi(arguments: Namespace) -> WiFi | None:
    if arguments.wifi is None:
        if arguments.wifi_key_file is not None or arguments.hidden:
            raise UsageFault("a key, or a hidden network, also needs --wifi SSID")
        return None
    key = "" if arguments.wifi_key_file is None else _key(arguments.wifi_key_file)
    try:
        return WiFi(arguments.wifi, key, arguments.hidden, arguments.country)
    except Malformed as fault:
        raise UsageFault(str(fault)) from fault


def _key(path: Path) -> str:
    try:
        text = sys.stdin.read(200) if str(path) == "-" else path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageFault(f"{path}: the key cannot be read from it") from error
    return text.rstrip("\r\n")


def _pictures(path: Path, parts: int) -> list[Path]:
    """Return one name for each code: card-1.png, card-2.png where there are several."""
    if parts == 1:
        return [path]
    return [path.with_stem(f"{path.stem}-{number + 1}") for number in range(parts)]


def _pin(hub_url: str, *, no_pin: bool) -> bytes | None:
    """Return what a kiosk shall know the hub by; nothing where there is no TLS of our own."""
    if no_pin or not hub_url.startswith("https://"):
        return None
    ca = installation.device_ca()
    return None if ca is None else ca.pin


def _lines(content: dict[str, object]) -> list[str]:
    return [
        str(content["card"]),
        "",
        f"For the door {content['label']} ({content['door']}), once, until {content['expires']}.",
        f"The kiosk will send to {content['hub_url']}.",
        f"It will trust {_trusted(content)}.",
        *([f"It will join the WiFi {content['wifi']}."] if content["wifi"] else []),
        f"Next: show {content['qr'] or 'it, as a QR code (--qr FILE),'} to the kiosk's camera.",
    ]


def _trusted(content: dict[str, object]) -> str:
    if content["ca_pin"] is not None:
        return f"the CA {content['ca_pin']} alone"
    return "whom its system trusts" if str(content["hub_url"]).startswith("https") else "that line"


def _new_door(arguments: Namespace) -> NewDoor:
    missing = [
        f"--{name}" for name in ("site", "office", "direction") if not getattr(arguments, name)
    ]
    if missing:
        raise UsageFault(f"a new door also needs {', '.join(missing)}")
    return NewDoor(
        label=arguments.new_door,
        site=arguments.site,
        office=arguments.office,
        direction=Direction(arguments.direction),
        kind=arguments.kind,
        timezone=arguments.timezone,
        sees_both_ways=arguments.sees_both_ways,
    )


def _content(door: Door, issued: IssuedCard, pictures: list[Path]) -> dict[str, object]:
    return {
        "card": issued.text,
        "parts": list(issued.parts),
        "door": door.public_id.hex(),
        "label": door.label,
        "sees_both_ways": door.sees_both_ways,
        "hub_url": issued.card.hub_url,
        "ca_pin": None if issued.card.ca_pin is None else issued.card.ca_pin.hex(),
        "expires": clock.from_unix_s(issued.card.expires_s).isoformat(),
        "wifi": None if issued.card.wifi is None else issued.card.wifi.ssid,
        "qr": ", ".join(map(str, pictures)) or None,
    }


def _url(text: str) -> str:
    if not has_host(text):
        raise ArgumentTypeError("must be an address such as https://hub.example.go.id")
    return text.rstrip("/")
