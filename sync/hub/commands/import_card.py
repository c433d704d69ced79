"""`gapura-hub import` of a card: what lies on the SD card of a kiosk."""

import json
from argparse import Namespace
from pathlib import Path

from sync.hub import clock, installation
from sync.hub.errors import FaultyFile
from sync.hub.ingest.card_import import CardImport, CardTally
from sync.hub.ingest.card_journal import find_journals, open_card


def run(arguments: Namespace) -> None:
    keyring, at = installation.keyring(), clock.now()
    taker = CardImport(keyring, at, even_revoked=arguments.even_revoked)
    is_whole = True
    for path in find_journals(arguments.path):
        is_readable = False
        with open_card(path) as journal:
            for tally in taker.take(journal):
                is_readable = True
                is_whole &= not (tally.refused or tally.unread)
                content = _content(path, tally)
                print(json.dumps(content) if arguments.jsonl else _line(content))
        if not is_readable:
            is_whole = False
            print(json.dumps(_nothing(path)) if arguments.jsonl else f"{path}: nothing is readable")
    if not is_whole:
        raise FaultyFile("not all of it could be taken; keep the card")


def _content(path: Path, tally: CardTally) -> dict[str, object]:
    return {
        "file": str(path),
        "device": tally.epoch.device.hex(),
        "epoch": tally.epoch.epoch.hex(),
        "taken": tally.taken,
        "repeated": tally.repeated,
        "rejected": tally.rejected,
        "conflicts": tally.conflicts,
        "unread": tally.unread,
        "fault": tally.refused,
    }


def _nothing(path: Path) -> dict[str, object]:
    return {
        "file": str(path),
        "fault": "nothing is readable",
    }


def _line(content: dict[str, object]) -> str:
    told = f"{content['file']}: device {content['device']}, epoch {content['epoch']}: "
    return told + (
        str(content["fault"])
        or f"{content['taken']} entries taken, {content['repeated']} known already, "
        f"{content['rejected']} rejected, {content['unread']} unreadable, "
        f"{content['conflicts']} batches in conflict"
    )
