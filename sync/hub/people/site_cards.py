"""Cards with a number rather than a name, for people without a phone: a stock for each site."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from kiosk.passes.claims import SUB_BYTES, PassType
from sync.hub.fleet.models import Site
from sync.hub.keyring import Keyring
from sync.hub.people.cards import Wanted, check_cards, issue_cards
from sync.hub.people.issuing import Order
from sync.hub.people.models import Printing, SiteCard, Subject

MOST_OF_A_STOCK = 1_000
_ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Stock:
    """How many cards, for whom, and for how long."""

    site: Site
    count: int
    not_before: datetime
    expires: datetime
    unit: int


def issue_stock(stock: Stock, wanted: Wanted, keyring: Keyring, at: datetime) -> Printing:
    """Issue the next cards of a site; its numbers go on where the last stock ended.

    Raises:
        CannotIssue: no door would take them, or they are too many.
    """
    orders = [_order(stock)] * stock.count
    check_cards(orders, keyring)
    with transaction.atomic():
        # Two stocks at the same time come one after the other.
        site = Site.objects.select_for_update().get(pk=stock.site.pk)
        last = site.cards.aggregate(last=Max("number"))["last"] or 0
        subjects = _subjects(range(last + 1, last + stock.count + 1), at)
        SiteCard.objects.bulk_create(
            (
                SiteCard(subject=subject, site=site, number=number)
                for number, subject in enumerate(subjects, start=last + 1)
            ),
            batch_size=_ROWS_AT_ONCE,
        )
        return issue_cards(list(zip(orders, subjects, strict=True)), wanted, keyring, at)


def label_of(number: int) -> str:
    """Return what stands on the card: in the country's language, as it goes from hand to hand."""
    return f"Kartu tamu {number:03}"


def _order(stock: Stock) -> Order:
    return Order(PassType.SITE_CARD, "", stock.not_before, stock.expires, stock.unit)


def _subjects(numbers: Sequence[int], at: datetime) -> list[Subject]:
    return Subject.objects.bulk_create(
        (
            Subject(sub=secrets.token_bytes(SUB_BYTES), label=label_of(number), created_at=at)
            for number in numbers
        ),
        batch_size=_ROWS_AT_ONCE,
    )
