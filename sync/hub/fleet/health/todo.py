"""What is to be done, the most urgent first: alerts as one item for each thing to do."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypedDict

from django.db.models import Count, Q, QuerySet
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


class Raised(NamedTuple):
    """An alert with its place, which is empty where it is about the hub itself."""

    pk: int
    rule: str
    severity: int
    value: int | None
    since: datetime
    cleared_at: datetime | None
    device_pk: int | None
    door: str | None
    site_pk: int | None
    site: str | None
    office: str | None
    taken_by: str | None
    taken_at: datetime | None


_SITE = "device__door__site"
# In the order of `Raised`: to build a kiosk, a door, a site and an office for each takes longer
# than all else that a page does.
_RAISED = (
    *("pk", "rule", "severity", "value", "since", "cleared_at", "device_id"),
    *("device__door__label", f"{_SITE}_id", f"{_SITE}__name", f"{_SITE}__office__name"),
    *("taken_by__username", "taken_at"),
)


def raised(alerts: QuerySet[Alert]) -> list[Raised]:
    return [Raised(*row) for row in alerts.values_list(*_RAISED)]


def todo_list(now: datetime, office: int | None = None) -> list[Item]:
    """Return what is raised, at one office or at all and the hub, in two queries."""
    resting = Maintenance.objects.filter(begins__lte=now, ends__gt=now).values("site_id")
    alerts = (
        Alert.objects.filter(raised_at__isnull=False, cleared_at__isnull=True)
        .filter(Q(device__isnull=True) | Q(device__status=DeviceStatus.ACTIVE))
        .exclude(device__isnull=False, device__door__site__in=resting)
    )
    if office is not None:
        alerts = alerts.filter(device__door__office_id=office)
    return items_of(raised(alerts), _kiosks_by_site())


def items_of(alerts: Sequence[Raised], kiosks_by_site: dict[int, int]) -> list[Item]:
    """Fold what a site's kiosks say alike: a whole site that is silent is one item."""
    silent: defaultdict[int, list[Raised]] = defaultdict(list)
    for alert in alerts:
        if alert.site_pk is not None and alert.rule == last_seen.RULE.name:
            silent[alert.site_pk].append(alert)
    down = [
        found
        for site_pk, found in silent.items()
        if len(found) >= max(_SITE_OF, kiosks_by_site.get(site_pk, 0))
    ]
    folded = {alert.pk for found in down for alert in found}
    items = [_site_item(found) for found in down]
    items += [single_item(alert) for alert in alerts if alert.pk not in folded]
    return sorted(items, key=lambda one: (-one.severity, one.rank, one.since, one.site, one.door))


def _kiosks_by_site() -> dict[int, int]:
    is_active = Q(doors__devices__status=DeviceStatus.ACTIVE)
    counted = Site.objects.filter(is_active).annotate(kiosks=Count("doors__devices"))
    return dict(counted.values_list("pk", "kiosks"))


def single_item(alert: Raised) -> Item:
    rule = BY_NAME.get(alert.rule)
    return Item(
        alerts=(alert.pk,),
        severity=alert.severity,
        rank=RANK.get(alert.rule, len(RANK)),
        said=rule.said if rule else alert.rule,
        todo=rule.todo if rule else "",
        value=alert.value,
        unit=rule.unit if rule else Unit.NOTHING,
        since=alert.since,
        door=alert.door or "",
        device_pk=alert.device_pk,
        site=alert.site or "",
        office=alert.office or "",
        **_taken([alert]),
    )


def _site_item(alerts: Sequence[Raised]) -> Item:
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
        site=alerts[0].site or "",
        office=alerts[0].office or "",
        kiosks=len(alerts),
        **_taken(alerts),
    )


def _taken(alerts: Iterable[Raised]) -> "_Taken":
    """Whoever took one of them has taken the item."""
    for alert in alerts:
        if alert.taken_by:
            return {"taken_by": alert.taken_by, "taken_at": alert.taken_at}
    return {"taken_by": "", "taken_at": None}


class _Taken(TypedDict):
    taken_by: str
    taken_at: datetime | None
