"""`gapura-provision inspect-card`: verify an enrolment card and say what it holds."""

import argparse
import json
from datetime import UTC, datetime

from provisioning.commands.card_text import add_text, text_of
from provisioning.enrolment.inspection import Inspection, inspect
from provisioning.errors import CardRefused


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_text(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace, now: datetime | None = None) -> int:
    """Print what the card holds, never its token; 0 where a new kiosk would take it now, else 1.

    Raises:
        CardRefused: it is no card, or altered (not with --json, which says so itself).
    """
    try:
        card = inspect(text_of(arguments))
    except CardRefused as refused:
        if not arguments.json:
            raise
        print(json.dumps({"good": False, "wrong": str(refused), "advice": refused.hint}))
        return 1
    wrong, advice = _verdict(card, now or datetime.now(UTC))
    print(_as_json(card, wrong, advice) if arguments.json else _as_text(card, wrong, advice))
    return 1 if wrong else 0


def _verdict(card: Inspection, now: datetime) -> tuple[str, str]:
    if card.has_expired(now):
        return "the card has expired", "make a new card at the hub: gapura-hub create-card"
    if card.is_from_the_future(now):
        return "the card is from the future", "set this machine's clock; then try again"
    return "", ""


def _as_text(card: Inspection, wrong: str, advice: str) -> str:
    lines = [
        f"door      {_printable(card.label)} ({card.door})",
        f"hub       {_printable(card.hub_url)}",
        f"hub key   {card.hub} (the same on every card of one hub: compare)",
        f"CA pin    {card.ca_pin or 'none'}",
        f"issued    {card.issued_at.isoformat()}",
        f"expires   {card.expires.isoformat()}",
        f"BAD: {wrong}\n  -> {advice}" if wrong else "ok: signed by that hub key, and in date",
    ]
    return "\n".join(lines)


def _as_json(card: Inspection, wrong: str, advice: str) -> str:
    content = {
        "good": not wrong,
        "wrong": wrong,
        "advice": advice,
        "door": card.door,
        "label": card.label,
        "hub_url": card.hub_url,
        "hub": card.hub,
        "ca_pin": card.ca_pin,
        "issued_at": card.issued_at.isoformat(),
        "expires": card.expires.isoformat(),
    }
    return json.dumps(content)


def _printable(text: str) -> str:
    """Anybody can sign a card with a root of his own, and put a terminal's commands into it."""
    return "".join(character if character.isprintable() else "?" for character in text)
