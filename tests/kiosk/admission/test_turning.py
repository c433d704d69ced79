"""A turning code is good for its half minute, give or take a minute, and once.

Where the kiosk itself does not know the time so well, it counts as a static pass: no more, no less.
"""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.admission.decision import decide
from kiosk.admission.objections import MOST_UNCERTAIN_MS, Finding, counts_as_turning, used_slot
from kiosk.admission.objections import slot as slot_objection
from kiosk.admission.rulebook import ALL_FORMATS, Way
from kiosk.admission.situation import Circumstances
from kiosk.admission.verdict import Outcome
from kiosk.instants import Interval
from kiosk.passes.reading import NationalCode
from kiosk.passes.reason import Reason
from tests.kiosk.admission.situations import (
    ADMITS,
    CLAIMS,
    DAY_S,
    NOW_MS,
    NOW_S,
    PASS,
    rules,
    turning,
    usual,
)

ADMIT, DENY, REFER = Outcome.ADMIT, Outcome.DENY, Outcome.REFER
RULEBOOKS = rules(replace(ADMITS, formats=ALL_FORMATS))
SLOT = NOW_S // 30
BEGINS_MS = SLOT * 30_000
Judged = tuple[Outcome, Reason]
TOO_OLD: Judged = (DENY, Reason.CODE_TOO_OLD)
GOOD: Judged = (ADMIT, Reason.ALLOWED)
UNSURE: Judged = (REFER, Reason.TIME_UNCERTAIN)


def _at(earliest_ms: int, latest_ms: int | None, *, last_slot: int = 0) -> Circumstances:
    found = usual(now=Interval(earliest_ms, latest_ms), rulebooks=RULEBOOKS)
    return replace(found, presence=replace(found.presence, last_slot=last_slot))


def _judged(slot: int, found: Circumstances, **claims: object) -> Judged:
    verdict = decide(turning(slot, **claims), found)
    return verdict.shown, verdict.reason


@pytest.mark.parametrize(
    ("after_ms", "expected"),
    [
        (-60_001, TOO_OLD),
        (-60_000, GOOD),
        (0, GOOD),
        (29_999, GOOD),
        (90_000, GOOD),
        (90_001, TOO_OLD),
        (3_000_000, TOO_OLD),
    ],
)
def test_a_code_is_good_from_a_minute_before_its_slot_to_a_minute_after(
    after_ms: int, expected: Judged
) -> None:
    at_ms = BEGINS_MS + after_ms
    assert _judged(SLOT, _at(at_ms, at_ms)) == expected


@settings(deadline=None)
@given(st.integers(0, 10**9))
def test_a_photograph_of_a_code_from_a_right_phone_is_dead_after_90_s(taken_at_ms: int) -> None:
    code = turning((NOW_MS + taken_at_ms) // 30_000, expires_s=NOW_S + 10**7)
    later_ms = NOW_MS + taken_at_ms + 90_001
    verdict = decide(code, _at(later_ms, later_ms))
    assert (verdict.shown, verdict.reason) == TOO_OLD


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(-60_000, 60_000))
def test_a_phone_one_minute_wrong_works(at_ms: int, wrong_ms: int) -> None:
    now_ms = NOW_MS + at_ms
    shown = (now_ms + wrong_ms) // 30_000
    assert _judged(shown, _at(now_ms, now_ms)) == GOOD


def test_over_an_interval_the_code_must_be_good_at_every_instant() -> None:
    first_ms, last_ms = BEGINS_MS - 60_000, BEGINS_MS + 90_000
    assert _judged(SLOT, _at(first_ms, first_ms + 120_000)) == GOOD
    assert _judged(SLOT, _at(last_ms - 120_000, last_ms)) == GOOD
    assert _judged(SLOT, _at(first_ms - 1, first_ms)) == UNSURE
    assert _judged(SLOT, _at(last_ms, last_ms + 1)) == UNSURE
    assert _judged(SLOT, _at(last_ms + 1, last_ms + 120_001)) == TOO_OLD
    assert _judged(SLOT, _at(first_ms - 120_001, first_ms - 1)) == TOO_OLD


def test_after_one_was_accepted_only_later_ones_are() -> None:
    found = _at(NOW_MS, NOW_MS, last_slot=SLOT)
    for slot in (SLOT - 1, SLOT):
        assert _judged(slot, found) == (DENY, Reason.CODE_SEEN)
    assert _judged(SLOT + 1, found) == GOOD
    assert _judged(SLOT - 9, found) == TOO_OLD


def test_the_first_slot_of_all_is_one_like_any_other() -> None:
    """Of 1970: it ends at half a minute, and a minute of grace later it is over."""
    for at_ms, expected in ((90_000, None), (90_001, Finding(DENY, Reason.CODE_TOO_OLD))):
        now = Interval(at_ms, at_ms)
        found = usual(now=now)
        found = replace(found, presence=replace(found.presence, last_slot=-1))
        assert slot_objection(turning(0), found, REFER) == expected
        assert used_slot(turning(0), now) == 0


def test_where_the_time_is_known_to_no_more_than_two_minutes_it_counts_as_static() -> None:
    wide = MOST_UNCERTAIN_MS + 1
    for slot in (0, SLOT - 1000, SLOT, SLOT + 1000):
        assert _judged(slot, _at(NOW_MS, NOW_MS + wide)) == GOOD
        assert _judged(slot, _at(NOW_MS, NOW_MS + wide, last_slot=SLOT)) == GOOD
    assert _judged(SLOT - 1000, _at(NOW_MS, NOW_MS + wide - 1)) == TOO_OLD


@settings(deadline=None)
@given(st.integers(-(10**6), 10**6), st.integers(0, 10**8) | st.none(), st.integers(0, 5))
def test_a_pass_that_is_over_or_not_begun_is_never_green_whatever_its_slot(
    slot: int, width_ms: int | None, last: int
) -> None:
    now = Interval(NOW_MS, None if width_ms is None else NOW_MS + width_ms)
    found = _at(now.earliest_ms, now.latest_ms, last_slot=SLOT + last - 2)
    shown, _reason = _judged(SLOT + slot, found, expires_s=NOW_S - 1, not_before_s=NOW_S - DAY_S)
    assert shown is DENY
    begun_s = NOW_S + 10**6
    shown, _reason = _judged(SLOT + slot, found, not_before_s=begun_s, expires_s=begun_s + 9)
    assert shown is not ADMIT
    unsigned = replace(turning(SLOT + slot), signer=replace(PASS.signer, not_after_s=NOW_S - 1))
    assert decide(unsigned, found).shown is DENY


@settings(deadline=None)
@given(st.integers(-(10**4), 10**4), st.integers(0, 10**6), st.integers(-3, 3))
def test_a_turning_pass_is_green_only_where_a_static_one_would_be(
    slot: int, width_ms: int, last: int
) -> None:
    found = _at(NOW_MS, NOW_MS + width_ms, last_slot=SLOT + last)
    for expires_s in (NOW_S, NOW_S + 60, NOW_S + 3600):
        if _judged(SLOT + slot, found, expires_s=expires_s)[0] is ADMIT:
            static = replace(turning(0, expires_s=expires_s), slot=None)
            assert decide(static, found).shown is ADMIT


def test_at_an_exit_an_old_code_keeps_nobody_in() -> None:
    found = _at(NOW_MS, NOW_MS, last_slot=SLOT)
    leaving = replace(found, place=replace(found.place, way=Way.EXIT))
    assert _judged(SLOT - 9, leaving) == (REFER, Reason.CODE_TOO_OLD)
    assert _judged(SLOT, leaving) == (REFER, Reason.CODE_SEEN)


def test_a_static_pass_has_no_slot_to_judge() -> None:
    static = replace(PASS, claims=CLAIMS)
    assert not counts_as_turning(static, Interval(NOW_MS, NOW_MS))
    assert decide(static, _at(NOW_MS, NOW_MS, last_slot=SLOT)).shown is ADMIT
    assert used_slot(static, Interval(NOW_MS, NOW_MS)) == 0
    assert used_slot(NationalCode(), Interval(NOW_MS, NOW_MS)) == 0


def test_a_code_of_another_time_uses_nothing_up() -> None:
    """A phone whose clock is set right must not find its slots used by those that were ahead."""
    now = Interval(NOW_MS, NOW_MS)
    assert used_slot(turning(SLOT), now) == SLOT
    assert used_slot(turning(SLOT + 2), now) == SLOT + 2
    for far in (SLOT + 100, SLOT - 100):
        assert used_slot(turning(far), now) == 0
    wide = Interval(NOW_MS, NOW_MS + MOST_UNCERTAIN_MS + 1)
    assert used_slot(turning(SLOT), wide) == used_slot(turning(SLOT), Interval(0, None)) == 0
