"""Issues passes: the row here, the signed text for whoever holds it."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kiosk.passes.claims import CTI_BYTES, SUB_BYTES, Claims, HolderKey, PassType
from kiosk.passes.issuing import issue_static
from sync.hub import clock
from sync.hub.errors import CommandFault
from sync.hub.keyring import Keyring
from sync.hub.people.models import Pass, RevokedKey, Subject


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


@dataclass(frozen=True, slots=True)
class Issued:
    """`label` is the holder's name."""

    claims: Claims
    text: str
    label: str


def check(order: Order, keyring: Keyring) -> None:
    """Raises CommandFault where no door would take such a pass."""
    begins_s, ends_s = int(order.not_before.timestamp()), int(order.expires.timestamp())
    if ends_s < begins_s:
        raise CommandFault("the pass would end before it begins")
    key = keyring.pass_key
    if RevokedKey.objects.filter(kid=key.kid).exists():
        raise CommandFault(
            "the hub's pass key is revoked: make another first: "
            "gapura-hub keys rotate --purpose pass"
        )
    if not key.is_valid_at(begins_s):
        raise CommandFault("the pass would begin when the hub's pass key is not in force")
    if ends_s > key.not_after_s:
        raise CommandFault(
            "the pass would outlive the hub's pass key, which is in force until "
            f"{clock.from_unix_s(key.not_after_s).isoformat()}: let it expire by then, or make "
            "another key first: gapura-hub keys rotate --purpose pass"
        )


def issue(order: Order, keyring: Keyring, at: datetime) -> Issued:
    """Raises CommandFault where no door would take such a pass."""
    check(order, keyring)
    with transaction.atomic():
        subject = subject_of(order, at)
        claims = Claims(
            sub=subject.sub,
            cti=secrets.token_bytes(CTI_BYTES),
            not_before_s=int(order.not_before.timestamp()),
            expires_s=int(order.expires.timestamp()),
            pass_type=order.pass_type,
            unit=order.unit,
            holder_key=order.holder_key,
        )
        _keep(claims, subject, order, keyring.pass_key.kid, at)
    return Issued(claims, issue_static(claims, keyring.passes), subject.label)


def subject_of(order: Order, at: datetime) -> Subject:
    """Return the subject that the order names, or a new one. Raises CommandFault."""
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
