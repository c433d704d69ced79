"""Passes on printed cards: issued together, and drawn from what the hub knows of them.

A signature by Ed25519 (RFC 8032) is the same each time: a card's text is made again from its row,
and stored nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from kiosk.passes.claims import ANY_UNIT, PassType
from kiosk.passes.issuing import issue_static
from sync.hub.errors import CannotIssue, Hindrance
from sync.hub.fleet.models import Office
from sync.hub.keyring import Keyring
from sync.hub.people.issuing import Order, check, claims_of, row_of
from sync.hub.people.models import Pass, Printing, Subject
from sync.hub.privacy.audit import note
from sync.hub.privacy.kinds import Event
from sync.hub.web.models import Operator

MOST_CARDS = 5_000
CARDS_A_FILE = 500
PRINTABLE_FOR = timedelta(hours=24)
"""A card that jams in a printer is drawn again so long; after that it is issued anew."""
_ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who issues cards, and what for."""

    by: Operator
    reason: str


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on a card; `place` is a site or an office, `text` what the code says."""

    text: str
    label: str
    kind: PassType
    place: str
    expires: datetime
    cti: bytes


def issue_cards(
    orders: Sequence[tuple[Order, Subject]], wanted: Wanted, keyring: Keyring, at: datetime
) -> Printing:
    """Issue all of them or none.

    Raises:
        CannotIssue: no door would take them, they are too many, or one is an officer's.
    """
    check_cards([order for order, _subject in orders], keyring)
    with transaction.atomic():
        printing = Printing.objects.create(made_by=wanted.by, made_at=at, reason=wanted.reason)
        kid = keyring.pass_key.kid
        rows = [row_of(order, subject, kid, at) for order, subject in orders]
        for row in rows:
            row.printing = printing
        Pass.objects.bulk_create(rows, batch_size=_ROWS_AT_ONCE)
        note(Event.PASS_ISSUED, {"printing": printing.pk, "passes": len(rows)})
    return printing


def check_cards(orders: Sequence[Order], keyring: Keyring) -> None:
    """Raises CannotIssue as `issue_cards` would."""
    if not orders:
        raise CannotIssue(Hindrance.NOBODY, "nobody was chosen")
    if len(orders) > MOST_CARDS:
        said = f"more than {MOST_CARDS} cards at a time"
        raise CannotIssue(Hindrance.TOO_MANY, said, most=MOST_CARDS)
    if any(order.pass_type is PassType.OFFICER for order in orders):
        # It would tell doors the time, and who has a picture of it would be the officer.
        raise CannotIssue(Hindrance.OFFICERS_CARD, "an officer's pass goes onto a phone")
    for order in {(one.not_before, one.expires): one for one in orders}.values():
        check(order, keyring)


def files_of(printing: Printing) -> list[int]:
    """Return how many cards each file has."""
    whole, rest = divmod(printing.passes.count(), CARDS_A_FILE)
    return [CARDS_A_FILE] * whole + [rest] * bool(rest)


def passes_in_file(printing: Printing, number: int) -> list[Pass]:
    """Return the passes of a file, counted from 1; withdrawn ones leave no gap in others."""
    first = (number - 1) * CARDS_A_FILE
    found = printing.passes.select_related(
        "subject__person__office", "subject__site_card__site"
    ).order_by("pk")
    return list(found[first : first + CARDS_A_FILE])


def cards_of(passes: Sequence[Pass], keyring: Keyring, at: datetime) -> list[Card]:
    """Return what is to be drawn; withdrawn passes are left out.

    Raises:
        CannotIssue: they were issued too long ago, or under another key than the hub has now.
    """
    good = [one for one in passes if one.revoked_at is None]
    if any(one.issued_at + PRINTABLE_FOR < at for one in good):
        raise CannotIssue(Hindrance.PRINTED, "these cards were printed longer ago")
    if any(one.kid != keyring.pass_key.kid for one in good):
        raise CannotIssue(Hindrance.KEY_CHANGED, "the hub's pass key is another one by now")
    units = {one.unit for one in good} - {ANY_UNIT}
    offices = dict(Office.objects.filter(unit__in=units).values_list("unit", "name"))
    return [
        Card(
            text=issue_static(claims_of(one), keyring.passes),
            label=one.subject.label,
            kind=PassType(one.pass_type),
            place=_place(one, offices),
            expires=one.expires,
            cti=one.cti,
        )
        for one in good
    ]


def _place(one: Pass, offices: dict[int, str]) -> str:
    subject = one.subject
    if hasattr(subject, "site_card"):
        return subject.site_card.site.name
    if hasattr(subject, "person"):
        return subject.person.office.name
    return offices.get(one.unit, "")
