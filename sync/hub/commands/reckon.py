"""`gapura-hub reckon`: brings the days of attendance up to what has arrived."""

from argparse import ArgumentParser, Namespace

from sync.hub.attendance.passing import catch_up
from sync.hub.commands.output import offer_json, say


def add_arguments(parser: ArgumentParser) -> None:
    offer_json(parser)


def run(arguments: Namespace) -> None:
    done = catch_up()
    content = {
        "people": len(done.people),
        "days": done.days,
    }
    lines = [f"{len(done.people)} people looked at, {done.days} days changed."]
    say(lines, content, as_json=arguments.json)
