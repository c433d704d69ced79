"""How long what is kept, and deleting the rest, with a record that says what went."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.db.models import Exists, OuterRef, QuerySet

from sync.hub import identity
from sync.hub.attendance.models import AttendanceDay
from sync.hub.clock import unix_ms
from sync.hub.ingest.models import Conflict, Rejected
from sync.hub.people.models import LookUp, Pass, PhoneLink, Registration, Subject, Withdrawn
from sync.hub.privacy.audit import note
from sync.hub.privacy.forgetting import forget_rows
from sync.hub.privacy.kinds import USUAL_DAYS, Event, Kind
from sync.hub.privacy.models import Retention
from sync.hub.privacy.reseal import used_kids
from sync.hub.privacy.unlinking import ROWS_AT_ONCE, Unlinked, Until, count_due, unlink_due


@dataclass(frozen=True, slots=True)
class Swept:
    """How many were deleted of a kind, up to when; or how many would be."""

    kind: Kind
    until: datetime
    count: int


def days_of() -> Mapping[Kind, int]:
    chosen = dict(Retention.objects.values_list("kind", "days"))
    return {kind: chosen.get(kind.value, USUAL_DAYS[kind]) for kind in Kind}


def choose_days(kind: Kind, days: int) -> None:
    """Keep what is of a kind for so many days from now on."""
    with transaction.atomic():
        before = days_of()[kind]
        Retention.objects.update_or_create(kind=kind, defaults={"days": days})
        if before != days:
            note(Event.RETENTION_CHANGED, {"kind": kind.value, "before": before, "after": days})


def retain(at: datetime, *, is_dry: bool = False) -> list[Swept]:
    """Delete what has been kept long enough, some rows at a time; each kind has its record.

    Without `is_dry` no transaction may be open.
    """
    until = {kind: at - timedelta(days=days) for kind, days in days_of().items()}
    visits = Until(unix_ms(until[Kind.VISITORS]), unix_ms(until[Kind.EMPLOYEES]))
    unlinked = (count_due if is_dry else unlink_due)(visits)
    counts = {Kind.VISITORS: unlinked.visitors + unlinked.unknown}
    counts[Kind.EMPLOYEES] = unlinked.employees
    for kind, sweep in _SWEEPS.items():
        counts[kind] = sweep(until[kind], at, is_dry)
    swept = [Swept(kind, until[kind], counts[kind]) for kind in Kind]
    if not is_dry:
        _prove(swept, unlinked)
        _forget_spent_keys()
    return swept


def _prove(swept: list[Swept], unlinked: Unlinked) -> None:
    for one in swept:
        if one.count:
            detail: dict[str, str | int] = {
                "kind": one.kind.value,
                "until": one.until.isoformat(timespec="seconds"),
                "count": one.count,
            }
            if one.kind is Kind.VISITORS:
                detail["of_nobody_known"] = unlinked.unknown
            said = "\n".join(f"{name}={value}" for name, value in sorted(detail.items()))
            note(Event.RETENTION, {**detail, "digest": sha256(said.encode()).hexdigest()})


def _attendance(until: datetime, _at: datetime, is_dry: bool) -> int:
    return _delete(AttendanceDay.objects.filter(day__lt=until.date()), is_dry)


def _registrations(until: datetime, at: datetime, is_dry: bool) -> int:
    """Whoever has a pass that may still be shown stays until it may not."""
    shown = Pass.objects.filter(subject=OuterRef("pk"), expires__gte=at)
    known = Registration.objects.filter(subject=OuterRef("pk"), agreed_at__lt=until)
    due = Subject.objects.filter(Exists(known), ~Exists(shown), person__isnull=True)
    count = due.count() if is_dry else 0
    while not is_dry and (rows := list(due.order_by("pk")[:ROWS_AT_ONCE])):
        forget_rows(rows, at)
        count += len(rows)
    return count


def _phone_links(until: datetime, _at: datetime, is_dry: bool) -> int:
    return _delete(PhoneLink.objects.filter(expires__lt=until, good_until__lt=until), is_dry)


def _look_ups(until: datetime, _at: datetime, is_dry: bool) -> int:
    return _delete(LookUp.objects.filter(until__lt=until), is_dry)


def _sign_ins(until: datetime, at: datetime, is_dry: bool) -> int:
    """Sessions that have ended open nothing any more."""
    tried = sum(
        _delete(model.objects.filter(attempt_time__lt=until), is_dry)
        for model in (AccessAttempt, AccessLog, AccessFailureLog)
    )
    return tried + _delete(Session.objects.filter(expire_date__lt=at), is_dry)


def _set_aside(until: datetime, at: datetime, is_dry: bool) -> int:
    """Of an entry its place in the chain stays: what the kiosk sends again is known."""
    if not is_dry:
        Withdrawn.objects.filter(expires__lt=at).delete()
    batches = _delete(Conflict.objects.filter(received_at__lt=until), is_dry)
    unread = Rejected.objects.filter(received_at__lt=until).exclude(sealed=b"")
    if is_dry:
        return batches + unread.count()
    return batches + _in_parts(unread, lambda keys: _emptied(Rejected, keys))


_SWEEPS: Mapping[Kind, Callable[[datetime, datetime, bool], int]] = {
    Kind.ATTENDANCE: _attendance,
    Kind.REGISTRATIONS: _registrations,
    Kind.PHONE_LINKS: _phone_links,
    Kind.LOOK_UPS: _look_ups,
    Kind.SIGN_INS: _sign_ins,
    Kind.SET_ASIDE: _set_aside,
}


def _delete(rows: "QuerySet[models.Model]", is_dry: bool) -> int:
    if is_dry:
        return rows.count()
    return _in_parts(rows, lambda keys: rows.model._default_manager.filter(pk__in=keys).delete())


def _emptied(model: type[Rejected], keys: list[int]) -> int:
    return model.objects.filter(pk__in=keys).update(sealed=b"")


def _in_parts(rows: "QuerySet[models.Model]", work: Callable[[list[int]], object]) -> int:
    """Each part in a transaction of its own: whoever waits for a row waits for one part."""
    count = 0
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:ROWS_AT_ONCE]):
        with transaction.atomic():
            work(keys)
        count += len(keys)
    return count


def _forget_spent_keys() -> None:
    """A key that nothing is sealed under any more opens only what was deleted."""
    spent = frozenset(identity.kids()[1:]) - used_kids()
    if spent:
        identity.drop_keys(spent)
