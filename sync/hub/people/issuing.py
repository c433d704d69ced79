"""Issues passes: the row here, the signed text for whoever holds it."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from kiosk.passes.claims import (
    ALL_DAYS,
    ALL_DOORS,
    CTI_BYTES,
    SUB_BYTES,
    Claims,
    HolderKey,
    PassType,
)
from kiosk.passes.issuing import issue_static
from sync.hub import clock
from sync.hub.errors import CannotIssue, Hindrance
from sync.hub.keyring import Keyring
from sync.hub.people.models import Pass, RevokedKey, Subject
from sync.hub.privacy.audit import note, pseudonym
from sync.hub.privacy.kinds import Event


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be issued. `sub` names a subject that exists; else one is made of `label`.

    With a `holder_key` the pass counts only as a turning code (`GPR1:`) of the phone that has it.
    """

    pass_type: PassType
    label: str
    not_before: datetime
    expires: datetime
    unit: int
    sub: bytes | None = None
    holder_key: HolderKey | None = None
    doors: int = ALL_DOORS
    days: int = ALL_DAYS


@dataclass(frozen=True, slots=True)
class Issued:
    """`label` is the holder's name."""

    claims: Claims
    text: str
    label: str


def check(order: Order, keyring: Keyring) -> None:
    """Raises CannotIssue where no door would take such a pass."""
    begins_s, ends_s = int(order.not_before.timestamp()), int(order.expires.timestamp())
    if ends_s < begins_s:
        raise CannotIssue(Hindrance.ENDS_FIRST, "the pass would end before it begins")
    key = keyring.pass_key
    if RevokedKey.objects.filter(kid=key.kid).exists():
        raise CannotIssue(
            Hindrance.KEY_REVOKED,
            "the hub's pass key is revoked: make another first: "
            "gapura-hub keys rotate --purpose pass",
        )
    if not key.is_valid_at(begins_s):
        raise CannotIssue(
            Hindrance.BEFORE_KEY, "the pass would begin when the hub's pass key is not in force"
        )
    if ends_s > key.not_after_s:
        until = clock.from_unix_s(key.not_after_s)
        raise CannotIssue(
            Hindrance.AFTER_KEY,
            "the pass would outlive the hub's pass key, which is in force until "
            f"{until.isoformat()}: let it expire by then, or make another key first: "
            "gapura-hub keys rotate --purpose pass",
            until=until,
        )


def issue(order: Order, keyring: Keyring, at: datetime) -> Issued:
    """Raises CannotIssue where no door would take such a pass."""
    check(order, keyring)
    with transaction.atomic():
        subject = subject_of(order, at)
        row = row_of(order, subject, keyring.pass_key.kid, at)
        row.save()
        note(Event.PASS_ISSUED, {"type": row.pass_type, "whose": [pseudonym(subject.sub)]})
    claims = replace(claims_of(row), holder_key=order.holder_key)
    return Issued(claims, issue_static(claims, keyring.passes), subject.label)


def subject_of(order: Order, at: datetime) -> Subject:
    """Return the subject that the order names, or a new one. Raises CannotIssue."""
    if order.sub is None:
        return Subject.objects.create(
            sub=secrets.token_bytes(SUB_BYTES), label=order.label, created_at=at
        )
    try:
        return Subject.objects.get(sub=order.sub)
    except Subject.DoesNotExist as error:
        raise CannotIssue(
            Hindrance.NOBODY, f"{order.sub.hex()}: there is no such subject"
        ) from error


def row_of(order: Order, subject: Subject, kid: bytes, at: datetime) -> Pass:
    """Return the row of a new pass, which is not stored yet."""
    return Pass(
        cti=secrets.token_bytes(CTI_BYTES),
        subject=subject,
        pass_type=int(order.pass_type),
        not_before=order.not_before,
        expires=order.expires,
        unit=order.unit,
        doors=order.doors,
        days=order.days,
        issued_at=at,
        kid=kid,
    )


def claims_of(row: Pass) -> Claims:
    """Return what a pass says; of one on a phone all but the phone's key."""
    return Claims(
        sub=row.subject.sub,
        cti=row.cti,
        not_before_s=int(row.not_before.timestamp()),
        expires_s=int(row.expires.timestamp()),
        pass_type=PassType(row.pass_type),
        doors=row.doors,
        unit=row.unit,
        days=row.days,
    )
