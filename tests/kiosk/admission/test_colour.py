"""A colour is what the first rule that fits says, by age in days of the place."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kiosk.admission.colour import NOT_DETECTED, ColourRule, colours
from kiosk.instants import Interval
from kiosk.passes.certificate import (
    Certificate,
    InfectionTest,
    Kind,
    Recovery,
    Statement,
    Vaccination,
)
from tests.kiosk.admission.situations import DAY_S, HOUR_MS, JAKARTA, NOW_MS, NOW_S

TODAY = date(2026, 6, 3)
DAY_MS = 24 * HOUR_MS
MIDNIGHT_MS = NOW_MS + 14 * HOUR_MS
NOW = Interval(NOW_MS, NOW_MS)
SECOND_OF_TWO = Vaccination("840539006", "CoronaVac", 2, 2, TODAY - timedelta(days=20))
NEGATIVE = InfectionTest("840539006", "LP6464-4", NOT_DETECTED, NOW_S - DAY_S)
RECOVERED = Recovery("840539006", TODAY - timedelta(days=30), None, None)

GREEN = ColourRule("hijau", Kind.VACCINATION, series_done=True, age_at_least_days=14)
YELLOW = ColourRule("kuning", Kind.VACCINATION, doses_at_least=1)
TESTED = ColourRule("hijau", Kind.TEST, negative=True, age_at_most_days=1)
HEALED = ColourRule(
    "hijau", Kind.RECOVERY, doses_at_least=1, age_at_least_days=11, age_at_most_days=180
)
BLACK = ColourRule("hitam", Kind.TEST)
RULES = (GREEN, TESTED, HEALED, YELLOW, BLACK)


def _certificate(*statements: Statement) -> Certificate:
    return Certificate(NOW_S - 90 * DAY_S, NOW_S + 90 * DAY_S, statements)


def _colours(
    *statements: Statement, now: Interval = NOW, rules: tuple[ColourRule, ...] = RULES
) -> set[str | None]:
    return set(colours(_certificate(*statements), rules, now, JAKARTA))


def _given(days_ago: int, **changes: int | None) -> Vaccination:
    given_on = TODAY - timedelta(days=days_ago)
    return SECOND_OF_TWO._replace(given_on=given_on, **changes)  # type: ignore[arg-type]


def test_without_rules_nothing_has_a_colour() -> None:
    assert _colours(SECOND_OF_TWO, rules=()) == {None}
    assert _colours(RECOVERED, rules=(GREEN, TESTED)) == {None}


@pytest.mark.parametrize(
    ("days_ago", "colour"),
    [(13, "kuning"), (14, "hijau"), (400, "hijau"), (0, "kuning"), (-1, None)],
)
def test_age_counts_in_days_of_the_place(days_ago: int, colour: str | None) -> None:
    assert _colours(_given(days_ago)) == {colour}


@pytest.mark.parametrize(
    ("dose", "series", "colour"),
    [(2, 2, "hijau"), (3, 2, "hijau"), (1, 2, "kuning"), (2, None, "kuning"), (0, 0, "hijau"),
     (None, 2, None), (None, None, None), (0, 2, None)],
)  # fmt: skip
def test_doses(dose: int | None, series: int | None, colour: str | None) -> None:
    assert _colours(_given(20, dose=dose, doses_in_series=series)) == {colour}


@pytest.mark.parametrize(
    ("days_ago", "colour"), [(10, None), (11, "hijau"), (180, "hijau"), (181, None)]
)
def test_recovery_is_counted_from_the_first_positive_test(
    days_ago: int, colour: str | None
) -> None:
    recovery = RECOVERED._replace(first_positive_on=TODAY - timedelta(days=days_ago))
    assert _colours(recovery) == {colour}


def test_a_test_must_have_found_nothing_where_that_is_asked() -> None:
    assert _colours(NEGATIVE) == {"hijau"}
    for result in ("260373001", None):
        assert _colours(NEGATIVE._replace(result=result)) == {"hitam"}
    asks_of_the_wrong_kind = replace(YELLOW, negative=True)
    assert _colours(SECOND_OF_TWO, rules=(asks_of_the_wrong_kind,)) == {None}


def test_a_test_is_as_old_as_the_day_of_its_sample_in_the_place() -> None:
    """A sample of 23:59 is one day old a minute later."""
    just_before = (MIDNIGHT_MS - 2 * DAY_MS) // 1000 - 60
    assert _colours(NEGATIVE._replace(sampled_at_s=just_before)) == {"hitam"}
    assert _colours(NEGATIVE._replace(sampled_at_s=just_before + 60)) == {"hijau"}


def test_what_gives_no_date_satisfies_no_bound() -> None:
    assert _colours(SECOND_OF_TWO._replace(given_on=None)) == {"kuning"}
    assert _colours(NEGATIVE._replace(sampled_at_s=None)) == {"hitam"}
    assert _colours(RECOVERED._replace(first_positive_on=None)) == {None}


def test_the_first_rule_that_fits_any_statement_decides() -> None:
    assert _colours(NEGATIVE._replace(result=None), _given(20)) == {"hijau"}
    assert _colours(NEGATIVE._replace(result=None), _given(2)) == {"kuning"}
    assert _colours(_given(20), rules=(YELLOW, GREEN)) == {"kuning"}


def test_over_midnight_a_certificate_may_have_two_colours() -> None:
    tomorrow = _given(13)
    assert _colours(tomorrow, now=Interval(MIDNIGHT_MS - 1, MIDNIGHT_MS - 1)) == {"kuning"}
    assert _colours(tomorrow, now=Interval(MIDNIGHT_MS, MIDNIGHT_MS)) == {"hijau"}
    assert _colours(tomorrow, now=Interval(MIDNIGHT_MS - 1, MIDNIGHT_MS)) == {"kuning", "hijau"}


def test_over_a_week_every_day_is_asked() -> None:
    third_day_only = replace(YELLOW, age_at_least_days=23, age_at_most_days=23)
    week = Interval(NOW_MS, NOW_MS + 7 * DAY_MS)
    assert _colours(SECOND_OF_TWO, now=week, rules=(third_day_only,)) == {"kuning", None}


def test_a_time_without_an_end_may_be_any_colour() -> None:
    eight_days = Interval(NOW_MS, NOW_MS + 8 * DAY_MS)
    assert _colours(SECOND_OF_TWO, now=eight_days) == {"hijau"}
    for now in (Interval(NOW_MS, None), Interval(NOW_MS, NOW_MS + 9 * DAY_MS)):
        assert _colours(SECOND_OF_TWO, now=now) == {None, "hijau", "kuning", "hitam"}
