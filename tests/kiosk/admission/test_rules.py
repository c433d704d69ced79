"""What a rulebook may say besides who comes in: hours, colours, crowds, second visits, its age."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from kiosk.admission.colour import ColourRule
from kiosk.admission.decision import decide
from kiosk.admission.rulebook import ALL_FORMATS, Kept, Rule, Way
from kiosk.admission.schedule import ALL_DAYS, Schedule, Span
from kiosk.admission.situation import Circumstances, Presence
from kiosk.admission.verdict import Outcome, Verdict
from kiosk.instants import Interval
from kiosk.passes.certificate import Kind, Recovery, Vaccination
from kiosk.passes.claims import PassType
from kiosk.passes.reading import Credential, NationalCode, RosterMatch
from kiosk.passes.reason import Reason
from tests.kiosk.admission.situations import (
    ADMITS,
    DAY_S,
    HOUR_MS,
    NOW_MS,
    NOW_S,
    PASS,
    RULEBOOK,
    USUAL,
    book,
    certificate,
    presented,
    rules,
    usual,
)

ADMIT, DENY, REFER = Outcome.ADMIT, Outcome.DENY, Outcome.REFER
Judged = tuple[Outcome, Reason]
ALLOWED: Judged = (ADMIT, Reason.ALLOWED)
UNSURE: Judged = (REFER, Reason.TIME_UNCERTAIN)
EVERYBODY = Rule("everybody", frozenset(PassType), ALL_FORMATS, ADMIT)
MORNING = Schedule(ALL_DAYS, (Span(time(7), time(12)),))
AFTERNOON = Schedule(ALL_DAYS, (Span(time(12), time(16)),))
NOON_MS = NOW_MS + 2 * HOUR_MS
DAY_MS = 24 * HOUR_MS
SITE_CARD = presented(pass_type=PassType.SITE_CARD)
VACCINATED = Vaccination("840539006", "CoronaVac", 2, 2, date(2026, 5, 1))


def _judged(shown: Credential, found: Circumstances) -> Judged:
    verdict = decide(shown, found)
    assert verdict.outcome is verdict.shown
    return verdict.shown, verdict.reason


def _inside(found: Circumstances, **presence: object) -> Circumstances:
    return replace(found, presence=Presence(**presence))  # type: ignore[arg-type]


@pytest.mark.parametrize("shown", [RosterMatch(b"subject1"), NationalCode()])
def test_what_proves_nothing_is_never_green(shown: Credential) -> None:
    for way in Way:
        found = usual(way=way, rulebooks=rules(EVERYBODY))
        assert _judged(shown, found) == (REFER, Reason.RULE_REFERS)
    denied = usual(rulebooks=rules(replace(EVERYBODY, outcome=DENY)))
    assert _judged(shown, denied) == (DENY, Reason.RULE_DENIES)
    assert _judged(shown, usual()) == (DENY, Reason.NOT_ALLOWED)


def test_a_rule_is_for_its_units_and_its_ways() -> None:
    for rule, is_ours in (
        (replace(ADMITS, units=frozenset({12, 99})), True),
        (replace(ADMITS, units=frozenset({99})), False),
        (replace(ADMITS, ways=frozenset({Way.ENTRY})), True),
        (replace(ADMITS, ways=frozenset({Way.EXIT, Way.BOTH})), False),
    ):
        expected = ALLOWED if is_ours else (DENY, Reason.NOT_ALLOWED)
        assert _judged(PASS, usual(rulebooks=rules(rule))) == expected


def test_outside_the_hours_of_a_rule_that_lets_in_the_reason_says_so() -> None:
    in_the_morning = rules(replace(ADMITS, schedule=MORNING))
    later = rules(replace(ADMITS, schedule=AFTERNOON))
    assert _judged(PASS, usual(rulebooks=in_the_morning)) == ALLOWED
    assert _judged(PASS, usual(rulebooks=later)) == (DENY, Reason.OUTSIDE_HOURS)
    refused_later = rules(replace(ADMITS, schedule=AFTERNOON, outcome=DENY))
    assert _judged(PASS, usual(rulebooks=refused_later)) == (DENY, Reason.NOT_ALLOWED)


def test_a_later_rule_may_apply_outside_the_hours_of_the_first() -> None:
    both = rules(replace(ADMITS, schedule=AFTERNOON), replace(ADMITS, outcome=REFER))
    verdict = decide(PASS, usual(rulebooks=both))
    assert verdict == Verdict(REFER, REFER, Reason.RULE_REFERS, rulebook=5, rule=1)


def test_while_hours_may_be_over_the_rules_must_agree() -> None:
    now = Interval(NOON_MS - 1, NOON_MS)
    morning = replace(ADMITS, schedule=MORNING)
    long_valid = presented(expires_s=NOW_S + DAY_S)
    assert _judged(long_valid, usual(now=now, rulebooks=rules(morning))) == UNSURE
    agreed = rules(morning, ADMITS)
    assert _judged(long_valid, usual(now=now, rulebooks=agreed)) == ALLOWED
    split = rules(morning, replace(ADMITS, outcome=REFER))
    assert _judged(long_valid, usual(now=now, rulebooks=split)) == UNSURE
    denies = rules(replace(morning, outcome=DENY))
    assert _judged(long_valid, usual(now=now, rulebooks=denies))[0] is DENY


def test_holidays_are_the_rulebooks() -> None:
    workday = replace(ADMITS, schedule=Schedule(open_on_holidays=False))
    today = frozenset({date(2026, 6, 3)})
    assert _judged(PASS, usual(rulebooks=rules(workday))) == ALLOWED
    closed = usual(rulebooks=rules(workday, holidays=today))
    assert _judged(PASS, closed) == (DENY, Reason.OUTSIDE_HOURS)


GREEN = ColourRule("hijau", Kind.VACCINATION, series_done=True, age_at_least_days=14)
YELLOW = ColourRule("kuning", Kind.VACCINATION)
TRAFFIC_LIGHT = (
    replace(EVERYBODY, name="hijau", colours=frozenset({"hijau"})),
    replace(EVERYBODY, name="kuning", colours=frozenset({"kuning"}), outcome=REFER),
)


def _by_colour(*statements: Vaccination | Recovery, **changes: object) -> Judged:
    found = usual(rulebooks=rules(*TRAFFIC_LIGHT, colours=(GREEN, YELLOW), **changes))
    return _judged(certificate(*statements), found)


def test_a_certificate_is_judged_by_the_colour_that_the_rulebook_derives() -> None:
    assert _by_colour(VACCINATED) == ALLOWED
    assert _by_colour(VACCINATED._replace(dose=1)) == (REFER, Reason.RULE_REFERS)


def test_a_certificate_of_no_colour_is_not_told_to_come_at_another_hour() -> None:
    assert _by_colour(Recovery(None, None, None, None)) == (DENY, Reason.NOT_ALLOWED)


def test_no_other_pass_has_a_colour() -> None:
    found = usual(rulebooks=rules(*TRAFFIC_LIGHT, colours=(GREEN, YELLOW)))
    for shown in (PASS, RosterMatch(b"subject1"), NationalCode()):
        assert _judged(shown, found) == (DENY, Reason.NOT_ALLOWED)


def test_while_a_colour_may_change_nobody_is_admitted_for_it() -> None:
    """Fourteen days are over at the midnight that lies in the interval."""
    midnight_ms = NOW_MS + 14 * HOUR_MS
    turning_green = certificate(VACCINATED._replace(given_on=date(2026, 5, 21)))
    for earliest_ms, expected in (
        (midnight_ms - 1, UNSURE),
        (midnight_ms, ALLOWED),
    ):
        now = Interval(earliest_ms, midnight_ms)
        found = usual(now=now, rulebooks=rules(*TRAFFIC_LIGHT, colours=(GREEN, YELLOW)))
        assert _judged(turning_green, found) == expected


def test_a_certificate_is_for_every_unit_and_door() -> None:
    found = usual(rulebooks=rules(EVERYBODY))
    elsewhere = replace(found, place=replace(found.place, unit=77, door_bit=31))
    assert _judged(certificate(VACCINATED), elsewhere) == ALLOWED


def test_an_expired_certificate_is_denied() -> None:
    found = usual(rulebooks=rules(EVERYBODY))
    expired = certificate(VACCINATED, expires_s=NOW_S - 9)
    assert _judged(expired, found) == (DENY, Reason.EXPIRED)


@pytest.mark.parametrize(
    ("inside", "expected"),
    [(0, ALLOWED), (9, ALLOWED), (10, (REFER, Reason.FULL)), (None, ALLOWED)],
)
def test_a_full_building_is_the_officers_matter(inside: int | None, expected: Judged) -> None:
    limited = usual(rulebooks=rules(capacity=10))
    assert _judged(PASS, _inside(limited, inside=inside)) == expected


@pytest.mark.parametrize("way", [Way.EXIT, Way.BOTH])
def test_nobody_is_too_many_at_another_door_than_an_entry(way: Way) -> None:
    limited = usual(way=way, rulebooks=rules(capacity=1))
    assert _judged(PASS, _inside(limited, inside=5)) == ALLOWED
    assert _judged(PASS, _inside(usual(way=Way.ENTRY), inside=5)) == ALLOWED


def test_a_site_card_lets_in_once_a_day() -> None:
    """Whether or not this kiosk sees who leaves."""
    found = usual(rulebooks=rules(EVERYBODY))
    assert _judged(SITE_CARD, found) == ALLOWED
    for sees_both_ways in (False, True):
        again = _inside(found, is_inside=True, sees_both_ways=sees_both_ways)
        assert _judged(SITE_CARD, again) == (REFER, Reason.USED_TODAY)
    leaving = replace(again, place=replace(again.place, way=Way.EXIT))
    assert _judged(SITE_CARD, leaving) == ALLOWED


def test_without_pass_back_a_day_pass_comes_and_goes_and_a_site_card_is_still_for_once_a_day() -> (
    None
):
    found = _inside(
        usual(rulebooks=rules(EVERYBODY, pass_back=False)), is_inside=True, sees_both_ways=True
    )
    assert _judged(PASS, found) == ALLOWED
    assert _judged(SITE_CARD, found) == (REFER, Reason.USED_TODAY)


@pytest.mark.parametrize("says", [DENY, REFER])
def test_a_rulebook_that_is_too_old_does_what_it_says_of_that(says: Outcome) -> None:
    old = rules(stale_after_days=2, stale=says)
    found = usual(rulebooks=old)
    edge_ms = 2 * DAY_MS
    fresh = replace(found, confirmed_ms=USUAL.now.earliest_ms + 1000 - edge_ms)
    assert _judged(PASS, fresh) == ALLOWED
    stale = replace(found, confirmed_ms=USUAL.now.earliest_ms - edge_ms - 1)
    assert _judged(PASS, stale) == (says, Reason.STALE_RULEBOOK)
    maybe = replace(found, confirmed_ms=NOW_MS - edge_ms)
    assert _judged(PASS, maybe) == UNSURE
    assert _judged(PASS, replace(stale, rulebooks=rules())) == ALLOWED


def test_without_the_time_a_rulebook_may_be_too_old_and_nobody_is_sent_away_for_it() -> None:
    found = usual(now=Interval(NOW_MS, None), rulebooks=rules(stale_after_days=2, stale=DENY))
    assert _judged(PASS, replace(found, confirmed_ms=NOW_MS)) == UNSURE


@pytest.mark.parametrize(
    "now",
    [Interval(NOW_MS, None), Interval(NOW_MS, NOW_MS + 2 * HOUR_MS), Interval(0, NOW_MS)],
)
def test_an_uncertain_clock_does_what_the_rulebook_says_of_it(now: Interval) -> None:
    for says in (DENY, REFER):
        found = usual(now=now, rulebooks=rules(uncertain_clock=says))
        if now.earliest_ms == 0:
            found = replace(found, rulebooks=(replace(found.rulebooks[0], effective_from=_EPOCH),))
        assert _judged(PASS, found) == (says, Reason.TIME_UNCERTAIN)


_EPOCH = RULEBOOK.effective_from - timedelta(days=365 * 60)


def test_an_uncertain_day_and_hour_do_what_the_rulebook_says_of_it() -> None:
    midnight = Interval(NOW_MS + 14 * HOUR_MS - 1, NOW_MS + 14 * HOUR_MS)
    wednesdays = presented(days=0b100, expires_s=NOW_S + DAY_S)
    found = usual(now=midnight, rulebooks=rules(uncertain_clock=DENY))
    assert _judged(wednesdays, found) == (DENY, Reason.TIME_UNCERTAIN)
    noon = Interval(NOON_MS - 1, NOON_MS)
    by_hours = rules(replace(ADMITS, schedule=MORNING), uncertain_clock=DENY)
    long_valid = presented(expires_s=NOW_S + DAY_S)
    assert _judged(long_valid, usual(now=noon, rulebooks=by_hours)) == (
        DENY,
        Reason.TIME_UNCERTAIN,
    )


def test_an_uncertain_clock_keeps_nobody_in() -> None:
    found = usual(way=Way.EXIT, now=Interval(NOW_MS, None), rulebooks=rules(uncertain_clock=DENY))
    assert _judged(PASS, found) == UNSURE


def test_without_rules_what_is_wrong_stays_wrong() -> None:
    none = usual(rulebooks=())
    assert _judged(presented(expires_s=NOW_S - 9), none) == (DENY, Reason.EXPIRED)
    assert _judged(PASS, usual(rulebooks=(), is_revoked=True)) == (DENY, Reason.REVOKED)
    for shown in (PASS, RosterMatch(b"subject1"), NationalCode()):
        assert _judged(shown, none) == (REFER, Reason.NO_RULEBOOK)


def test_what_is_kept_of_a_type_that_is_not_named_is_kept_whole() -> None:
    rulebook = replace(RULEBOOK, keeps={PassType.VISITOR: frozenset({Kept.CTI})})
    assert rulebook.kept_of(PassType.VISITOR) == {Kept.CTI}
    assert rulebook.kept_of(PassType.EMPLOYEE) == frozenset(Kept)


def test_a_trial_shows_a_crowd_as_what_it_is() -> None:
    """REFER needs no softening: only DENY is shown as something else."""
    full = replace(book(ADMIT, trial=True), capacity=1)
    verdict = decide(PASS, _inside(usual(rulebooks=(full,)), inside=1))
    assert (verdict.outcome, verdict.shown, verdict.reason) == (REFER, REFER, Reason.FULL)
