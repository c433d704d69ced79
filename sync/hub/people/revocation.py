"""Withdrawing passes, and the list of withdrawn ones that doors are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from sync.hub.errors import CommandFault
from sync.hub.fleet.edition import begin_edition
from sync.hub.people.models import Pass, Withdrawn
from sync.hub.privacy.audit import note, pseudonym
from sync.hub.privacy.kinds import Event


@dataclass(frozen=True, slots=True)
class Revocation:
    """The cti of passes that were withdrawn now, and of those that had been already."""

    revoked: tuple[bytes, ...]
    already: tuple[bytes, ...]


def revoke(identifiers: Sequence[bytes], at: datetime) -> Revocation:
    """Withdraw passes by their cti, or all passes of a subject by its sub. All or none.

    Raises:
        CommandFault: one of the identifiers is neither.
    """
    with transaction.atomic():
        passes = [found for identifier in identifiers for found in _find(identifier)]
        fresh = {found.pk: found for found in passes if found.revoked_at is None}
        Pass.objects.filter(pk__in=fresh).update(revoked_at=at)
        begin_edition()
        if fresh:
            whose = sorted({pseudonym(found.subject.sub) for found in fresh.values()})
            note(Event.PASS_REVOKED, {"passes": len(fresh), "whose": whose})
    already = {found.cti for found in passes if found.pk not in fresh}
    return Revocation(tuple(found.cti for found in fresh.values()), tuple(sorted(already)))


def revoked_octets(at: datetime) -> bytes:
    """Return the cti of every withdrawn pass that has not expired: sorted, end to end."""
    found = Pass.objects.filter(revoked_at__isnull=False, expires__gte=at)
    of_deleted = Withdrawn.objects.filter(expires__gte=at).values_list("cti", flat=True)
    ctis = {*found.values_list("cti", flat=True), *map(bytes.fromhex, of_deleted)}
    return b"".join(sorted(ctis))


def _find(identifier: bytes) -> list[Pass]:
    passes = Pass.objects.select_related("subject")
    found = list(passes.filter(cti=identifier)) or list(passes.filter(subject__sub=identifier))
    if not found:
        raise CommandFault(
            f"{identifier.hex()}: neither a pass nor a subject with passes; nothing was revoked"
        )
    return found
