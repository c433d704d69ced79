"""What counts of a day: what was seen, and what the personnel office said instead."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from sync.hub.attendance.models import AttendanceDay, Correction, End
from sync.hub.attendance.reckoning import Interval


@dataclass(frozen=True, slots=True)
class Standing:
    """`seen` is what was reckoned, `corrected` what is in force instead; None where nothing is."""

    seen: Interval | None
    corrected: Correction | None

    @property
    def counts(self) -> Interval | None:
        if self.corrected is None:
            return self.seen
        return Interval(self.corrected.time_ms, self.corrected.time_ms)


def with_corrections(days: QuerySet[AttendanceDay]) -> QuerySet[AttendanceDay]:
    """All of them, those that were withdrawn too, with who made them: one query more.

    They are lists: for thousands of days, each with a query set of its own, that took longer than
    to read the days. Stays are left out: nobody is shown them.
    """
    made = Correction.objects.select_related("made_by", "withdrawn_by").order_by("pk")
    kept = Prefetch("corrections", made, to_attr="said")
    return days.defer("stays").prefetch_related(kept)  # type: ignore[no-redef]


def first_in(day: AttendanceDay) -> Standing:
    """The day was read `with_corrections`."""
    return Standing(_interval(day.first_lower_ms, day.first_upper_ms), _in_force(day, End.FIRST_IN))


def last_out(day: AttendanceDay) -> Standing:
    """The day was read `with_corrections`."""
    return Standing(_interval(day.last_lower_ms, day.last_upper_ms), _in_force(day, End.LAST_OUT))


def _interval(lower_ms: int | None, upper_ms: int | None) -> Interval | None:
    return None if lower_ms is None or upper_ms is None else Interval(lower_ms, upper_ms)


def _in_force(day: AttendanceDay, end: End) -> Correction | None:
    return next((one for one in day.said if one.end == end and one.withdrawn_at is None), None)
