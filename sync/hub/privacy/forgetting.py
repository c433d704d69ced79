"""Deletes somebody: the name, the passes, what links visits to them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from kiosk.passes.roster import HASH_BYTES, ROW_BYTES
from sync.hub.fleet.edition import begin_edition
from sync.hub.ingest.models import Visit
from sync.hub.people.models import LookUp, Pass, PhoneLink, Roster, Subject, Withdrawn
from sync.hub.privacy.audit import note, pseudonym
from sync.hub.privacy.kinds import Event
from sync.hub.privacy.unlinking import ROWS_AT_ONCE, unlink


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many passes were withdrawn, and from how many visits the person was taken out."""

    passes: int
    visits: int


def forget_person(subject: Subject, at: datetime) -> Forgotten:
    """Delete all that says who somebody is; what they did stays, as of nobody.

    Passes that could still be shown are withdrawn: doors hear of their numbers until they have
    expired, and nothing says whose they were. Afterwards `sync.hub.privacy.erasing.erase`.
    """
    with transaction.atomic():
        forgotten = forget_rows([subject], at)
        note(
            Event.PERSON_DELETED,
            {
                "who": pseudonym(subject.sub),
                "passes": forgotten.passes,
                "visits": forgotten.visits,
            },
        )
    return forgotten


def forget_rows(subjects: Sequence[Subject], at: datetime) -> Forgotten:
    """The same for several, without a record."""
    with transaction.atomic():
        passes = Pass.objects.filter(subject__in=subjects)
        visits = _unlink(subjects, passes.values_list("cti", flat=True))
        withdrawn = _withdraw(passes.filter(expires__gte=at).values_list("cti", "expires"))
        PhoneLink.objects.filter(subject__in=subjects).delete()
        Pass.objects.filter(replaces__subject__in=subjects).update(replaces=None)
        passes.delete()
        _leave_roster({subject.sub for subject in subjects})
        _leave_look_ups(subjects)
        Subject.objects.filter(pk__in=[subject.pk for subject in subjects]).delete()
        begin_edition()
    return Forgotten(withdrawn, visits)


def _unlink(subjects: Sequence[Subject], ctis: Iterable[bytes]) -> int:
    subs = [subject.sub for subject in subjects]
    known = Q(sub__in=subs) | Q(sub__isnull=True, cti__in=list(ctis))
    entries = list(Visit.objects.filter(known).values_list("entry_id", flat=True))
    for start in range(0, len(entries), ROWS_AT_ONCE):
        unlink(entries[start : start + ROWS_AT_ONCE])
    return len(entries)


def _withdraw(passes: Iterable[tuple[bytes, datetime]]) -> int:
    rows = [Withdrawn(cti=cti.hex(), expires=expires) for cti, expires in passes]
    Withdrawn.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    return len(rows)


def _leave_roster(subs: set[bytes]) -> None:
    roster = Roster.objects.select_for_update().first()
    if roster is None:
        return
    starts = range(0, len(roster.rows), ROW_BYTES)
    rows = [roster.rows[start : start + ROW_BYTES] for start in starts]
    kept = [row for row in rows if row[HASH_BYTES:] not in subs]
    if len(kept) < len(rows):
        roster.rows = b"".join(kept)
        roster.save(update_fields=["rows"])


def _leave_look_ups(subjects: Sequence[Subject]) -> None:
    LookUp.subjects.through.objects.filter(subject__in=subjects).delete()
