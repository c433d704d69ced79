"""The roster: people as slow hashes of their numbers, replaced whole with every import."""

import os
import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial

from django.db import transaction

from kiosk.passes.roster import HASH_BYTES, ROW_BYTES, SALT_BYTES, SUB_BYTES, slow_hash
from sync.hub.fleet.edition import begin_edition
from sync.hub.people.models import Roster, Subject
from sync.hub.people.personnel import number_hash, subs_of
from sync.hub.people.roster_file import Person, RosterFile
from sync.hub.privacy.audit import note
from sync.hub.privacy.kinds import Event
from sync.wire.bundle import RosterTable

COST = 16_384
_ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Imported:
    """How many people are new on the roster, were on it before, and are no longer."""

    added: int
    kept: int
    left: int


def import_roster(file: RosterFile, at: datetime, people_key: bytes | None = None) -> Imported:
    """Replace the roster: all of the file or nothing.

    Whoever was on it before stays the same subject; who has left it keeps the visits that were.
    With the key of the personnel list somebody who is on that is the same subject here.
    """
    before = Roster.objects.first()
    salt = secrets.token_bytes(SALT_BYTES) if before is None else before.salt
    hashes = hashes_of([person.identifier for person in file.people], salt)
    known = {} if before is None else by_hash(before.rows)
    listed = {} if people_key is None else _listed(file.people, people_key)
    subs = [
        known.get(one) or listed.get(person.identifier) or secrets.token_bytes(SUB_BYTES)
        for one, person in zip(hashes, file.people, strict=True)
    ]
    with transaction.atomic():
        _keep_subjects(dict(zip(subs, file.people, strict=True)), at)
        Roster.objects.all().delete()
        Roster.objects.create(
            salt=salt,
            cost=COST,
            shapes=[list(shape) for shape in file.shapes],
            rows=b"".join(sorted(one + sub for one, sub in zip(hashes, subs, strict=True))),
            imported_at=at,
        )
        begin_edition()
        kept = len(known.keys() & set(hashes))
        done = Imported(added=len(hashes) - kept, kept=kept, left=len(known) - kept)
        note(Event.ROSTER, asdict(done))
    return done


def roster_table() -> RosterTable | None:
    """Return the roster as a bundle carries it."""
    found = Roster.objects.first()
    if found is None:
        return None
    shapes = tuple((alphabet, length) for alphabet, length in found.shapes)
    return RosterTable(found.salt, found.cost, shapes, found.rows)


def _listed(people: Sequence[Person], key: bytes) -> dict[str, bytes]:
    """Return the sub of each identifier that the personnel list knows as a number."""
    by_hash = {number_hash(person.identifier, key): person.identifier for person in people}
    return {by_hash[number]: sub for number, sub in subs_of(list(by_hash)).items()}


def hashes_of(identifiers: Sequence[str], salt: bytes) -> list[bytes]:
    """Hash on every processor: one number takes about as long as at a door."""
    hash_one = partial(slow_hash, salt=salt, cost=COST)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(hash_one, identifiers))


def by_hash(rows: bytes) -> dict[bytes, bytes]:
    starts = range(0, len(rows), ROW_BYTES)
    return {
        rows[start : start + HASH_BYTES]: rows[start + HASH_BYTES : start + ROW_BYTES]
        for start in starts
    }


def _keep_subjects(people: dict[bytes, Person], at: datetime) -> None:
    known = {
        subject.sub: subject
        for start in range(0, len(people), _ROWS_AT_ONCE)
        for subject in Subject.objects.filter(sub__in=list(people)[start : start + _ROWS_AT_ONCE])
    }
    Subject.objects.bulk_create(
        (
            Subject(sub=sub, label=person.label, created_at=at)
            for sub, person in people.items()
            if sub not in known
        ),
        batch_size=_ROWS_AT_ONCE,
    )
    renamed = [known[sub] for sub, person in people.items() if _is_renamed(known.get(sub), person)]
    for subject in renamed:
        subject.label = people[subject.sub].label
    Subject.objects.bulk_update(renamed, ["label"], batch_size=_ROWS_AT_ONCE)


def _is_renamed(subject: Subject | None, person: Person) -> bool:
    return subject is not None and subject.label != person.label
