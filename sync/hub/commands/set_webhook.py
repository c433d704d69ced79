"""`gapura-hub set-webhook`: where a system is told that there is something new to read."""

from argparse import ArgumentParser, Namespace

from sync.hub import clock
from sync.hub.attendance.webhooks import remove, resume, set_webhook
from sync.hub.commands.output import offer_json, say


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", help="whose token it is")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--url", metavar="URL", help="tell it there; makes a new secret")
    what.add_argument("--resume", action="store_true", help="try again now, also after giving up")
    what.add_argument("--remove", action="store_true", help="tell it no more")
    offer_json(parser)


def run(arguments: Namespace) -> None:
    url, secret = arguments.url, None
    if arguments.remove:
        url = remove(arguments.name).url
        lines = [f"{arguments.name} is told no more."]
    elif arguments.resume:
        url = resume(arguments.name).url
        lines = [f"{arguments.name} is told again with the next round of gapura-hub watch."]
    else:
        _row, secret = set_webhook(arguments.name, url, clock.now())
        lines = [
            secret,
            f"{arguments.name} is told at {url} within a minute when there is something new.",
            "By this secret it knows notices as the hub's. It is shown this once.",
        ]
    content = {
        "name": arguments.name,
        "url": url,
        "secret": secret,
        "removed": arguments.remove,
    }
    say(lines, content, as_json=arguments.json)
