"""Judges all kiosks, and keeps what comes of it as alerts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from sync.hub.fleet.health.catalogue import RULES
from sync.hub.fleet.health.gathering import Watched, gather, refused_notices
from sync.hub.fleet.health.judgement import UNKNOWN, Judgement, Rule
from sync.hub.fleet.health.models import Alert, Judged, Severity
from sync.hub.fleet.health.rules import key_expiry, restored, webhook
from sync.hub.fleet.restored import unconfirmed_since
from sync.hub.keyring import Keyring
from sync.wire.batch import State

_ONLY = 1
_CHANGED = ("severity", "value", "since", "raised_at", "well_since", "cleared_at")


@dataclass(slots=True)
class _Changes:
    new: list[Alert] = field(default_factory=list)
    kept: list[Alert] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)


def judge_all(now: datetime, keyring: Keyring, usual_pauses: Mapping[int, timedelta]) -> None:
    """Judge every active kiosk and the hub itself, in one transaction."""
    with transaction.atomic():
        open_alerts = {
            (alert.device_id, alert.rule): alert
            for alert in Alert.objects.select_for_update().filter(cleared_at__isnull=True)
        }
        changes = _Changes()
        for watched in gather(now, usual_pauses):
            for rule in RULES:
                alert = open_alerts.pop((watched.device.pk, rule.name), None)
                judged = _judge(rule, watched)
                _advance(changes, alert or _begun(watched.device.pk, rule, now), rule, judged, now)
        for rule, judged in _judge_hub(now, keyring):
            alert = open_alerts.pop((None, rule.name), None) or _begun(None, rule, now)
            _advance(changes, alert, rule, judged, now)
        _close(changes, open_alerts.values(), now)
        Alert.objects.bulk_create(changes.new)
        Alert.objects.bulk_update(changes.kept, _CHANGED, batch_size=500)
        Alert.objects.filter(pk__in=changes.gone).delete()
        Judged.objects.update_or_create(pk=_ONLY, defaults={"at": now})


def _judge_hub(now: datetime, keyring: Keyring) -> list[tuple[Rule, Judgement]]:
    since, is_given_up = refused_notices(now)
    return [
        (restored.RULE, restored.judge_restore(unconfirmed_since())),
        (key_expiry.RULE, key_expiry.judge_keys(keyring.key_list, now)),
        (webhook.RULE, webhook.judge_notices(since, now, is_given_up=is_given_up)),
    ]


def _judge(rule: Rule, watched: Watched) -> Judgement:
    """Where nothing is to be judged, nothing is known: alerts stay as they are."""
    is_closed = watched.facts.open_since is None
    if watched.is_in_maintenance or (is_closed and not rule.is_for_closed):
        return UNKNOWN
    return rule.judge(watched.facts)


def _advance(changes: _Changes, alert: Alert, rule: Rule, judged: Judgement, now: datetime) -> None:
    is_new = alert.pk is None
    if judged.state is State.BAD:
        if is_new:
            alert.since = judged.since or now
        if _worsen(alert, rule, judged, now):
            (changes.new if is_new else changes.kept).append(alert)
    elif judged.state is State.OK and not is_new:
        if alert.raised_at is None:
            changes.gone.append(alert.pk)
        else:
            _mend(alert, rule, now)
            changes.kept.append(alert)


def _begun(device_id: int | None, rule: Rule, now: datetime) -> Alert:
    return Alert(device_id=device_id, rule=rule.name, since=now)


def _worsen(alert: Alert, rule: Rule, judged: Judgement, now: datetime) -> bool:
    """Return whether anything about it has changed."""
    before = [getattr(alert, name) for name in _CHANGED]
    alert.severity = judged.severity or Severity.WARNING
    alert.value, alert.well_since = judged.value, None
    if alert.raised_at is None and now - alert.since >= rule.bad_for:
        alert.raised_at = now
    return before != [getattr(alert, name) for name in _CHANGED]


def _mend(alert: Alert, rule: Rule, now: datetime) -> None:
    alert.well_since = alert.well_since or now
    if now - alert.well_since >= rule.well_for:
        alert.cleared_at = now


def _close(changes: _Changes, left: Iterable[Alert], now: datetime) -> None:
    """A kiosk that is no longer active, or a rule that is no more, needs nobody."""
    for alert in left:
        alert.well_since = alert.cleared_at = now
        changes.kept.append(alert)
