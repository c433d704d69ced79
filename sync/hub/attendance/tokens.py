"""Tokens by which other systems read from the hub; of each only the hash is kept."""

import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from django.db import transaction

from sync.hub.attendance.models import ApiToken
from sync.hub.errors import CommandFault
from sync.hub.fleet.models import Office
from sync.hub.privacy.audit import note
from sync.hub.privacy.kinds import Event

_PREFIX = "gapura_"
_RANDOM_BYTES = 32
_NOTED_EVERY = timedelta(minutes=1)


class Scope(StrEnum):
    """What a token opens."""

    ATTENDANCE = "attendance"


def make_token(
    name: str, scope: Scope, office: Office | None, at: datetime, lasts: timedelta
) -> tuple[ApiToken, str]:
    """Return the row, and the text that is shown once.

    Raises:
        CommandFault: there is one of this name.
    """
    if ApiToken.objects.filter(name=name).exists():
        raise CommandFault(f"there is a token {name!r} already; revoked ones keep their name")
    text = _PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)
    with transaction.atomic():
        row = ApiToken.objects.create(
            name=name,
            digest=_digest(text),
            scope=scope,
            office=office,
            created_at=at,
            expires=at + lasts,
        )
        note(Event.API_ACCESS, {"token": row.pk, "done": "created"})
    return row, text


def holder_of(text: str, scope: Scope, at: datetime) -> ApiToken | None:
    """Return whose token it is, and note that it was used; None where it opens nothing (more)."""
    found = ApiToken.objects.filter(
        digest=_digest(text), scope=scope, revoked_at=None, expires__gt=at
    ).first()
    if found is not None and (found.used_at is None or at - found.used_at > _NOTED_EVERY):
        found.used_at = at
        found.save(update_fields=["used_at"])
    return found


def revoke_token(name: str, at: datetime) -> bool:
    """Return whether it was in force until now.

    Raises:
        CommandFault: there is none of this name.
    """
    found = ApiToken.objects.filter(name=name).first()
    if found is None:
        raise CommandFault(f"there is no token {name!r}")
    with transaction.atomic():
        in_force = ApiToken.objects.filter(pk=found.pk, revoked_at=None)
        is_new = bool(in_force.update(revoked_at=at))
        if is_new:
            note(Event.API_ACCESS, {"token": found.pk, "done": "revoked"})
    return is_new


def _digest(text: str) -> bytes:
    # 32 random bytes cannot be guessed: no slow hash is needed.
    return sha256(text.encode(errors="replace")).digest()
