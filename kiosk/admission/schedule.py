"""Days and hours of a rule, in the site's time zone, asked over a time that is an interval."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from kiosk.admission.certainty import Certainty
from kiosk.instants import Interval

ALL_DAYS = frozenset(range(7))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_DAY = timedelta(days=1)
# Wider than a week, every weekday is in it: nothing more is to be learnt day by day.
_WIDEST = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Span:
    """From `begins` to just before `ends`, local time; `ends` at or before `begins` is past
    midnight.
    """

    begins: time
    ends: time


@dataclass(frozen=True, slots=True)
class Schedule:
    """`days` holds 0 for Monday to 6; no `spans` is the whole day."""

    days: frozenset[int] = ALL_DAYS
    spans: tuple[Span, ...] = ()
    open_on_holidays: bool = True

    def holds(self, now: Interval, timezone: tzinfo, holidays: frozenset[date]) -> Certainty:
        """Say whether the whole interval, or none of it, falls into these days and hours."""
        if self.days == ALL_DAYS and not self.spans and self.open_on_holidays:
            return Certainty.ALWAYS
        if now.latest_ms is None or now.latest_ms - now.earliest_ms > _WIDEST / _MILLISECOND:
            return Certainty.MAYBE
        begins, ends = (_EPOCH + ms * _MILLISECOND for ms in (now.earliest_ms, now.latest_ms))
        return _covers(self._open(begins, ends, timezone, holidays), begins, ends)

    def _open(
        self, begins: datetime, ends: datetime, timezone: tzinfo, holidays: frozenset[date]
    ) -> Iterator[tuple[datetime, datetime]]:
        """Yield the open times around an interval, in order."""
        day = begins.astimezone(timezone).date() - _DAY
        while day <= ends.astimezone(timezone).date():
            if day.weekday() in self.days and (self.open_on_holidays or day not in holidays):
                yield from self._spans_of(day, timezone)
            day += _DAY

    def _spans_of(self, day: date, timezone: tzinfo) -> Iterator[tuple[datetime, datetime]]:
        for span in self.spans or (Span(time.min, time.min),):
            last_day = day if span.begins < span.ends else day + _DAY
            yield (
                datetime.combine(day, span.begins, timezone).astimezone(UTC),
                datetime.combine(last_day, span.ends, timezone).astimezone(UTC),
            )


def _covers(
    spans: Iterator[tuple[datetime, datetime]], begins: datetime, ends: datetime
) -> Certainty:
    """Say whether the spans hold all of an interval, none of it, or a part."""
    reached, touched = begins, False
    for opens, closes in sorted(spans):
        if closes <= begins or opens > ends:
            continue
        touched = True
        if opens <= reached < closes:
            reached = closes
    if reached > ends:
        return Certainty.ALWAYS
    return Certainty.MAYBE if touched else Certainty.NEVER
