"""Finds people and passes by what an operator asks.

Names are sealed in the database: those of the office or kind that is asked for, or of all, are
opened and compared here, by one query.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, models
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from sync.hub.keyring import Keyring
from sync.hub.people.models import Pass, RevokedKey, Subject
from sync.wire.keys import Purpose

_FIRST_KEY = b""
_ROWS_AT_ONCE = 2000


class State(models.TextChoices):
    """How a pass stands at a time."""

    VALID = "valid", _("Valid")
    EARLY = "early", _("Not valid yet")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Revoked")


@dataclass(frozen=True, slots=True)
class People:
    """Part of a name, an office, a kind of work; or those who are ticked alone."""

    name: str = ""
    office: int | None = None
    work: str = ""
    ticked: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Passes:
    """`office` is the holder's, that of the pass or that of the site card; `cti` in hexadecimal."""

    name: str = ""
    person: int | None = None
    office: int | None = None
    unit: int | None = None
    kind: int | None = None
    state: str = ""
    cti: bytes | None = None


class FoundPeople:
    """Who was found, by name: their keys, and each of them when they are asked for."""

    def __init__(self, keys: Sequence[int]) -> None:
        self.keys = keys

    def __iter__(self) -> Iterator[Subject]:
        for start in range(0, len(self.keys), _ROWS_AT_ONCE):
            yield from self[start : start + _ROWS_AT_ONCE]

    def __getitem__(self, part: slice) -> list[Subject]:
        keys = self.keys[part]
        rows = Subject.objects.select_related("person__office").filter(pk__in=among(keys))
        by_key = {subject.pk: subject for subject in rows}
        return [by_key[key] for key in keys if key in by_key]

    def count(self) -> int:
        return len(self.keys)


def find_people(asked: People) -> FoundPeople:
    found = Subject.objects.all()
    if asked.office is not None:
        found = found.filter(person__office=asked.office)
    if asked.work:
        found = found.filter(person__kind=asked.work)
    if asked.ticked is not None:
        found = found.filter(pk__in=asked.ticked)
    return FoundPeople(keys_by_name(found, asked.name))


def keys_by_name(subjects: QuerySet[Subject], name: str) -> list[int]:
    """Return the keys of those in whose name this is found, whether letters are large or small,
    ordered by name.
    """
    sought = name.casefold()
    rows = subjects.order_by().values_list("pk", "label").iterator(_ROWS_AT_ONCE)
    folded = ((label.casefold(), key) for key, label in rows)
    return [key for label, key in sorted(one for one in folded if sought in one[0])]


def among(keys: Sequence[int]) -> RawSQL:
    """Return keys as one parameter of a query, for there may be more than it can have."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [list(keys)])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(keys))])


def find_passes(asked: Passes, revoked: Iterable[bytes], at: datetime) -> QuerySet[Pass]:
    """Return them with their holders, newest first."""
    found = Pass.objects.select_related(
        "subject__person__office", "subject__site_card__site", "replaced_by"
    )
    if asked.name:
        found = found.filter(subject__in=among(keys_by_name(Subject.objects.all(), asked.name)))
    if asked.person is not None:
        found = found.filter(subject=asked.person)
    if asked.office is not None:
        found = found.filter(
            Q(subject__person__office=asked.office)
            | Q(subject__site_card__site__office=asked.office)
            | Q(unit=asked.unit)
        )
    if asked.kind is not None:
        found = found.filter(pass_type=asked.kind)
    if asked.cti is not None:
        found = found.filter(cti=asked.cti)
    if asked.state:
        found = found.filter(_in_state(State(asked.state), revoked, at))
    return found.order_by("-pk")


def state_of(one: Pass, revoked: Iterable[bytes], at: datetime) -> State:
    if one.revoked_at is not None or one.kid in revoked:
        return State.REVOKED
    if one.expires < at:
        return State.EXPIRED
    return State.EARLY if at < one.not_before else State.VALID


def revoked_kids(keyring: Keyring) -> frozenset[bytes]:
    """Return the keys that no pass counts under, as rows of passes name them."""
    kids = frozenset(RevokedKey.objects.values_list("kid", flat=True))
    first = keyring.key_list.candidates(Purpose.PASS)[0]
    return kids | {_FIRST_KEY} if first.kid in kids else kids


def _in_state(state: State, revoked: Iterable[bytes], at: datetime) -> Q:
    is_revoked = Q(revoked_at__isnull=False) | Q(kid__in=list(revoked))
    return {
        State.REVOKED: is_revoked,
        State.EXPIRED: ~is_revoked & Q(expires__lt=at),
        State.EARLY: ~is_revoked & Q(not_before__gt=at),
        State.VALID: ~is_revoked & Q(not_before__lte=at, expires__gte=at),
    }[state]
