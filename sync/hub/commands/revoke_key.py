"""`gapura-hub revoke-key`: withdraws a pass key with every pass that it signed."""

from argparse import ArgumentParser, Namespace

from sync.hub import clock, installation
from sync.hub.commands.output import identifier, offer_json, say
from sync.hub.people.pass_keys import passes_of, revoke_key
from sync.wire.keys import Purpose


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("kid", type=identifier, metavar="KID", help="as `keys list` names it")
    offer_json(parser)


def run(arguments: Namespace) -> None:
    now, key_list = clock.now(), installation.keyring().key_list
    is_new = revoke_key(arguments.kid, key_list, now)
    key = key_list.find(arguments.kid, Purpose.PASS)
    passes = passes_of(key, key_list, now).count()
    is_current = key_list.newest(Purpose.PASS) == key
    content = {
        "revoked": arguments.kid.hex(),
        "already": not is_new,
        "passes": passes,
        "rotate": is_current,
    }
    lines = [f"Doors will be told to refuse this key, and with it {passes} passes."]
    if is_current:
        lines.append("No pass can be issued until: gapura-hub keys rotate --purpose pass")
    say(lines, content, as_json=arguments.json)
