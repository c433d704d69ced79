"""Issues passes: the row here, the signed text for whoever holds it."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kiosk.passes.claims import CTI_BYTES, SUB_BYTES, Claims, PassType
from kiosk.passes.issuing import issue_static
from sync.hub.errors import CommandFault
from sync.hub.keyring import Keyring
from sync.hub.people.models import Pass, RevokedKey, Subject


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be issued. `sub` names a subject that exists; else one is made of `label`."""

    pass_type: PassType
    label: str
    not_before: datetime
    expires: datetime
    unit: int
    sub: bytes | None = None


@dataclass(frozen=True, slots=True)
class Issued:
    """`label` is the holder's name."""

    claims: Claims
    text: str
    label: str


def issue(order: Order, keyring: Keyring, at: datetime) -> Issued:
    """Raises CommandFault where no door would take such a pass."""
    begins_s, ends_s = int(order.not_before.timestamp()), int(order.expires.timestamp())
    if ends_s < begins_s:
        raise CommandFault("the pass would end before it begins")
    if RevokedKey.objects.filter(kid=keyring.pass_key.kid).exists():
        raise CommandFault(
            "the hub's pass key is revoked: make another first: "
            "gapura-hub keys rotate --purpose pass"
        )
    if not keyring.pass_key.is_valid_at(begins_s):
        raise CommandFault("the pass would begin when the hub's pass key is not in force")
    with transaction.atomic():
        subject = _subject(order, at)
        claims = Claims(
            sub=subject.sub,
            cti=secrets.token_bytes(CTI_BYTES),
            not_before_s=begins_s,
            expires_s=ends_s,
            pass_type=order.pass_type,
            unit=order.unit,
        )
        _keep(claims, subject, order, keyring.pass_key.kid, at)
    return Issued(claims, issue_static(claims, keyring.passes), subject.label)


def _subject(order: Order, at: datetime) -> Subject:
    if order.sub is None:
        return Subject.objects.create(
            sub=secrets.token_bytes(SUB_BYTES), label=order.label, created_at=at
        )
    try:
        return Subject.objects.get(sub=order.sub)
    except Subject.DoesNotExist as error:
        raise CommandFault(f"{order.sub.hex()}: there is no such subject") from error


def _keep(claims: Claims, subject: Subject, order: Order, kid: bytes, at: datetime) -> None:
    Pass.objects.create(
        cti=claims.cti,
        subject=subject,
        pass_type=int(claims.pass_type),
        not_before=order.not_before,
        expires=order.expires,
        unit=claims.unit,
        doors=claims.doors,
        days=claims.days,
        issued_at=at,
        kid=kid,
    )
