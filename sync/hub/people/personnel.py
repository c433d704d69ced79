"""Takes a personnel list over: subjects by their names, found again by a keyed hash of the NIP."""

import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from kiosk.passes.claims import SUB_BYTES
from sync.hub.people.models import Person, Subject
from sync.hub.people.personnel_file import Listed
from sync.hub.privacy.audit import note
from sync.hub.privacy.kinds import Event

_ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Taken:
    """How many people are new, were changed, and are as before."""

    added: int
    changed: int
    kept: int


def take_over(people: Sequence[Listed], key: bytes, at: datetime) -> Taken:
    """Store all of them or none. Whoever is not listed stays as they are."""
    by_number = {number_hash(person.number, key): person for person in people}
    with transaction.atomic():
        known = _known(list(by_number))
        changed = [one for one in known if _change(one, by_number[one.number], at)]
        Subject.objects.bulk_update(
            [one.subject for one in changed], ["label"], batch_size=_ROWS_AT_ONCE
        )
        Person.objects.bulk_update(
            changed, ["office", "kind", "imported_at"], batch_size=_ROWS_AT_ONCE
        )
        met = {one.number for one in known}
        fresh = {number: one for number, one in by_number.items() if number not in met}
        _add(fresh, at)
        taken = Taken(len(fresh), len(changed), len(known) - len(changed))
        note(Event.PEOPLE_IMPORTED, asdict(taken))
    return taken


def compare(people: Iterable[Listed], key: bytes) -> Taken:
    """Say what `take_over` would do."""
    by_number = {number_hash(person.number, key): person for person in people}
    known = _known(list(by_number))
    changed = sum(_differs(one, by_number[one.number]) for one in known)
    return Taken(len(by_number) - len(known), changed, len(known) - changed)


def number_hash(number: str, key: bytes) -> bytes:
    """Without the key nobody can try out numbers: those of the country's civil servants are few."""
    return hmac.digest(key, number.encode(), sha256)


def subs_of(numbers: list[bytes]) -> dict[bytes, bytes]:
    """Return the sub of everybody on the list, by the hashes of their numbers."""
    return {person.number: person.subject.sub for person in _known(numbers)}


def _known(numbers: list[bytes]) -> list[Person]:
    return [
        person
        for start in range(0, len(numbers), _ROWS_AT_ONCE)
        for person in Person.objects.select_related("subject").filter(
            number__in=numbers[start : start + _ROWS_AT_ONCE]
        )
    ]


def _differs(person: Person, listed: Listed) -> bool:
    held = (person.subject.label, person.office_id, person.kind)
    return held != (listed.name, listed.office, listed.kind)


def _change(person: Person, listed: Listed, at: datetime) -> bool:
    if not _differs(person, listed):
        return False
    person.subject.label = listed.name
    person.office_id, person.kind, person.imported_at = listed.office, listed.kind, at
    return True


def _add(people: dict[bytes, Listed], at: datetime) -> None:
    subjects = Subject.objects.bulk_create(
        (
            Subject(sub=secrets.token_bytes(SUB_BYTES), label=listed.name, created_at=at)
            for listed in people.values()
        ),
        batch_size=_ROWS_AT_ONCE,
    )
    Person.objects.bulk_create(
        (
            Person(
                subject=subject,
                office_id=listed.office,
                kind=listed.kind,
                number=number,
                imported_at=at,
            )
            for subject, (number, listed) in zip(subjects, people.items(), strict=True)
        ),
        batch_size=_ROWS_AT_ONCE,
    )
