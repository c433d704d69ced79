"""`gapura-hub import`: what somebody carried here, whether on a stick or on a kiosk's card."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from sync.hub.commands import import_card, import_stick
from sync.hub.ingest.card_journal import is_card


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "path", type=Path, metavar="PATH", help="a stick, a card's folder, or its journal.db"
    )
    parser.add_argument(
        "--out", type=Path, metavar="PATH", help="of a stick: write the answers there instead"
    )
    parser.add_argument(
        "--for",
        dest="sites",
        action="append",
        default=[],
        metavar="SITE",
        help="of a stick: also take bundles along for all kiosks of a site",
    )
    parser.add_argument(
        "--even-revoked", action="store_true", help="of a card: also take visits of revoked kiosks"
    )
    parser.add_argument("--jsonl", action="store_true", help="print one JSON object a line")


def run(arguments: Namespace) -> None:
    """Tell a card from a stick by what lies there."""
    if is_card(arguments.path):
        import_card.run(arguments)
    else:
        import_stick.run(arguments)
