"""`gapura-hub publish-rulebook`: what the doors are to decide by."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from kiosk.admission.difference import difference
from sync.hub import clock
from sync.hub.commands.output import offer_json, read_file, say
from sync.hub.errors import CommandFault, UsageFault
from sync.hub.rules.publishing import NOBODY, People, is_set_up, publish, read_document
from sync.hub.rules.selection import published_rules
from sync.hub.web.models import Operator
from sync.hub.web.roles import Role, roles_of


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument(
        "--by", metavar="NAME", help="the sign-in that answers for it alone, after the first set-up"
    )
    offer_json(parser)


def run(arguments: Namespace) -> None:
    now, document = clock.now(), read_file(arguments.file)
    running = published_rules().running(read_document(document).site_kinds, now)
    published = publish(document, now, _who(arguments.by))
    effective = published.effective_from.isoformat()
    sentences = [] if running is None else difference(running, published)
    lines = [f"Rulebook {published.version} is published, in force from {effective}."]
    if running is not None:
        lines.append(f"Different from rulebook {running.version}, which is in force now:")
        lines += [f"- {sentence}" for sentence in sentences or ["Nothing."]]
    content = {
        "version": published.version,
        "effective_from": effective,
        "compared_with": None if running is None else running.version,
        "difference": sentences,
    }
    say(lines, content, as_json=arguments.json)


def _who(name: str | None) -> People:
    """The first set-up needs nobody; whoever goes past the second person later is named for it."""
    if name is None:
        if is_set_up():
            raise UsageFault("two people publish at /rules/; to do it alone, say who with --by")
        return NOBODY
    operator = Operator.objects.filter(username=name, is_active=True).first()
    if operator is None or Role.DISKOMINFO not in roles_of(operator):
        raise CommandFault(f"{name}: nobody of role diskominfo signs in by this name")
    return People(submitted=operator)
