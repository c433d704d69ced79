"""Which charts a kiosk's page has."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from kiosk.admission.verdict import Outcome
from sync.hub.fleet.health.history import HOUR_MS
from sync.hub.fleet.health.models import HourlyReading
from sync.hub.ingest.models import Visit
from sync.hub.web.charts import HOURS, Bar, Chart, Week, chart
from sync.hub.web.words import Word


@dataclass(frozen=True, slots=True)
class _Plan:
    """`scale` is what a reading's value is divided by."""

    name: str
    title: Word
    unit: str = ""
    scale: int = 1
    from_zero: bool = True


_PLANS = (
    _Plan("temperature_c", _("Temperature"), "°C", from_zero=False),
    _Plan("backlog_entries", _("Entries waiting to be sent")),
    _Plan("frame_age_ms", _("Age of the newest picture"), "s", 1000),
    # The kiosk tells how wide the interval is that the time lies in.
    _Plan("clock_width_ms", _("Error of the clock"), "s", 2000),
    _Plan("wifi_dbm", _("Strength of the WiFi"), "dBm", from_zero=False),
    _Plan("commit_ms", _("Time to write to the memory card"), "ms"),
    _Plan("disk_free_percent", _("Free on the memory card"), "%"),
)


@dataclass(frozen=True, slots=True)
class HourOfVisits:
    reads: int
    refused: int


class Reading(NamedTuple):
    """As `HourlyReading`; a page draws a thousand of them."""

    name: str
    hour: int
    low: int
    high: int


def readings_of(device_id: int, week: Week) -> list[Reading]:
    """Return a kiosk's readings from the week's beginning on, in order of time."""
    found = HourlyReading.objects.filter(device_id=device_id, hour__gte=week.first_hour)
    return [Reading(*row) for row in found.order_by("hour").values_list(*Reading._fields)]


def hours_of_visits(door_id: int, week: Week) -> dict[int, HourOfVisits]:
    """Return what was read and refused at a door in each hour of the week, in one query."""
    first, last = week.first_hour * HOUR_MS, (week.first_hour + HOURS) * HOUR_MS
    rows = (
        Visit.objects.filter(
            door_id=door_id, lower_ms__gte=first, lower_ms__lt=last, assisted__isnull=True
        )
        .annotate(hour=F("lower_ms") / HOUR_MS)
        .order_by()
        .values_list("hour")
        .annotate(reads=Count("pk"), refused=Count("pk", filter=Q(outcome=int(Outcome.DENY))))
    )
    return {int(hour): HourOfVisits(reads, refused) for hour, reads, refused in rows}


def charts_of(
    readings: Sequence[Reading], visits: Mapping[int, HourOfVisits], week: Week
) -> list[Chart]:
    """Return those for which there is anything to show."""
    by_name: defaultdict[str, dict[int, Reading]] = defaultdict(dict)
    for row in readings:
        by_name[row.name][row.hour] = row
    found = [_visits(visits, week)]
    for plan in _PLANS:
        bars = {hour: _bar(row, plan) for hour, row in by_name[plan.name].items()}
        found.append(chart(plan.title, bars, week, plan.unit, from_zero=plan.from_zero))
    return [one for one in found if one is not None]


def _bar(row: Reading, plan: _Plan) -> Bar:
    """What is drawn from zero is a column; what is not shows its range."""
    low = 0 if plan.from_zero else row.low
    return Bar(low / plan.scale, row.high / plan.scale)


def _visits(visits: Mapping[int, HourOfVisits], week: Week) -> Chart | None:
    return chart(
        _("Codes read in an hour"),
        {hour: Bar(0, one.reads) for hour, one in visits.items()},
        week,
        over={hour: Bar(0, one.refused) for hour, one in visits.items() if one.refused},
        over_title=_("refused"),
    )
