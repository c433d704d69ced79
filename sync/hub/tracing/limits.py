"""How long somebody can have stayed whose coming or going nobody recorded. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

# Further than any night or holiday: a site whose hours are listed opens within a week.
_DAYS_SOUGHT = 8
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# A month from the ends of what calendars can show.
_EARLIEST_MS, _LATEST_MS = -62_133_000_000_000, 253_399_000_000_000

Day = tuple[time, time]


@dataclass(frozen=True, slots=True)
class OpenDays:
    """From the first opening to the last closing of each weekday, as `datetime.weekday` counts."""

    timezone: str
    days: Mapping[int, Day] = field(default_factory=dict)

    def closing_after(self, at_ms: int) -> int | None:
        """Return when the site closes next, None where it is never closed."""
        for day, (_opens, closes) in self._around(at_ms, 1):
            closing_ms = _ms(day, closes, self.timezone)
            if closing_ms >= at_ms:
                return closing_ms
        return None

    def opening_before(self, at_ms: int) -> int | None:
        """Return when the site opened last, None where it is never closed."""
        for day, (opens, _closes) in self._around(at_ms, -1):
            opening_ms = _ms(day, opens, self.timezone)
            if opening_ms <= at_ms:
                return opening_ms
        return None

    def _around(self, at_ms: int, step: int) -> Iterator[tuple[date, Day]]:
        """The first or the second is nearly always the one that is sought."""
        today = _local_day(at_ms, self.timezone)
        for count in range(_DAYS_SOUGHT):
            day = today + timedelta(days=step * count)
            if (hours := self.days.get(day.weekday())) is not None:
                yield day, hours


@dataclass(frozen=True, slots=True)
class Limits:
    """`longest_ms` bounds every stay; who is bound by the site's hours leaves when it closes, if
    nothing says otherwise. Both functions rise with the time that they are asked for.
    """

    longest_ms: int
    hours: OpenDays | None = None

    def latest_end(self, came_ms: int) -> int:
        end_ms = came_ms + self.longest_ms
        closing_ms = self.hours.closing_after(came_ms) if self.hours else None
        return end_ms if closing_ms is None else min(end_ms, closing_ms)

    def earliest_begin(self, went_ms: int) -> int:
        begin_ms = went_ms - self.longest_ms
        opening_ms = self.hours.opening_before(went_ms) if self.hours else None
        return begin_ms if opening_ms is None else max(begin_ms, opening_ms)


@lru_cache(maxsize=4096)
def _ms(day: date, at: time, timezone: str) -> int:
    return int(datetime.combine(day, at, ZoneInfo(timezone)).timestamp()) * 1000


def _local_day(at_ms: int, timezone: str) -> date:
    shown_ms = min(max(at_ms, _EARLIEST_MS), _LATEST_MS)
    return (_EPOCH + timedelta(milliseconds=shown_ms)).astimezone(ZoneInfo(timezone)).date()
