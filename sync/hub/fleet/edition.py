"""Tells processes of the hub that what all doors are told has changed."""

import secrets

from sync.hub.fleet.models import Edition

_NAME_BYTES = 16
_ONLY = 1


def begin_edition() -> None:
    """Called by whoever changes passes, keys, signers, roster or rulebooks, in the same
    transaction.
    """
    Edition.objects.update_or_create(pk=_ONLY, defaults={"name": secrets.token_bytes(_NAME_BYTES)})


def newest_edition() -> bytes | None:
    """Return its name, None before the first."""
    return Edition.objects.filter(pk=_ONLY).values_list("name", flat=True).first()
