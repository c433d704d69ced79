"""Which passes hang on which pass key, and withdrawing a key with all of them."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from sync.hub.errors import CommandFault
from sync.hub.fleet.edition import begin_edition
from sync.hub.people.models import Pass, RevokedKey
from sync.hub.privacy.audit import note
from sync.hub.privacy.kinds import Event
from sync.wire.keys import HubKey, KeyList, Purpose


def passes_of(key: HubKey, key_list: KeyList, at: datetime) -> QuerySet[Pass]:
    """Return the passes under a key that could still be shown."""
    signed = Q(kid=key.kid)
    if key_list.candidates(Purpose.PASS)[0] == key:
        signed |= Q(kid=b"")
    return Pass.objects.filter(signed, revoked_at__isnull=True, expires__gte=at)


def last_expiry(key: HubKey, key_list: KeyList, at: datetime) -> datetime | None:
    """Return when the last pass under a key ends, None where there is none."""
    ends = passes_of(key, key_list, at).order_by("-expires").values_list("expires", flat=True)
    return ends.first()


def revoke_key(kid: bytes, key_list: KeyList, at: datetime) -> bool:
    """Withdraw a pass key with every pass that it ever signed; False where it had been before.

    Raises:
        CommandFault: the hub's list has no such pass key.
    """
    _find(kid, key_list)
    with transaction.atomic():
        _, is_new = RevokedKey.objects.get_or_create(kid=kid, defaults={"revoked_at": at})
        begin_edition()
        if is_new:
            note(Event.KEY_REVOKED, {"kid": kid.hex()})
    return is_new


def revoked_keys(key_list: KeyList) -> bytes:
    """Return the kids of the withdrawn keys, sorted, end to end: of those that doors know."""
    listed = [key.kid for key in key_list.keys if key.purpose is Purpose.PASS]
    found = RevokedKey.objects.filter(kid__in=listed).values_list("kid", flat=True)
    return b"".join(sorted(found))


def _find(kid: bytes, key_list: KeyList) -> HubKey:
    for key in key_list.keys:
        if key.kid == kid and key.purpose is Purpose.PASS:
            return key
    raise CommandFault(f"{kid.hex()}: there is no such pass key; see: gapura-hub keys list")
