"""The colour that a rulebook derives from a verified certificate.

A colour means what the circular letter says, and changes with it: no pass carries one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from kiosk.instants import Interval
from kiosk.passes.certificate import (
    Certificate,
    InfectionTest,
    Kind,
    Recovery,
    Statement,
    Vaccination,
)

# SNOMED CT, as in the EU value set "covid-19-lab-result".
NOT_DETECTED = "260415000"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
# A wider interval than this touches too many days to be worth judging one by one.
_MOST_DAYS = 8


@dataclass(frozen=True, slots=True)
class ColourRule:
    """Applies to statements of `kind`; the first rule that fits a certificate gives its colour.

    Ages count in days from the vaccination, the sample, or the first positive test; None is no
    bound. `series_done` asks for every dose of the series, `doses_at_least` for a number;
    `negative` for a test that found nothing.
    """

    colour: str
    kind: Kind
    doses_at_least: int = 0
    series_done: bool = False
    negative: bool = False
    age_at_least_days: int | None = None
    age_at_most_days: int | None = None


def colours(
    certificate: Certificate, rules: Sequence[ColourRule], now: Interval, timezone: tzinfo
) -> frozenset[str | None]:
    """Return every colour that the certificate may have over the interval; None is none."""
    if now.latest_ms is None:
        return frozenset({None, *(rule.colour for rule in rules)})
    first = _local_date(now.earliest_ms, timezone)
    span = (_local_date(now.latest_ms, timezone) - first).days
    if span > _MOST_DAYS:
        return frozenset({None, *(rule.colour for rule in rules)})
    days = (first + timedelta(days=offset) for offset in range(span + 1))
    return frozenset(_colour(certificate, rules, today, timezone) for today in days)


def _colour(
    certificate: Certificate, rules: Sequence[ColourRule], today: date, timezone: tzinfo
) -> str | None:
    for rule in rules:
        if any(_fits(rule, statement, today, timezone) for statement in certificate.statements):
            return rule.colour
    return None


def _fits(rule: ColourRule, statement: Statement, today: date, timezone: tzinfo) -> bool:
    if statement.kind is not rule.kind:
        return False
    if isinstance(statement, Vaccination) and not _has_doses(rule, statement):
        return False
    if rule.negative and not (
        isinstance(statement, InfectionTest) and statement.result == NOT_DETECTED
    ):
        return False
    return _has_age(rule, _happened_on(statement, timezone), today)


def _has_doses(rule: ColourRule, vaccination: Vaccination) -> bool:
    dose, series = vaccination.dose, vaccination.doses_in_series
    if (dose or 0) < rule.doses_at_least:
        return False
    return not rule.series_done or (dose is not None and series is not None and dose >= series)


def _has_age(rule: ColourRule, happened_on: date | None, today: date) -> bool:
    """A date that the certificate does not give satisfies no bound; one that is yet to come
    satisfies nothing.
    """
    least, most = rule.age_at_least_days, rule.age_at_most_days
    if happened_on is None:
        return least is None and most is None
    age_days = (today - happened_on).days
    if age_days < 0:
        return False
    return (least is None or age_days >= least) and (most is None or age_days <= most)


def _happened_on(statement: Statement, timezone: tzinfo) -> date | None:
    match statement:
        case Vaccination(given_on=given_on):
            return given_on
        case Recovery(first_positive_on=first_positive_on):
            return first_positive_on
        case InfectionTest(sampled_at_s=sampled_at_s):  # pragma: no branch
            return None if sampled_at_s is None else _local_date(sampled_at_s * 1000, timezone)


def _local_date(unix_ms: int, timezone: tzinfo) -> date:
    return (_EPOCH + unix_ms * _MILLISECOND).astimezone(timezone).date()
