"""The same pass again, after a card or a phone was lost: the old one ends in the same moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from kiosk.passes.claims import ANY_UNIT, PassType
from sync.hub.errors import CannotIssue, Hindrance
from sync.hub.keyring import Keyring
from sync.hub.people.cards import Wanted, issue_cards
from sync.hub.people.issuing import Order
from sync.hub.people.models import Pass, PersonKind, PhoneLink, Printing, Subject
from sync.hub.people.phone_links import begin_of, make_link
from sync.hub.people.revocation import revoke

USUAL_DAYS = 180


@dataclass(frozen=True, slots=True)
class Renewed:
    """A link, and what it is to bring onto the phone."""

    token: str
    subject: Subject
    expires: datetime


def reissue_card(pk: int, wanted: Wanted, keyring: Keyring, at: datetime) -> Printing:
    """Withdraw a pass and issue the same as a card.

    Raises:
        CannotIssue: it is over, was replaced before, is an officer's, or no pass can be issued.
    """
    with transaction.atomic():
        old = _to_replace(pk, at)
        order = _same(old, keyring, at)
        printing = issue_cards([(order, old.subject)], wanted, keyring, at)
        printing.passes.update(replaces=old)
        revoke([old.cti], at)
    return printing


def reissue_on_phone(pk: int, keyring: Keyring, at: datetime) -> Renewed:
    """Withdraw a pass, and all that its holder has on a phone; return a link for the same.

    Raises:
        CannotIssue: it is over, was replaced before, or no pass can be issued.
    """
    with transaction.atomic():
        old = _to_replace(pk, at)
        order = _same(old, keyring, at)
        token = make_link(order, keyring, at)
        revoke([old.cti], at)
    return Renewed(token, old.subject, order.expires)


def renew_phone(subject: Subject, keyring: Keyring, at: datetime) -> Renewed:
    """Return a link for what somebody had on a phone, which ends; else for what is usual.

    Raises:
        CannotIssue: no pass can be issued.
    """
    had = PhoneLink.objects.filter(subject=subject, expires__gt=at).order_by("-pk").first()
    order = _usual(subject, keyring, at) if had is None else _same(had, keyring, at)
    return Renewed(make_link(order, keyring, at), subject, order.expires)


def type_for(subject: Subject) -> PassType:
    """Return the kind of pass that somebody has by their work."""
    person = getattr(subject, "person", None)
    if person is None:
        return PassType.VISITOR
    return PassType.OFFICER if person.kind == PersonKind.OFFICER else PassType.EMPLOYEE


def _to_replace(pk: int, at: datetime) -> Pass:
    old = Pass.objects.select_for_update(of=("self",)).select_related("subject").get(pk=pk)
    if old.expires <= at:
        raise CannotIssue(Hindrance.OVER, "the pass has expired: issue a new one")
    if Pass.objects.filter(replaces=old).exists():
        raise CannotIssue(Hindrance.REPLACED, "the pass has been replaced already")
    return old


def _same(old: Pass | PhoneLink, keyring: Keyring, at: datetime) -> Order:
    """A pass that has begun begins anew: the key that signs may be younger than the old one."""
    return Order(
        pass_type=PassType(old.pass_type),
        label="",
        not_before=max(begin_of(keyring, at), old.not_before),
        expires=old.expires,
        unit=old.unit,
        sub=old.subject.sub,
        doors=old.doors,
        days=old.days,
    )


def _usual(subject: Subject, keyring: Keyring, at: datetime) -> Order:
    return Order(
        pass_type=type_for(subject),
        label="",
        not_before=begin_of(keyring, at),
        expires=at + timedelta(days=USUAL_DAYS),
        unit=ANY_UNIT,
        sub=subject.sub,
    )
