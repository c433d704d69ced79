"""`/api/v1/`: what attendance systems read, and its OpenAPI document.

A cursor is the number of the last change that was read. Changes are numbered in the order of their
commits (`ledger`), so that whoever goes on from a cursor, and puts each row in the place of the one
that it has of the same person and day, has all of them, each once.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, cast

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver
from ninja import Field, NinjaAPI, Query, Schema
from ninja.errors import ValidationError
from ninja.security import HttpBearer
from pydantic import ConfigDict, StringConstraints

from sync.hub import clock, installation
from sync.hub.attendance.models import ApiToken, AttendanceDay
from sync.hub.attendance.reckoning import Doubt, Flag, Interval
from sync.hub.attendance.standing import Standing, first_in, last_out, with_corrections
from sync.hub.attendance.tokens import Scope, holder_of
from sync.hub.people.models import Person
from sync.hub.people.personnel import number_hash

MOST_ROWS = 1_000
MOST_NUMBERS = 500
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CURSOR = r"^c(0|[1-9][0-9]{0,17})$"
BEGINNING = "c0"


class Bearer(HttpBearer):
    """With a token of `gapura-hub create-api-token`."""

    def authenticate(self, _request: HttpRequest, token: str) -> ApiToken | None:
        return holder_of(token, Scope.ATTENDANCE, clock.now())


api = NinjaAPI(
    title="Gapura",
    version="1",
    description="First in and last out, by employee and working day.",
    docs_url=None,
    auth=Bearer(),
    urls_namespace="api",
)


class Fault(Schema):
    detail: str


class Refusal(Schema):
    """What of the request cannot be used, and why."""

    detail: list[dict[str, Any]]


class Instant(Schema):
    """The true time lies between the two."""

    earliest: datetime
    latest: datetime


class Row(Schema):
    """`first_in` and `last_out` are what counts: what the personnel office said, or what was seen.

    `person` and `day` are what to store it under, `change` which version it is. Of a day on which,
    as is known now, nobody was seen and nothing was corrected `seen` is false and all is empty.
    """

    person: str = Field(description="The hub's own number of the person, 16 hexadecimal digits")
    day: date = Field(description="The working day, in the office's own zone")
    change: int
    office: int = Field(description="The office's number in passes")
    seen: bool
    certain: bool
    first_in: Instant | None
    last_out: Instant | None
    corrected: list[str] = Field(description="Which of the two the personnel office said")
    seen_first_in: Instant | None
    seen_last_out: Instant | None
    minutes_least: int = Field(description="Between coming and going, as it was seen")
    minutes_most: int
    flags: list[Flag]
    doubts: list[Doubt] = Field(description="Why the day is not certain")


class Page(Schema):
    rows: list[Row]
    cursor: str = Field(description="Ask with it next time, also where there was nothing new")
    more: bool = Field(description="There are rows that did not fit: ask again now")


class Asked(Schema):
    cursor: Annotated[str, StringConstraints(pattern=_CURSOR)] = BEGINNING
    limit: int = Field(default=500, ge=1, le=MOST_ROWS)
    first: date | None = Field(default=None, description="No days before this one")
    last: date | None = Field(default=None, description="No days after this one")


Number = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{4,64}$")]


class Numbers(Schema):
    model_config = ConfigDict(extra="forbid")
    numbers: list[Number] = Field(min_length=1, max_length=MOST_NUMBERS)


class Found(Schema):
    """In the order of the numbers; null for whom the hub does not know or the token may not see."""

    people: list[str | None]


@api.get("/attendance", response={200: Page, 401: Fault, 422: Refusal}, operation_id="attendance")
def attendance(request: HttpRequest, asked: Query[Asked]) -> Page:
    """Return days in the order in which they changed, from the cursor on."""
    _refuse_others(request)
    after = int(asked.cursor.removeprefix("c"))
    days = AttendanceDay.objects.filter(change__gt=after)
    office = _office(request)
    if office is not None:
        days = days.filter(office=office)
    if asked.first is not None:
        days = days.filter(day__gte=asked.first)
    if asked.last is not None:
        days = days.filter(day__lte=asked.last)
    named = days.select_related("subject", "office").defer("subject__label").order_by("change")
    found = list(with_corrections(named)[: asked.limit + 1])
    told = found[: asked.limit]
    cursor = f"c{told[-1].change}" if told else asked.cursor
    return Page(rows=[_row(day) for day in told], cursor=cursor, more=len(found) > len(told))


@api.post("/people", response={200: Found, 401: Fault, 422: Refusal}, operation_id="people")
def people(request: HttpRequest, asked: Numbers) -> Found:
    """Say which person each personnel number is. The hub keeps keyed hashes of numbers alone."""
    key = installation.people_key()
    hashes = [number_hash(number.upper(), key) for number in asked.numbers]
    known = Person.objects.filter(number__in=hashes)
    office = _office(request)
    if office is not None:
        known = known.filter(office=office)
    subs = {
        bytes(number): bytes(sub).hex()
        for number, sub in known.values_list("number", "subject__sub")
    }
    return Found(people=[subs.get(one) for one in hashes])


def patterns() -> tuple[list[URLPattern | URLResolver], str, str]:
    """Return the addresses: a token opens them, not a session."""
    found, app, namespace = api.urls
    for pattern in found:
        if isinstance(pattern, URLPattern):
            login_not_required(cast(Callable[..., HttpResponseBase], pattern.callback))
    return found, app, namespace


def _refuse_others(request: HttpRequest) -> None:
    """A mistyped filter would give everybody's days."""
    others = request.GET.keys() - Asked.model_fields.keys()
    if others:
        raise ValidationError([{"loc": ["query", name], "msg": "unknown"} for name in others])


def _office(request: HttpRequest) -> int | None:
    holder: ApiToken = request.auth  # type: ignore[attr-defined]
    return holder.office_id


def _row(day: AttendanceDay) -> Row:
    came, left = first_in(day), last_out(day)
    ends = {"first_in": came, "last_out": left}
    return Row(
        person=bytes(day.subject.sub).hex(),
        day=day.day,
        change=day.change,
        office=day.office.unit,
        seen=day.is_seen,
        certain=not day.doubts,
        first_in=_instant(came.counts),
        last_out=_instant(left.counts),
        corrected=[name for name, one in ends.items() if _is_corrected(one)],
        seen_first_in=_instant(came.seen),
        seen_last_out=_instant(left.seen),
        minutes_least=day.least_ms // 60_000,
        minutes_most=-(-day.most_ms // 60_000),
        flags=day.flags,
        doubts=day.doubts,
    )


def _is_corrected(one: Standing) -> bool:
    return one.corrected is not None


def _instant(interval: Interval | None) -> Instant | None:
    if interval is None:
        return None
    return Instant(earliest=_time(interval.lower_ms), latest=_time(interval.upper_ms))


def _time(time_ms: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=time_ms)
