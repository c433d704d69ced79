"""`gapura-hub issue-passes`: cards for everybody of an office or a kind of work, as files."""

import os
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from pathlib import Path

from kiosk.passes.claims import ANY_UNIT, PassType
from sync.hub import clock, installation
from sync.hub.commands.output import offer_json, say
from sync.hub.errors import CommandFault, UsageFault
from sync.hub.fleet.models import Office
from sync.hub.keyring import Keyring
from sync.hub.people.cards import Card, Wanted, cards_of, files_of, issue_cards, passes_in_file
from sync.hub.people.finding import People, find_people
from sync.hub.people.issuing_many import Terms, orders_for
from sync.hub.people.look_ups import record
from sync.hub.people.models import PersonKind, Printing
from sync.hub.web.models import Operator
from sync.hub.web.phone.card_drawing import draw_cards
from sync.hub.web.spreadsheet import as_csv

_KINDS = ("employee", "visitor")
_MOST_DAYS = 366
_PRIVATE = 0o600


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--into", type=Path, required=True, metavar="DIR", help="where files go")
    parser.add_argument("--by", required=True, metavar="NAME", help="the sign-in that orders them")
    parser.add_argument("--reason", required=True, metavar="TEXT", help="what for; it is recorded")
    parser.add_argument("--type", choices=_KINDS, default=_KINDS[0])
    parser.add_argument("--office", metavar="NAME", help="only people of this office")
    parser.add_argument("--work", choices=PersonKind.values, help="only people of this work")
    parser.add_argument("--days", type=_days, required=True, help="how long they are valid")
    parser.add_argument("--own-office", action="store_true", help="good at their own office alone")
    parser.add_argument("--again", action="store_true", help="also for who has a valid one")
    parser.add_argument("--csv", action="store_true", help="also write the texts as a table")
    offer_json(parser)


def run(arguments: Namespace) -> None:
    at, keyring, wanted = clock.now(), installation.keyring(), _wanted(arguments)
    if arguments.office is None and arguments.work is None:
        raise UsageFault("say --office, --work or both")
    people = find_people(People(office=_office(arguments), work=arguments.work or ""))
    terms = Terms(
        kind=PassType[arguments.type.upper()],
        days=arguments.days,
        unit=None if arguments.own_office else ANY_UNIT,
        is_for_those_without=not arguments.again,
    )
    printing = issue_cards(orders_for(people, terms, keyring, at), wanted, keyring, at)
    files = _write(printing, wanted, keyring, arguments)
    count = printing.passes.count()
    content = {
        "printing": printing.pk,
        "passes": count,
        "files": [str(path) for path in files],
    }
    say([f"Passes issued: {count}.", *map(str, files)], content, as_json=arguments.json)


def _write(
    printing: Printing, wanted: Wanted, keyring: Keyring, arguments: Namespace
) -> list[Path]:
    """Write a file after the other, so that no more than one is held in memory."""
    written = []
    at = printing.made_at
    for number in range(1, len(files_of(printing)) + 1):
        passes = passes_in_file(printing, number)
        cards = cards_of(passes, keyring, at)
        record(wanted.by, "issue-passes", [one.subject for one in passes], at, wanted.reason)
        written.append(_keep(arguments.into / f"kartu-{number}.pdf", draw_cards(cards)))
        if arguments.csv:
            written.append(_keep(arguments.into / f"kartu-{number}.csv", _table(cards)))
    return written


def _table(cards: Sequence[Card]) -> bytes:
    rows = (
        (one.cti.hex(), one.label, one.place, one.expires.isoformat(), one.text) for one in cards
    )
    return as_csv(("cti", "label", "place", "expires", "pass"), rows)


def _keep(path: Path, content: bytes) -> Path:
    """Whoever has the file has the passes: nobody else can read it. None is written over."""
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(path, flags, _PRIVATE), "wb") as file:
            file.write(content)
    except OSError as error:
        raise CommandFault(f"{path}: {error.strerror}") from error
    return path


def _wanted(arguments: Namespace) -> Wanted:
    operator = Operator.objects.filter(username=arguments.by, is_active=True).first()
    if operator is None:
        raise CommandFault(f"{arguments.by}: there is no such sign-in")
    if not arguments.into.is_dir():
        raise CommandFault(f"{arguments.into}: no such folder")
    if any(arguments.into.glob("kartu-*")):
        raise CommandFault(f"{arguments.into}: there are cards in it already; name another folder")
    return Wanted(operator, arguments.reason[:200])


def _office(arguments: Namespace) -> int | None:
    if arguments.office is None:
        return None
    office = Office.objects.filter(name__iexact=arguments.office).first()
    if office is None:
        raise CommandFault(f"{arguments.office}: there is no such office")
    return office.pk


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_DAYS:
        raise ArgumentTypeError(f"must be a number from 1 to {_MOST_DAYS}")
    return int(text)
