"""`gapura-hub create-time-card`: tells a kiosk without a network a time that has passed."""

from argparse import ArgumentParser, Namespace

from sync.hub import clock, installation
from sync.hub.commands.output import draw_qr, offer_json, offer_qr, say
from sync.wire.card import sign_time_card


def add_arguments(parser: ArgumentParser) -> None:
    offer_json(parser)
    offer_qr(parser)


def run(arguments: Namespace) -> None:
    issued_at_s = int(clock.now().timestamp())
    text = sign_time_card(issued_at_s, installation.keyring().bundle)
    if arguments.qr is not None:
        draw_qr(text, arguments.qr)
    issued_at = clock.from_unix_s(issued_at_s).isoformat()
    content = {
        "card": text,
        "issued_at": issued_at,
        "qr": None if arguments.qr is None else str(arguments.qr),
    }
    lines = [text, "", f"A kiosk that is shown this knows that it is {issued_at} or later."]
    say(lines, content, as_json=arguments.json)
