"""`gapura-hub count-visits`: counts all visits anew for the statistics."""

from argparse import ArgumentParser, Namespace

from sync.hub import installation
from sync.hub.commands.output import offer_json, say
from sync.hub.tracing.counting import count_all


def add_arguments(parser: ArgumentParser) -> None:
    offer_json(parser)


def run(arguments: Namespace) -> None:
    days = count_all(installation.people_key())
    content = {
        "days": days,
    }
    say([f"Counted {days} days anew"], content, as_json=arguments.json)
