"""Who looks after what is to be done."""

from collections.abc import Collection
from datetime import datetime

from sync.hub.fleet.health.models import Alert
from sync.hub.web.models import Operator


def take(alerts: Collection[int], by: Operator, at: datetime) -> None:
    """What somebody has taken already stays theirs until they give it back."""
    open_alerts = Alert.objects.filter(pk__in=alerts, cleared_at__isnull=True)
    open_alerts.filter(taken_by__isnull=True).update(taken_by=by, taken_at=at)


def give_back(alerts: Collection[int]) -> None:
    Alert.objects.filter(pk__in=alerts, cleared_at__isnull=True).update(
        taken_by=None, taken_at=None
    )
