"""ADMIT only what is certainly right, DENY only what is certainly not, REFER the rest.

At an exit nobody is kept in; in a trial nobody is kept out, and what would have been is recorded.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.admission import objections
from kiosk.admission.decision import decide
from kiosk.admission.objections import Finding
from kiosk.admission.rulebook import Rulebook, Way
from kiosk.admission.situation import Circumstances
from kiosk.admission.verdict import Outcome, Verdict
from kiosk.instants import Interval
from kiosk.passes.claims import ANY_UNIT, PassType
from kiosk.passes.format import Format
from kiosk.passes.reading import Pass, Refusal
from kiosk.passes.reason import Reason
from tests.kiosk.admission.situations import (
    ADMITS,
    DAY_S,
    HOUR_MS,
    NOW_MS,
    NOW_S,
    PASS,
    PLACE,
    RULEBOOK,
    SIGNER,
    USUAL,
    WEDNESDAY,
    book,
    presented,
    usual,
)

ADMIT, DENY, REFER = Outcome.ADMIT, Outcome.DENY, Outcome.REFER
REFUSALS = (
    Reason.NOT_A_PASS,
    Reason.TOO_LONG,
    Reason.BAD_ENCODING,
    Reason.BAD_STRUCTURE,
    Reason.UNKNOWN_KEY,
    Reason.BAD_SIGNATURE,
    Reason.BAD_CLAIMS,
    Reason.KEY_NOT_IN_FORCE,
)


def _judged(presented: Pass | Refusal, circumstances: Circumstances) -> tuple[Outcome, Reason]:
    verdict = decide(presented, circumstances)
    assert verdict.shown is verdict.outcome
    return verdict.shown, verdict.reason


def test_a_good_pass_is_allowed_by_the_rule_that_says_so() -> None:
    assert decide(PASS, USUAL) == Verdict(ADMIT, ADMIT, Reason.ALLOWED, rulebook=5, rule=0)


@pytest.mark.parametrize("reason", REFUSALS)
def test_what_is_no_pass_is_denied_for_the_stage_that_failed(reason: Reason) -> None:
    verdict = decide(Refusal(Format.GPS1, reason), USUAL)
    assert verdict == Verdict(DENY, DENY, reason)


def test_revoked() -> None:
    assert _judged(PASS, usual(is_revoked=True)) == (DENY, Reason.REVOKED)


@pytest.mark.parametrize(
    ("begins_s", "expires_s", "expected"),
    [
        (NOW_S - 9, NOW_S + 1, (ADMIT, Reason.ALLOWED)),
        (NOW_S - 1, NOW_S + 9, (ADMIT, Reason.ALLOWED)),
        (NOW_S + 1, NOW_S + 9, (DENY, Reason.NOT_YET_VALID)),
        (NOW_S, NOW_S + 9, (REFER, Reason.TIME_UNCERTAIN)),
        (NOW_S - 9, NOW_S - 1, (DENY, Reason.EXPIRED)),
        (NOW_S - 9, NOW_S, (REFER, Reason.TIME_UNCERTAIN)),
        (NOW_S, NOW_S, (REFER, Reason.TIME_UNCERTAIN)),
    ],
)
def test_validity_over_the_whole_interval(
    begins_s: int, expires_s: int, expected: tuple[Outcome, Reason]
) -> None:
    shown = presented(not_before_s=begins_s, expires_s=expires_s)
    assert _judged(shown, usual()) == expected


def test_the_last_millisecond_of_validity_is_the_one_that_was_promised() -> None:
    shown = presented(not_before_s=NOW_S, expires_s=NOW_S + 10)
    begin_ms, end_ms = NOW_MS, NOW_MS + 10_000
    assert decide(shown, usual(now=Interval(begin_ms, end_ms))).shown is ADMIT
    assert decide(shown, usual(now=Interval(begin_ms - 1, end_ms))).shown is REFER
    assert decide(shown, usual(now=Interval(begin_ms, end_ms + 1))).shown is REFER
    assert decide(shown, usual(now=Interval(begin_ms - 2, begin_ms - 1))).shown is DENY
    assert decide(shown, usual(now=Interval(end_ms + 1, end_ms + 1))).shown is DENY


def test_the_signers_key_must_not_be_over() -> None:
    for not_after_s, expected in (
        (NOW_S + 1, (ADMIT, Reason.ALLOWED)),
        (NOW_S, (REFER, Reason.TIME_UNCERTAIN)),
        (NOW_S - 1, (DENY, Reason.KEY_NOT_IN_FORCE)),
    ):
        shown = replace(PASS, signer=replace(SIGNER, not_after_s=not_after_s))
        assert _judged(shown, usual()) == expected


def test_doors_and_units() -> None:
    assert _judged(presented(doors=1 << PLACE.door_bit), usual()) == (ADMIT, Reason.ALLOWED)
    assert _judged(presented(unit=ANY_UNIT), usual()) == (ADMIT, Reason.ALLOWED)
    others = 0xFFFFFFFF ^ 1 << PLACE.door_bit
    for doors in (0, others):
        assert _judged(presented(doors=doors), usual()) == (DENY, Reason.WRONG_DOOR)
    assert _judged(presented(unit=13), usual()) == (DENY, Reason.WRONG_UNIT)


def test_days_of_the_week_are_those_of_the_place() -> None:
    wednesday = 1 << WEDNESDAY
    assert _judged(presented(days=wednesday), usual()) == (ADMIT, Reason.ALLOWED)
    for days in (0, 0b1111111 ^ wednesday):
        assert _judged(presented(days=days), usual()) == (DENY, Reason.WRONG_DAY)


@pytest.mark.parametrize(
    ("timezone", "midnight_utc"),
    [
        ("Asia/Jakarta", datetime(2026, 6, 3, 17, tzinfo=UTC)),
        ("Asia/Makassar", datetime(2026, 6, 3, 16, tzinfo=UTC)),
        ("Asia/Jayapura", datetime(2026, 6, 3, 15, tzinfo=UTC)),
        ("UTC", datetime(2026, 6, 4, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 6, 4, 4, tzinfo=UTC)),
    ],
)
def test_a_day_ends_at_the_midnight_of_the_place(timezone: str, midnight_utc: datetime) -> None:
    midnight_ms = int(midnight_utc.timestamp()) * 1000
    place = replace(PLACE, timezone=ZoneInfo(timezone))
    on_wednesdays = presented(
        days=1 << WEDNESDAY, not_before_s=NOW_S - 9 * DAY_S, expires_s=NOW_S + 9 * DAY_S
    )
    for earliest_ms, latest_ms, expected in (
        (-1, -1, (ADMIT, Reason.ALLOWED)),
        (0, 0, (DENY, Reason.WRONG_DAY)),
        (-1, 0, (REFER, Reason.TIME_UNCERTAIN)),
        (-24 * HOUR_MS, -1, (ADMIT, Reason.ALLOWED)),
        (-24 * HOUR_MS - 1, -1, (REFER, Reason.TIME_UNCERTAIN)),
        (0, 6 * 24 * HOUR_MS - 1, (DENY, Reason.WRONG_DAY)),
        (0, 6 * 24 * HOUR_MS, (REFER, Reason.TIME_UNCERTAIN)),
    ):
        now = Interval(midnight_ms + earliest_ms, midnight_ms + latest_ms)
        there = replace(usual(now=now), place=place)
        assert _judged(on_wednesdays, there) == expected


def test_a_visitor_is_not_let_in_twice_where_the_door_can_know() -> None:
    inside = usual(is_inside=True)
    assert _judged(PASS, inside) == (REFER, Reason.ALREADY_INSIDE)
    unknown = (
        usual(is_inside=True, sees_both_ways=False),
        usual(is_inside=True, way=Way.EXIT),
        usual(is_inside=True, way=Way.BOTH),
    )
    for circumstances in unknown:
        assert decide(PASS, circumstances).reason is Reason.ALLOWED


def test_who_works_here_may_come_in_again() -> None:
    rule = replace(ADMITS, types=frozenset(PassType))
    everybody = usual(is_inside=True, rulebooks=(replace(RULEBOOK, rules=(rule,)),))
    for pass_type in (PassType.OFFICER, PassType.EMPLOYEE):
        assert decide(presented(pass_type=pass_type), everybody).reason is Reason.ALLOWED


def test_the_first_rule_that_applies_decides() -> None:
    rules = (
        replace(ADMITS, types=frozenset({PassType.EMPLOYEE})),
        replace(ADMITS, formats=frozenset()),
        replace(ADMITS, outcome=REFER),
        ADMITS,
    )
    verdict = decide(PASS, usual(rulebooks=(replace(RULEBOOK, rules=rules),)))
    assert verdict == Verdict(REFER, REFER, Reason.RULE_REFERS, rulebook=5, rule=2)
    verdict = decide(PASS, usual(rulebooks=(book(DENY),)))
    assert verdict == Verdict(DENY, DENY, Reason.RULE_DENIES, rulebook=5, rule=0)
    verdict = decide(PASS, usual(rulebooks=(book(),)))
    assert verdict == Verdict(DENY, DENY, Reason.NOT_ALLOWED, rulebook=5)


def test_without_a_rulebook_in_force_the_officer_decides() -> None:
    expected = Verdict(REFER, REFER, Reason.NO_RULEBOOK)
    nowhere: tuple[tuple[Rulebook, ...], ...] = (
        (),
        (book(ADMIT, from_ms=NOW_MS + 501),),
        (book(ADMIT, from_ms=NOW_MS),),
        (book(ADMIT, site_kinds=frozenset({"pantai"})),),
    )
    for rulebooks in nowhere:
        assert decide(PASS, usual(rulebooks=rulebooks)) == expected


def test_a_rulebook_is_for_its_kinds_of_site() -> None:
    here, elsewhere = frozenset({"pantai", "balai-kota"}), frozenset({"pantai"})
    newer_elsewhere = book(DENY, version=6, from_ms=NOW_MS - HOUR_MS, site_kinds=elsewhere)
    rulebooks = (newer_elsewhere, book(ADMIT, site_kinds=here))
    assert decide(PASS, usual(rulebooks=rulebooks)).reason is Reason.ALLOWED


def test_of_two_rulebooks_of_one_day_the_newer_version_counts() -> None:
    rulebooks = (book(DENY, version=7), book(ADMIT, version=8))
    for order in (rulebooks, rulebooks[::-1]):
        assert decide(PASS, usual(rulebooks=order)).rulebook == 8


def test_a_pass_for_every_day_is_for_a_day_that_is_not_known() -> None:
    for latest_ms in (None, NOW_MS + 30 * 24 * HOUR_MS):
        now = usual(now=Interval(NOW_MS, latest_ms))
        assert objections.day(PASS, now, REFER) is None
        some_days = objections.day(presented(days=0b0111111), now, REFER)
        assert some_days == Finding(REFER, Reason.TIME_UNCERTAIN)


def test_no_upper_bound_of_time_never_admits() -> None:
    now = Interval(NOW_MS, None)
    forever = presented(not_before_s=0, expires_s=2**40)
    assert _judged(forever, usual(now=now)) == (REFER, Reason.TIME_UNCERTAIN)
    assert _judged(presented(expires_s=NOW_S - 1), usual(now=now)) == (DENY, Reason.EXPIRED)


@pytest.mark.parametrize(
    ("claims", "reason"),
    [({"doors": 0}, Reason.WRONG_DOOR), ({"unit": 13}, Reason.WRONG_UNIT)],
)
def test_what_is_wrong_at_any_time_is_denied_though_the_time_is_uncertain(
    claims: dict[str, int], reason: Reason
) -> None:
    for now in (Interval(NOW_MS, None), Interval(NOW_MS, NOW_MS + 2 * HOUR_MS)):
        assert _judged(presented(**claims), usual(now=now)) == (DENY, reason)


def test_what_no_rule_allows_at_any_time_is_denied_though_the_time_is_uncertain() -> None:
    now = Interval(NOW_MS, NOW_MS + 2 * HOUR_MS)
    verdict = _judged(PASS, usual(now=now, rulebooks=(book(DENY),)))
    assert verdict == (DENY, Reason.RULE_DENIES)


def test_of_two_objections_the_first_is_the_reason() -> None:
    expired = presented(expires_s=NOW_S - 9, doors=0, unit=13)
    assert _judged(expired, usual(is_revoked=True)) == (DENY, Reason.REVOKED)
    assert _judged(expired, usual()) == (DENY, Reason.EXPIRED)


def test_in_a_trial_a_no_is_shown_as_please_help_and_kept_as_no() -> None:
    trial = usual(rulebooks=(book(DENY, trial=True),))
    assert decide(PASS, trial) == Verdict(DENY, REFER, Reason.RULE_DENIES, rulebook=5, rule=0)
    expired = decide(presented(expires_s=NOW_S - 9), trial)
    assert (expired.outcome, expired.shown, expired.reason) == (DENY, REFER, Reason.EXPIRED)


@pytest.mark.parametrize("reason", REFUSALS)
def test_in_a_trial_nobody_is_kept_out_for_a_code_that_is_no_pass(reason: Reason) -> None:
    trial = usual(rulebooks=(book(ADMIT, trial=True),))
    verdict = decide(Refusal(Format.GPS1, reason), trial)
    assert (verdict.outcome, verdict.shown, verdict.reason) == (DENY, REFER, reason)


def test_a_code_that_is_no_pass_is_denied_while_the_trial_may_be_over() -> None:
    after = book(ADMIT, version=6, from_ms=NOW_MS)
    may_be_over = usual(rulebooks=(book(ADMIT, trial=True), after))
    verdict = decide(Refusal(Format.NONE, Reason.NOT_A_PASS), may_be_over)
    assert (verdict.outcome, verdict.shown, verdict.reason) == (DENY, DENY, Reason.NOT_A_PASS)


def test_a_trial_changes_nothing_else() -> None:
    for outcome in (ADMIT, REFER):
        assert _judged(PASS, usual(rulebooks=(book(outcome, trial=True),)))[0] is outcome


@pytest.mark.parametrize("reason", REFUSALS)
def test_at_an_exit_what_is_no_pass_is_referred(reason: Reason) -> None:
    verdict = _judged(Refusal(Format.NONE, reason), usual(way=Way.EXIT))
    assert verdict == (REFER, reason)


spans = st.integers(-3 * DAY_S, 3 * DAY_S).map(lambda seconds: NOW_S + seconds)
passes = st.builds(
    presented,
    not_before_s=spans,
    expires_s=spans,
    pass_type=st.sampled_from(PassType),
    doors=st.sampled_from([0, 1 << PLACE.door_bit, 0xFFFFFFFF]),
    unit=st.sampled_from([0, 12, 13]),
    days=st.integers(0, 127),
)
shown = passes | st.builds(Refusal, st.sampled_from(Format), st.sampled_from(REFUSALS))
widths_ms = st.sampled_from([0, 1, 1000, HOUR_MS, 24 * HOUR_MS, 8 * 24 * HOUR_MS])
intervals = st.builds(
    lambda start_s, width_ms: Interval(start_s * 1000, start_s * 1000 + width_ms), spans, widths_ms
)
rulebooks = st.lists(
    st.builds(
        book,
        st.none() | st.sampled_from(Outcome),
        from_ms=spans.map(lambda seconds: seconds * 1000),
        version=st.integers(1, 9),
        trial=st.booleans(),
        site_kinds=st.sampled_from([frozenset(), frozenset({"balai-kota"}), frozenset({"x"})]),
    ),
    max_size=3,
)
circumstances = st.builds(
    usual,
    way=st.sampled_from(Way),
    now=intervals | intervals.map(lambda now: Interval(now.earliest_ms, None)),
    rulebooks=rulebooks,
    is_revoked=st.booleans(),
    is_inside=st.booleans(),
    sees_both_ways=st.booleans(),
)


@settings(deadline=None)
@given(shown, circumstances)
def test_at_an_exit_nobody_is_ever_kept_in(code: Pass | Refusal, found: Circumstances) -> None:
    leaving = replace(found, place=replace(PLACE, way=Way.EXIT))
    verdict = decide(code, leaving)
    assert DENY not in (verdict.outcome, verdict.shown)
    assert isinstance(code, Pass) or verdict.shown is REFER


@settings(deadline=None)
@given(shown, circumstances)
def test_only_a_trial_shows_another_verdict_than_it_records(
    code: Pass | Refusal, found: Circumstances
) -> None:
    verdict = decide(code, found)
    if verdict.shown is not verdict.outcome:
        assert (verdict.outcome, verdict.shown) == (DENY, REFER)
        assert any(rulebook.trial for rulebook in found.rulebooks)


@settings(deadline=None)
@given(passes, circumstances, st.lists(st.floats(0, 1), min_size=3, max_size=3))
def test_who_is_admitted_would_be_at_every_instant_of_the_interval(
    code: Pass, found: Circumstances, fractions: list[float]
) -> None:
    verdict = decide(code, found)
    now = found.now
    if verdict.shown is not ADMIT:
        return
    assert now.latest_ms is not None
    width_ms = now.latest_ms - now.earliest_ms
    for fraction in (0.0, 1.0, *fractions):
        instant_ms = now.earliest_ms + round(width_ms * fraction)
        then = replace(found, now=Interval(instant_ms, instant_ms))
        assert decide(code, then).shown is ADMIT
        assert not found.is_revoked
        assert code.claims.not_before_s * 1000 <= instant_ms <= code.claims.expires_s * 1000


@settings(deadline=None)
@given(passes, circumstances, st.lists(st.floats(0, 1), min_size=3, max_size=3))
def test_who_is_denied_would_be_admitted_at_no_instant_of_the_interval(
    code: Pass, found: Circumstances, fractions: list[float]
) -> None:
    now = found.now
    if decide(code, found).outcome is not DENY:
        return
    width_ms = now.width_ms if now.width_ms is not None else 9 * 24 * HOUR_MS
    for fraction in (0.0, 1.0, *fractions):
        instant_ms = now.earliest_ms + round(width_ms * fraction)
        then = replace(found, now=Interval(instant_ms, instant_ms))
        assert decide(code, then).shown is not ADMIT


@settings(deadline=None)
@given(passes, circumstances)
def test_an_instant_that_is_known_is_never_uncertain(code: Pass, found: Circumstances) -> None:
    instant = Interval(found.now.earliest_ms, found.now.earliest_ms)
    assert decide(code, replace(found, now=instant)).reason is not Reason.TIME_UNCERTAIN


@settings(deadline=None)
@given(shown, circumstances)
def test_a_code_that_is_no_pass_and_a_revoked_one_are_never_green(
    code: Pass | Refusal, found: Circumstances
) -> None:
    verdict = decide(code, replace(found, is_revoked=True))
    assert verdict.shown is not ADMIT


def test_a_rulebook_from_another_zone_begins_at_its_own_instant() -> None:
    zone = ZoneInfo("Asia/Jayapura")
    begins = datetime.fromtimestamp(NOW_S, zone) + timedelta(milliseconds=501)
    later = replace(book(DENY, version=6), effective_from=begins)
    assert decide(PASS, usual(rulebooks=(book(ADMIT), later))).shown is ADMIT
