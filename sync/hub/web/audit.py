"""`/privacy/audit/`: what was done at the hub, newest first, and whether the log is whole."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sync.hub.clock import from_unix_s
from sync.hub.errors import LogFault
from sync.hub.privacy.actor import operator_name
from sync.hub.privacy.audit import Head, head, verify
from sync.hub.privacy.kinds import Event
from sync.hub.privacy.models import AuditRecord
from sync.hub.web.models import Operator
from sync.hub.web.words import Word

PAGE_ROWS = 100
MOST_CHECKED = 200_000
"""More records take longer than somebody waits for a page: `gapura-hub audit verify` has time."""

EVENTS: dict[Event, Word] = {
    Event.SIGN_IN: _("Signed in"),
    Event.SIGN_IN_FAILED: _("A sign-in that failed"),
    Event.SIGN_OUT: _("Signed out"),
    Event.SECOND_FACTOR: _("Gave the second factor"),
    Event.ACCOUNT: _("An account was changed"),
    Event.ROLE: _("A role was given"),
    Event.PASS_ISSUED: _("Passes were issued"),
    Event.PASS_REVOKED: _("Passes were revoked"),
    Event.KEY_REVOKED: _("A pass key was revoked"),
    Event.KEY_ROTATED: _("A key was renewed or ended"),
    Event.KIOSK_APPROVED: _("A kiosk was approved"),
    Event.KIOSK_REVOKED: _("Kiosks were revoked"),
    Event.RULEBOOK: _("A rulebook was published"),
    Event.PEOPLE_IMPORTED: _("A personnel list was taken over"),
    Event.ROSTER: _("The roster was changed"),
    Event.API_ACCESS: _("What another system may read was changed"),
    Event.LOOK_UP: _("Names were shown"),
    Event.EXPORT: _("A table was taken out"),
    Event.RETENTION: _("Kept long enough: deleted"),
    Event.RETENTION_CHANGED: _("Another time to keep was chosen"),
    Event.PERSON_SHOWN: _("A person's data were shown"),
    Event.PERSON_DELETED: _("A person was deleted"),
    Event.RESTORED: _("The hub was restored from a backup"),
    Event.RESTORE_CONFIRMED: _("A restore was confirmed"),
    Event.BREACH: _("A loss was noted"),
    Event.BREACH_TOLD: _("A loss was reported"),
}


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    at: datetime
    event: Word
    actor: str
    detail: str


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    rows = Paginator(AuditRecord.objects.order_by("-number"), PAGE_ROWS).get_page(
        request.GET.get("page")
    )
    names = _names(list(rows))
    content: dict[str, object] = {
        "rows": rows,
        "shown": [_row(record, names) for record in rows],
        "head": head(),
    }
    if request.method == "POST":
        content |= _checked(head())
    return render(request, "web/audit.html", content)


def _checked(now: Head) -> dict[str, object]:
    if now.number > MOST_CHECKED:
        return {"is_too_long": True}
    try:
        return {"whole": verify()}
    except LogFault as fault:
        return {"fault": fault}


def _names(records: list[AuditRecord]) -> dict[str, str]:
    named = {name for record in records for name in (record.actor, *_told_of(record).values())}
    keys = [
        int(name.partition(":")[2])
        for name in named
        if isinstance(name, str) and name.startswith("operator:")
    ]
    found = Operator.objects.filter(pk__in=keys).values_list("pk", "username")
    return {operator_name(key): username for key, username in found}


def _told_of(record: AuditRecord) -> dict[str, object]:
    """Return the detail, without what no name can be."""
    told = json.loads(record.detail)
    return {name: value for name, value in told.items() if not isinstance(value, list)}


def _row(record: AuditRecord, names: dict[str, str]) -> Row:
    told = json.loads(record.detail)
    return Row(
        record.number,
        from_unix_s(record.at_ms // 1000),
        EVENTS[Event(record.event)],
        names.get(record.actor, record.actor),
        " ".join(f"{name}={_said(value, names)}" for name, value in told.items()),
    )


def _said(value: object, names: dict[str, str]) -> str:
    said = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    return names.get(said, said)
