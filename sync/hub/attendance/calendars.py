"""The calendars by which offices count, as they are kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Q

from sync.hub.attendance.models import DayKind, OfficeHours, SpecialDay
from sync.hub.attendance.sightings import HOUR_MS, MINUTE_MS, Calendar
from sync.hub.fleet.models import Site

# Of an office that has no row of its own.
DEFAULT_EDITION = 0


@dataclass(frozen=True, slots=True)
class OfficeDays:
    """Which days an office works on. `special` are those that are not as their weekday says."""

    hours: OfficeHours
    special: dict[date, SpecialDay]

    def kind_of(self, day: date) -> DayKind:
        found = self.special.get(day)
        if found is not None:
            return DayKind(found.kind)
        return DayKind.WORKING if self.hours.works_on(day) else DayKind.HOLIDAY

    def name_of(self, day: date) -> str:
        found = self.special.get(day)
        return "" if found is None else found.name


def hours_of(offices: Iterable[int]) -> dict[int, OfficeHours]:
    """Return each office's own hours; else the usual ones, in the zone of its first site."""
    wanted = set(offices)
    found = {one.office_id: one for one in OfficeHours.objects.filter(office__in=wanted)}
    missing = wanted - found.keys()
    if missing:
        sites = Site.objects.filter(office__in=missing).order_by("-pk")
        zones = dict(sites.values_list("office_id", "timezone"))
        for office in missing:
            zone = zones.get(office, settings.TIME_ZONE)
            found[office] = OfficeHours(office_id=office, timezone=zone, edition=DEFAULT_EDITION)
    return found


def calendar_of(hours: OfficeHours) -> Calendar:
    return Calendar(
        hours.timezone,
        hours.day_begins,
        hours.longest_shift_h * HOUR_MS,
        hours.widest_min * MINUTE_MS,
    )


def days_of(office: int, first: date, last: date) -> OfficeDays:
    """An office's own special day goes before one of all offices."""
    asked = SpecialDay.objects.filter(Q(office=office) | Q(office=None), day__range=(first, last))
    ordered = sorted(asked, key=lambda one: one.office_id is not None)
    return OfficeDays(hours_of([office])[office], {one.day: one for one in ordered})
