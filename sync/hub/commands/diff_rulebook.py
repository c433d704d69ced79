"""`gapura-hub diff-rulebook`: what would change from one rulebook to another, in sentences."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from kiosk.admission.difference import difference
from kiosk.admission.rulebook import Rulebook
from sync.hub.commands.output import offer_json, read_file, say
from sync.hub.rules.publishing import read_document
from sync.hub.rules.selection import published_version

_WHICH = "a published version's number, or the file of a rulebook"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("old", metavar="OLD", help=_WHICH)
    parser.add_argument("new", metavar="NEW", help=_WHICH)
    offer_json(parser)


def run(arguments: Namespace) -> None:
    old, new = _find(arguments.old), _find(arguments.new)
    sentences = difference(old, new)
    content = {"old": old.version, "new": new.version, "difference": sentences}
    say(sentences or ["Nothing is different."], content, as_json=arguments.json)


def _find(named: str) -> Rulebook:
    if named.isascii() and named.isdecimal():
        return published_version(int(named))
    return read_document(read_file(Path(named)))
