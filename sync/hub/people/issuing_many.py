"""Passes for many people at once: as cards, or as links that each brings onto a phone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from kiosk.passes.claims import ANY_UNIT, PassType
from sync.hub.errors import CannotIssue, Hindrance
from sync.hub.keyring import Keyring
from sync.hub.people.finding import FoundPeople, among, revoked_kids
from sync.hub.people.issuing import Order
from sync.hub.people.models import Pass, PhoneLink, Subject
from sync.hub.people.phone_links import begin_of, make_link
from sync.hub.people.reissuing import type_for

MOST_LINKS = 500


@dataclass(frozen=True, slots=True)
class Terms:
    """`kind` is None where it goes by each one's work; `unit` where it is their own office's."""

    kind: PassType | None
    days: int
    unit: int | None = ANY_UNIT
    is_for_those_without: bool = True


@dataclass(frozen=True, slots=True)
class Link:
    """A token, known to nobody but whom it is handed to."""

    token: str
    subject: Subject
    kind: PassType


def orders_for(
    people: FoundPeople, terms: Terms, keyring: Keyring, at: datetime
) -> list[tuple[Order, Subject]]:
    """Return an order for each of them, and none for who has what is ordered."""
    begins, ends = begin_of(keyring, at), at + timedelta(days=terms.days)
    held = _held(people, keyring, at) if terms.is_for_those_without else frozenset()
    orders = []
    for subject in people:
        kind = terms.kind or type_for(subject)
        if (subject.pk, int(kind)) not in held:
            unit = _own_unit(subject) if terms.unit is None else terms.unit
            order = Order(kind, subject.label, begins, ends, unit, subject.sub)
            orders.append((order, subject))
    return orders


def make_links(
    orders: Sequence[tuple[Order, Subject]], keyring: Keyring, at: datetime, good_for: timedelta
) -> list[Link]:
    """Make all of them or none; each ends what its person had on a phone.

    Raises:
        CannotIssue: no door would take the passes, or they are too many.
    """
    if not orders:
        raise CannotIssue(Hindrance.NOBODY, "nobody was chosen")
    if len(orders) > MOST_LINKS:
        said = f"more than {MOST_LINKS} links at a time"
        raise CannotIssue(Hindrance.TOO_MANY, said, most=MOST_LINKS)
    with transaction.atomic():
        return [
            Link(make_link(order, keyring, at, good_for), subject, order.pass_type)
            for order, subject in orders
        ]


def _held(people: FoundPeople, keyring: Keyring, at: datetime) -> frozenset[tuple[int, int]]:
    """Return (subject, type) of valid passes, and of links that may still be opened."""
    subjects = among(people.keys)
    passes = Pass.objects.filter(
        subject__in=subjects, revoked_at__isnull=True, expires__gte=at
    ).exclude(kid__in=list(revoked_kids(keyring)))
    links = PhoneLink.objects.filter(
        subject__in=subjects, ended_at__isnull=True, issued__isnull=True, good_until__gte=at
    )
    return frozenset(passes.values_list("subject", "pass_type")) | frozenset(
        links.values_list("subject", "pass_type")
    )


def _own_unit(subject: Subject) -> int:
    person = getattr(subject, "person", None)
    return ANY_UNIT if person is None else person.office.unit
