"""`gapura-hub publish-rulebook`: what the doors are to decide by."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from kiosk.admission.difference import difference
from sync.hub import clock
from sync.hub.commands.output import offer_json, read_file, say
from sync.hub.rules.publishing import publish, read_document
from sync.hub.rules.selection import published_rules


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE")
    offer_json(parser)


def run(arguments: Namespace) -> None:
    now, document = clock.now(), read_file(arguments.file)
    running = published_rules().running(read_document(document).site_kinds, now)
    published = publish(document, now)
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
