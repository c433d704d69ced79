"""What is to be done, the most urgent first: alerts as one item for each thing to do."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.catalogue import BY_NAME, RANK
from sync.hub.fleet.health.judgement import Unit, Word
from sync.hub.fleet.health.models import Alert, Maintenance, Severity
from sync.hub.fleet.health.rules import last_seen
from sync.hub.fleet.models import DeviceStatus, Site

SITE_DOWN_SAID: Word = _("The whole site is silent")
SITE_DOWN_TODO: Word = _("Call the site: has it power, and does its internet connection work?")
# A site of one kiosk is that kiosk.
_SITE_OF = 2


@dataclass(frozen=True, slots=True)
class Item:
    """`door` and `device_pk` are empty where it is about a whole site or the hub; `site` and
    `office` where it is about the hub. `severity_class` is a name for style sheets.
    """

    alerts: tuple[int, ...]
    severity: int
    rank: int
    said: Word
    todo: Word
    value: int | None
    unit: Unit
    since: datetime
    door: str = ""
    device_pk: int | None = None
    site: str = ""
    office: str = ""
    kiosks: int = 1
    taken_by: str = ""
    taken_at: datetime | None = None

    @property
    def severity_class(self) -> str:
        return "deny" if self.severity == Severity.CRITICAL else "refer"


def todo_list(now: datetime, office: int | None = None) -> list[Item]:
    """Return what is raised, at one office or at all and the hub, in two queries."""
    resting = Maintenance.objects.filter(begins__lte=now, ends__gt=now).values("site_id")
    alerts = (
        Alert.objects.filter(raised_at__isnull=False, cleared_at__isnull=True)
        .filter(Q(device__isnull=True) | Q(device__status=DeviceStatus.ACTIVE))
        .exclude(device__isnull=False, device__door__site__in=resting)
        .select_related("device__door__site__office", "taken_by")
    )
    if office is not None:
        alerts = alerts.filter(device__door__office_id=office)
    return items_of(list(alerts), _kiosks_by_site())


def items_of(alerts: Sequence[Alert], kiosks_by_site: dict[int, int]) -> list[Item]:
    """Fold what a site's kiosks say alike: a whole site that is silent is one item."""
    silent: defaultdict[Site, list[Alert]] = defaultdict(list)
    for alert in alerts:
        if alert.device is not None and alert.rule == last_seen.RULE.name:
            silent[alert.device.door.site].append(alert)
    down = {
        site: found
        for site, found in silent.items()
        if len(found) >= max(_SITE_OF, kiosks_by_site.get(site.pk, 0))
    }
    folded = {alert.pk for found in down.values() for alert in found}
    items = [_site_item(site, found) for site, found in down.items()]
    items += [single_item(alert) for alert in alerts if alert.pk not in folded]
    return sorted(items, key=lambda one: (-one.severity, one.rank, one.since, one.site, one.door))


def _kiosks_by_site() -> dict[int, int]:
    is_active = Q(doors__devices__status=DeviceStatus.ACTIVE)
    counted = Site.objects.filter(is_active).annotate(kiosks=Count("doors__devices"))
    return dict(counted.values_list("pk", "kiosks"))


def single_item(alert: Alert) -> Item:
    rule = BY_NAME.get(alert.rule)
    door = alert.device.door if alert.device is not None else None
    return Item(
        alerts=(alert.pk,),
        severity=alert.severity,
        rank=RANK.get(alert.rule, len(RANK)),
        said=rule.said if rule else alert.rule,
        todo=rule.todo if rule else "",
        value=alert.value,
        unit=rule.unit if rule else Unit.NOTHING,
        since=alert.since,
        door=door.label if door else "",
        device_pk=alert.device_id,
        site=door.site.name if door else "",
        office=door.site.office.name if door else "",
        **_taken([alert]),
    )


def _site_item(site: Site, alerts: Sequence[Alert]) -> Item:
    return Item(
        alerts=tuple(alert.pk for alert in alerts),
        severity=max(alert.severity for alert in alerts),
        # Before any single kiosk.
        rank=-1,
        said=SITE_DOWN_SAID,
        todo=SITE_DOWN_TODO,
        value=max(alert.value or 0 for alert in alerts),
        unit=Unit.SECONDS,
        since=min(alert.since for alert in alerts),
        site=site.name,
        office=site.office.name,
        kiosks=len(alerts),
        **_taken(alerts),
    )


def _taken(alerts: Iterable[Alert]) -> "_Taken":
    """Whoever took one of them has taken the item."""
    by = [alert for alert in alerts if alert.taken_by is not None]
    if not by:
        return {"taken_by": "", "taken_at": None}
    taker = by[0].taken_by
    return {"taken_by": taker.get_username() if taker else "", "taken_at": by[0].taken_at}


class _Taken(TypedDict):
    taken_by: str
    taken_at: datetime | None
