"""All that the hub holds on one person, as they may ask for it (UU PDP 27/2022, articles 6 and 7).

Tables are found by their relations, so that one which is added later is told of too.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from django.db import models
from django.db.models import Q

from sync.hub.clock import from_unix_s
from sync.hub.ingest.models import Visit
from sync.hub.people.models import LookUp, Pass, Subject
from sync.hub.privacy.audit import pseudonym

Held = dict[str, Any]


def find_subject(identifier: bytes) -> Subject | None:
    """Find somebody by their sub, or by the cti of a pass of theirs."""
    known = Q(sub=identifier) | Q(pk__in=Pass.objects.filter(cti=identifier).values("subject"))
    return Subject.objects.filter(known).first()


def held_on(subject: Subject, at: datetime) -> Held:
    """Return it in the form of JSON; by the name of each table its rows."""
    tables = dict(_related(subject))
    for person in getattr(subject, "person", None), getattr(subject, "site_card", None):
        if person is not None:
            tables.update(_related(person))
    return {
        "sub": subject.sub.hex(),
        "name": subject.label,
        "known_since": _plain(subject.created_at),
        "told_at": _plain(at),
        "in_the_audit_log_as": pseudonym(subject.sub),
        "visits": [_visit(visit) for visit in visits_of(subject)],
        "look_ups": [_look_up(found) for found in look_ups_of(subject)],
        "tables": tables,
    }


def visits_of(subject: Subject) -> "models.QuerySet[Visit]":
    ctis = subject.passes.values_list("cti", flat=True)
    known = Q(sub=subject.sub) | Q(sub__isnull=True, cti__in=list(ctis))
    return Visit.objects.filter(known).select_related("door__site").order_by("lower_ms", "pk")


def look_ups_of(subject: Subject) -> "models.QuerySet[LookUp]":
    return LookUp.objects.filter(subjects=subject).select_related("operator").order_by("at", "pk")


def _related(row: models.Model) -> Iterator[tuple[str, list[Held]]]:
    for relation in row._meta.related_objects:
        model = relation.related_model
        if relation.many_to_many or model._meta.auto_created:
            continue
        found = model._default_manager.filter(**{relation.field.name: row}).order_by("pk")
        if rows := [_row(one) for one in found]:
            yield model._meta.label_lower, rows


def _row(row: models.Model) -> Held:
    return {
        field.attname: _plain(getattr(row, field.attname)) for field in row._meta.concrete_fields
    }


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    return value


def _visit(visit: Visit) -> Held:
    return {
        **_row(visit),
        "not_before": _plain(from_unix_s(visit.lower_ms // 1000)),
        "not_after": _plain(from_unix_s(-(-visit.upper_ms // 1000))),
        "door": visit.door.label,
        "site": visit.door.site.name,
    }


def _look_up(found: LookUp) -> Held:
    return {
        "at": _plain(found.at),
        "until": _plain(found.until),
        "by": found.operator.username,
        "page": found.page,
        "reason": found.reason,
    }
