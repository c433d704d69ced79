"""What a trace shows, in words and in the time of each site."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as format_date
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from kiosk.admission.verdict import Outcome
from sync.hub.clock import from_unix_s, unix_ms
from sync.hub.fleet.models import Site
from sync.hub.tracing.contacts import Contact, Crowd, crowds
from sync.hub.tracing.doorstep import Encounter
from sync.hub.tracing.gathering import LongestStays, Row, presences, presses, rows_at, was_refused
from sync.hub.tracing.presence import NOWHERE
from sync.hub.tracing.spans import Span
from sync.hub.tracing.trace import Trace
from sync.hub.web import words
from sync.hub.web.columns import columns
from sync.hub.web.instants import When, when
from sync.hub.web.words import Word

MOST_MEETINGS = 4
_MINUTE_MS = 60_000
_HOUR_MS = 60 * _MINUTE_MS
_QUARTER_MS = 15 * _MINUTE_MS
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Passage:
    """One code that the person showed; `chip` is the style of what came of it."""

    when: When
    site: str
    door: str
    direction: Word
    outcome: Word
    chip: str
    was_refused: bool


@dataclass(frozen=True, slots=True)
class MeetingRow:
    site: str
    when: When
    length: str


@dataclass(frozen=True, slots=True)
class ContactRow:
    """`more` counts the sites at which they may have met besides those listed."""

    person: str
    is_certain: bool
    length: str
    meetings: tuple[MeetingRow, ...]
    more: int


@dataclass(frozen=True, slots=True)
class EncounterRow:
    person: str
    is_certain: bool
    place: str
    when: When


@dataclass(frozen=True, slots=True)
class Chart:
    """`most` and `fewest` are SVG paths, `top` what the upper edge stands for."""

    title: str
    most: str
    fewest: str
    top: int


@dataclass(frozen=True, slots=True)
class SiteDay:
    """`value` is how a form names it."""

    site: str
    day: str
    value: str


def passage_rows(trace: Trace) -> list[Passage]:
    return [_passage(row, trace) for row in trace.passages]


def _passage(row: Row, trace: Trace) -> Passage:
    door = trace.places.doors[row.door]
    return Passage(
        when=when(row.time_ms, row.error_ms, row.lower_ms, row.upper_ms, door.site.timezone),
        site=door.site.name,
        door=door.label,
        direction=words.word(words.DIRECTIONS, row.direction),
        outcome=words.word(words.OUTCOMES, row.shown),
        chip=words.css_class(Outcome, row.shown),
        was_refused=was_refused(row),
    )


def contact_rows(
    contacts: Sequence[Contact[bytes]], trace: Trace, labels: Mapping[bytes, str]
) -> list[ContactRow]:
    return [_contact(one, trace, labels) for one in contacts]


def _contact(one: Contact[bytes], trace: Trace, labels: Mapping[bytes, str]) -> ContactRow:
    listed = one.meetings[:MOST_MEETINGS]
    return ContactRow(
        person=person_of(one.who, labels),
        is_certain=one.is_certain,
        length=length_text(one.least_ms, one.most_ms),
        meetings=tuple(
            MeetingRow(
                site=trace.places.sites[meeting.place].name,
                when=_between(meeting.first_ms, meeting.last_ms, trace.places.sites[meeting.place]),
                length=length_text(meeting.least_ms, meeting.most_ms),
            )
            for meeting in listed
        ),
        more=len(one.meetings) - len(listed),
    )


def encounter_rows(
    found: Sequence[Encounter[bytes]], trace: Trace, labels: Mapping[bytes, str]
) -> list[EncounterRow]:
    rows = []
    for one in found:
        door = trace.places.doors[one.door]
        at = _between(*one.at_ms, door.site)
        place = f"{door.site.name}, {door.label}"
        rows.append(EncounterRow(person_of(one.who, labels), one.is_certain, place, at))
    return rows


def person_of(sub: bytes, labels: Mapping[bytes, str]) -> str:
    """Return the name, or the number where there is none."""
    return labels.get(sub) or sub.hex()


def _between(first_ms: int, last_ms: int, site: Site) -> When:
    return when(None, None, first_ms, last_ms, site.timezone)


def length_text(least_ms: int, most_ms: int) -> str:
    """The least is rounded down, the most up."""
    least, most = least_ms // _MINUTE_MS, -(-most_ms // _MINUTE_MS)
    numbers = (
        number_format(least) if least == most else f"{number_format(least)}–{number_format(most)}"
    )
    return _("%(minutes)s min") % {"minutes": numbers}


def site_days(trace: Trace) -> list[SiteDay]:
    """Return the days on which the person may have been at a site, in its own time."""
    found: dict[str, SiteDay] = {}
    for pk, presence in sorted(trace.presences.items()):
        site = trace.places.sites[pk]
        for begin_ms, end_ms in presence.may:
            day, last = _local_day(begin_ms, site), _local_day(end_ms - 1, site)
            while day <= last:
                value = f"{pk}:{day.isoformat()}"
                found[value] = SiteDay(site.name, format_date(day, "j M Y"), value)
                day += _DAY
    return list(found.values())


def _local_day(at_ms: int, site: Site) -> date:
    return from_unix_s(at_ms // 1000).astimezone(ZoneInfo(site.timezone)).date()


def crowd_chart(value: str, trace: Trace, stays: LongestStays) -> Chart | None:
    """Draw how many were at a site on one of `site_days`; two queries."""
    chosen = next((one for one in site_days(trace) if one.value == value), None)
    if chosen is None:
        return None
    pk, _colon, day = value.partition(":")
    site = trace.places.sites[int(pk)]
    begin = datetime.combine(date.fromisoformat(day), time(), ZoneInfo(site.timezone))
    span = unix_ms(begin), unix_ms(begin + _DAY)
    counted = _crowds(site.pk, span, trace, stays)
    top = max(1, *(one.most for one in counted))
    return Chart(
        title=f"{chosen.site}, {chosen.day}",
        most=columns([one.most for one in counted], top),
        fewest=columns([one.fewest for one in counted], top),
        top=top,
    )


def _crowds(site: int, day: Span, trace: Trace, stays: LongestStays) -> list[Crowd]:
    """Whoever showed nothing that names them is one person for each time that they came."""
    around = {site: (day[0] - stays.any_ms, day[1] + stays.any_ms)}
    rows = rows_at(trace.places, around)
    by_person: dict[bytes | tuple[int, int], list[Row]] = {}
    for row in rows:
        if row.of_seq is None:
            by_person.setdefault(row.sub or (row.epoch, row.seq), []).append(row)
    let_in = presses(rows)
    inside = (
        presences(theirs, trace.places, stays, let_in).get(site, NOWHERE)
        for theirs in by_person.values()
    )
    return crowds(inside, day, _QUARTER_MS)
