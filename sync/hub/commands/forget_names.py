"""`gapura-hub forget-names`: erases the names that visitors gave longer ago than 30 days."""

from argparse import ArgumentParser, Namespace

from sync.hub import clock
from sync.hub.commands.output import offer_json, say
from sync.hub.people.visitors import forget_names


def add_arguments(parser: ArgumentParser) -> None:
    offer_json(parser)


def run(arguments: Namespace) -> None:
    content = {
        "erased": forget_names(clock.now()),
    }
    say([f"{content['erased']} names erased."], content, as_json=arguments.json)
